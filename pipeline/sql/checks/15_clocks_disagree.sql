-- name: clocks_disagree
-- severity: warn
-- title_ru: Часы расходятся с Авито
-- title_en: The clocks disagree with Avito's
-- means_ru: Сообщение получено раньше, чем написано, больше чем на пять секунд: часы этой машины отстают. Время ответа
--   по таким дням занижено. Проверьте синхронизацию времени.
-- means_en: A message was received more than five seconds before it was written: the clock of this machine is slow. The
--   waiting times of such days are too short. Check how the machine keeps time.
-- version: 1
SELECT date_trunc('day', "at") AS day, count(*) AS messages,
       max(epoch("at") - epoch(received_at)) AS most_seconds, median(epoch("at") - epoch(received_at)) AS median_seconds
FROM lake.main.event_log
WHERE kind IN ('message.received', 'message.sent') AND seq > $after
  AND received_at < "at" - INTERVAL 5 SECOND
GROUP BY day
ORDER BY day DESC
