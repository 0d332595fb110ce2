-- When the first and the last line was written.
SELECT min(began_at) AS "first", max(last_at) AS "last"
FROM kept.dialogs
