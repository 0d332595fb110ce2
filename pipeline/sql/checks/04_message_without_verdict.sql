-- name: message_without_verdict
-- severity: stop
-- title_ru: Сообщения клиентов без итога
-- title_en: Client messages without a verdict
-- means_ru: У каждого сообщения клиента ровно один итог; здесь те, у кого его нет больше суток. Откройте эти чаты:
--   возможно, клиенту никто не ответил. Сообщения до первого запуска службы не в счёт.
-- means_en: Each client message ends in exactly one verdict; these have had none for more than a day. Open the chats:
--   perhaps nobody answered. Messages from before the service first started do not count.
-- version: 1
SELECT m.message_id, m.chat_id, m."at", m."type"
FROM lake.main.event_log AS m
WHERE m.kind = 'message.received' AND m.seq > $after
  AND m.author = 'client'
  AND m."type" IN ('text', 'image', 'link', 'item', 'location', 'voice', 'file', 'video', 'appCall')
  AND m.received_at < CAST($now AS TIMESTAMP) - INTERVAL 24 HOUR
  AND m.seq > (SELECT min(seq) FROM lake.main.event_log WHERE kind = 'bot.started')
  AND NOT EXISTS (
      FROM lake.main.event_log AS v
      WHERE v.kind = 'verdict.given' AND v.seq > $context AND v.message_id = m.message_id
  )
ORDER BY m."at"
