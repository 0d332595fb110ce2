-- name: unknown_kind
-- severity: warn
-- title_ru: Неизвестные виды событий
-- title_en: Unknown kinds of events
-- means_ru: Журнал пишет более новая версия, чем та, что его читает: эти события не попали ни в один показатель. Обновите
--   панель.
-- means_en: What writes the log is newer than what reads it: no metric counts these events. Bring the dashboard up to
--   date.
-- version: 1
SELECT kind, count(*) AS events, min("at") AS first_at, max("at") AS last_at
FROM lake.main.event_log
WHERE seq > $after
GROUP BY kind
HAVING NOT list_contains($kinds, kind)
ORDER BY kind
