-- name: heatmap
-- title_ru: Когда пишут клиенты
-- title_en: When clients write
-- asks_ru: В какие часы и дни недели клиенты начинают диалоги и пишут?
-- asks_en: At which hours and weekdays do clients begin dialogs, and write?
-- grain: one row per weekday (1 Monday to 7 Sunday) and hour (0 to 23) on the clock of the zone, empty ones too
-- grain_ru: одна строка на день недели (1 — понедельник, 7 — воскресенье) и час (от 0 до 23) по часам пояса, пустые тоже
-- unit: dialogs; messages
-- unit_ru: диалоги; сообщения
-- denominator: none
-- denominator_ru: нет
-- notes_ru: Суммы за всё окно по часам выбранного пояса.
-- notes_en: Sums over the whole window, by the hours of the chosen zone.
-- version: 1
-- opens: begun
-- counts: dialogs
WITH begun AS (
    SELECT
        dialog_id,
        isodow(local_time(opened_at, $zone, $offset)) AS weekday,
        hour(local_time(opened_at, $zone, $offset))   AS hour
    FROM dialogs
    WHERE opened_at >= $start AND opened_at < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing)
),

written AS (
    SELECT
        isodow(local_time("at", $zone, $offset)) AS weekday,
        hour(local_time("at", $zone, $offset))   AS hour,
        count(*)                                 AS messages
    FROM lake.main.event_log
    WHERE kind = 'message.received' AND author = 'client'
      AND "at" >= $start AND "at" < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing)
    GROUP BY ALL
),

counted AS (
    SELECT weekday, hour, count(*) AS dialogs
    FROM begun
    GROUP BY weekday, hour
)

SELECT
    w.weekday,
    h.hour,
    coalesce(b.dialogs, 0)  AS dialogs,
    coalesce(m.messages, 0) AS messages
FROM range(1, 8) AS w (weekday)
CROSS JOIN range(24) AS h (hour)
LEFT JOIN counted AS b ON b.weekday = w.weekday AND b.hour = h.hour
LEFT JOIN written AS m ON m.weekday = w.weekday AND m.hour = h.hour
ORDER BY w.weekday, h.hour
