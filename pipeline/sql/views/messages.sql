-- Every line of every chat, one row per message; the last attribution decides who wrote it. Taken-back ones stay.
SELECT
    e.message_id,
    e."at",
    e.account_id,
    e.listing_id,
    e.chat_id,
    coalesce(a.author, e.author) AS author,
    e."type"                     AS kind,
    e.body ->> '$.text'          AS "text"
FROM lake.main.event_log AS e
LEFT JOIN (
    SELECT message_id, arg_max(author, seq) AS author
    FROM lake.main.event_log
    WHERE kind = 'message.attributed'
    GROUP BY message_id
) AS a ON a.message_id = e.message_id
WHERE e.kind IN ('message.received', 'message.sent')
