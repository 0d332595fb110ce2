-- The same, each with its place in the chat and the number of its dialog: a dialog begins with a line after the log's
-- silence, and what is no line belongs to the newest dialog that had begun. `answers_before` is how many seller's lines came
-- before in the chat: a burst and its answer have the same number. `grounds` counts dialogs that are not told here.
SELECT
    t.* EXCLUDE (fresh),
    coalesce(g.dialogs, 0) + count(*) FILTER (t.fresh) OVER (
        PARTITION BY t.chat_id ORDER BY t.place ROWS UNBOUNDED PRECEDING
    ) AS dialog_number
FROM (
    SELECT
        *,
        row_number() OVER in_chat AS place,
        what = 'line' AND coalesce("at" - max("at") FILTER (what = 'line') OVER before > silence(), true) AS fresh,
        count(*) FILTER (answers) OVER before AS answers_before
    FROM told
    WINDOW
        in_chat AS (PARTITION BY chat_id ORDER BY moment, what <> 'line', seq),
        before AS (
            PARTITION BY chat_id ORDER BY moment, what <> 'line', seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )
) AS t
LEFT JOIN grounds AS g ON g.chat_id = t.chat_id
