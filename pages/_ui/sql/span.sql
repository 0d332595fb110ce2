-- When the first and the last line was written.
SELECT min("at") AS "first", max("at") AS "last"
FROM lake.main.event_log
WHERE kind IN ('message.received', 'message.sent')
