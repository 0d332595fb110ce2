-- name: verdict_without_message
-- severity: stop
-- title_ru: Итоги сообщений, которых нет
-- title_en: Verdicts of messages that are not there
-- means_ru: Итог есть, а сообщения нет: часть журнала потеряна, или сообщение записано не от клиента.
-- means_en: There is a verdict but no message: a part of the log is lost, or the message was taken down as somebody
--   else's than the client's.
-- version: 1
SELECT v.message_id, v.chat_id, v."at", v.verdict
FROM lake.main.event_log AS v
WHERE v.kind = 'verdict.given' AND v.seq > $after
  AND NOT EXISTS (
      FROM lake.main.event_log AS m
      WHERE m.kind = 'message.received' AND m.seq > $context AND m.author = 'client' AND m.message_id = v.message_id
  )
ORDER BY v."at"
