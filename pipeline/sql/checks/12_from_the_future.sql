-- name: from_the_future
-- severity: warn
-- title_ru: События из будущего
-- title_en: Events from the future
-- means_ru: Момент события позже, чем сейчас. Часы этой машины или Авито идут неверно: последние часы на графиках
--   могут врать. Проверьте синхронизацию времени.
-- means_en: The moment of the event is yet to come. The clock of this machine or of Avito is wrong: the last hours of
--   charts may be, too. Check how the machine keeps time.
-- version: 1
SELECT seq, "at", kind, account_id, chat_id
FROM lake.main.event_log
WHERE "at" > CAST($now AS TIMESTAMP) + INTERVAL 5 MINUTE AND seq > $after
ORDER BY "at" DESC
