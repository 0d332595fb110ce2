-- Every line of every chat, one row per message; the last attribution decides who wrote it. Taken-back ones stay.
SELECT
    e.message_id,
    e."at",
    e.account_id,
    e.listing_id,
    e.chat_id,
    coalesce(c.author, e.author) AS author,
    e."type"                     AS kind,
    e.body ->> '$.text'          AS "text"
FROM lake.main.event_log AS e
LEFT JOIN kept.corrected AS c ON c.seq = e.seq
WHERE e.kind IN ('message.received', 'message.sent')
