-- name: reply_to_nobody
-- severity: warn
-- title_ru: Ответы без сообщения
-- title_en: Replies to no message
-- means_ru: Ассистент ответил на сообщения, но ни одно из них не отмечено этим ответом: доля отвеченных занижена.
-- means_en: The assistant answered messages, and none of them names this reply: the share of answered is too low.
-- version: 1
SELECT s.reply_id, s.chat_id, s."at"
FROM lake.main.event_log AS s
JOIN lake.main.event_log AS i
    ON i.kind = 'reply.intended' AND i.seq > $context AND i.reply_id = s.reply_id
WHERE s.kind = 'reply.sent' AND s.seq > $after
  AND i.author = 'assistant'
  AND CAST(i.body ->> '$.covers' AS BIGINT) > 0
  AND s."at" < CAST($now AS TIMESTAMP) - INTERVAL 1 HOUR
  AND NOT EXISTS (
      FROM lake.main.event_log AS v
      WHERE v.kind = 'verdict.given' AND v.seq > $context AND v.reply_id = s.reply_id
  )
ORDER BY s."at"
