-- Every lead with the number of the dialog that it was made in; `phone_at` is when its phone was known.
SELECT l.*, d.dialog_number
FROM (
    SELECT
        chat_id,
        lead_id,
        min(seq)                               AS seq,
        min("at")                              AS "at",
        coalesce(arg_max(state, seq), 'new')   AS state,
        min("at") FILTER (list_contains(CAST(body -> '$.fields' AS VARCHAR[]), 'phone')) AS phone_at
    FROM lake.main.event_log
    WHERE kind IN ('lead.created', 'lead.completed', 'lead.changed')
    GROUP BY chat_id, lead_id
) AS l
ASOF JOIN (
    SELECT chat_id, dialog_number, min("at") - clock_skew() AS "from" FROM dialog_lines GROUP BY ALL
) AS d ON d.chat_id = l.chat_id AND d."from" <= l."at"
