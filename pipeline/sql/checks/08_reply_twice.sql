-- name: reply_twice
-- severity: stop
-- title_ru: Ответы, отправленные дважды
-- title_en: Replies that were sent twice
-- means_ru: Один ответ отправляется ровно один раз. Здесь один ответ стал двумя сообщениями: клиент мог увидеть повтор.
-- means_en: A reply is sent exactly once. Here one reply became two messages: the client may have seen it twice.
-- version: 1
WITH sent_again AS (
    SELECT reply_id
    FROM lake.main.event_log
    WHERE kind = 'reply.sent' AND seq > $context
    GROUP BY reply_id
    HAVING count(*) > 1 AND max(seq) > $after
)

SELECT reply_id, min(chat_id) AS chat_id, count(DISTINCT body ->> '$.sent_message_id') AS times, max("at") AS last_at
FROM lake.main.event_log
WHERE kind = 'reply.sent' AND reply_id IN (FROM sent_again)
GROUP BY reply_id
HAVING times > 1
ORDER BY last_at
