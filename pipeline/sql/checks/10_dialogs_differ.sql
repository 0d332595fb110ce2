-- name: dialogs_differ
-- severity: stop
-- title_ru: Диалоги, которые не сходятся с событиями
-- title_en: Dialogs that do not agree with the events
-- means_ru: Таблица диалогов ведётся по мере событий. Для пятидесяти чатов она пересчитана из самих сообщений, и в этих
--   чатах сообщений клиента или их времени другое: показатели по диалогам неверны. Постройте таблицу заново.
-- means_en: The table of dialogs is kept up to date as events arrive. For fifty chats it was counted anew from the
--   messages themselves, and in these the client's messages or their times are others: numbers of dialogs are wrong.
--   Build the table anew.
-- version: 1
-- Other chats each hour; only such whose beginning is among the events that are looked at.
WITH chosen AS (
    SELECT DISTINCT chat_id
    FROM lake.main.event_log
    WHERE kind = 'message.received' AND author = 'client' AND seq > $after
      AND ($context = 0 OR chat_id IN (
          SELECT chat_id FROM lake.main.event_log WHERE kind = 'chat.opened' AND seq > $context
      ))
    ORDER BY hash(chat_id || strftime(CAST($now AS TIMESTAMP), '%Y-%m-%d %H'))
    LIMIT 50
),

said AS (
    SELECT chat_id, count(*) AS messages, min("at") AS first_at, max("at") AS last_at
    FROM lake.main.event_log
    WHERE kind = 'message.received' AND author = 'client' AND seq > $context AND chat_id IN (FROM chosen)
    GROUP BY chat_id
),

kept AS (
    SELECT chat_id, sum(client_messages) AS messages, min(opened_at) AS first_at, max(last_client_at) AS last_at
    FROM dialogs
    WHERE chat_id IN (FROM chosen)
    GROUP BY chat_id
)

SELECT s.chat_id, s.messages AS messages_in_events, CAST(k.messages AS BIGINT) AS messages_in_dialogs,
       s.first_at, k.first_at AS first_in_dialogs, s.last_at, k.last_at AS last_in_dialogs
FROM said AS s
LEFT JOIN kept AS k ON k.chat_id = s.chat_id
WHERE (s.messages, s.first_at, s.last_at) IS DISTINCT FROM (k.messages, k.first_at, k.last_at)
ORDER BY s.chat_id
