-- name: reply_not_in_chat
-- severity: stop
-- title_ru: Ответы, которых нет в чате
-- title_en: Replies that are not in the chat
-- means_ru: Журнал ответов считает ответ отправленным, но такого сообщения в чате нет. Клиент мог остаться без ответа:
--   откройте чат.
-- means_en: The ledger takes the reply for sent, but the chat has no such message. The client may be without an answer:
--   open the chat.
-- version: 1
SELECT reply_id, chat_id, "at", sent_message_id
FROM (
    SELECT reply_id, chat_id, "at", body ->> '$.sent_message_id' AS sent_message_id
    FROM lake.main.event_log
    WHERE kind = 'reply.sent' AND seq > $after
      AND "at" < CAST($now AS TIMESTAMP) - INTERVAL 1 HOUR
) AS r
WHERE NOT EXISTS (
    FROM lake.main.event_log AS m
    WHERE m.kind = 'message.sent' AND m.seq > $context AND m.message_id = r.sent_message_id
)
ORDER BY "at"
