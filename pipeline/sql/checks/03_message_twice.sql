-- name: message_twice
-- severity: stop
-- title_ru: Сообщения, записанные дважды
-- title_en: Messages that are there twice
-- means_ru: Каждое сообщение Авито — одна строка. Повтор завышает счётчики сообщений и портит время ответа.
-- means_en: Each message of Avito is one row. A repeat makes counts of messages too high and spoils the waiting times.
-- version: 1
SELECT message_id, count(*) AS times, min(chat_id) AS chat_id, max("at") AS last_at
FROM lake.main.event_log
WHERE kind IN ('message.received', 'message.sent') AND seq > $context
GROUP BY message_id
HAVING count(*) > 1 AND max(seq) > $after
ORDER BY last_at
