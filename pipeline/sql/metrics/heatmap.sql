-- name: heatmap
-- title_ru: Когда пишут клиенты
-- title_en: When clients write
-- asks_ru: В какие часы и дни недели клиенты начинают диалоги и пишут?
-- asks_en: At which hours and weekdays do clients begin dialogs, and write?
-- grain: one row per weekday (1 Monday to 7 Sunday) and hour (0 to 23) on the clock of the zone, empty ones too
-- unit: dialogs; messages
-- denominator: none
-- notes_ru: Суммы за всё окно по часам выбранного пояса.
-- notes_en: Sums over the whole window, by the hours of the chosen zone.
-- version: 1
WITH written AS (
    SELECT
        isodow(local_time("at", $zone)) AS weekday,
        hour(local_time("at", $zone))   AS hour,
        count(*)                        AS messages
    FROM messages
    WHERE author = 'client'
      AND "at" >= $start AND "at" < $end
      AND (CAST($account AS BIGINT) IS NULL OR account_id = $account)
      AND (CAST($listing AS BIGINT) IS NULL OR listing_id = $listing)
    GROUP BY ALL
),

begun AS (
    SELECT
        isodow(local_time(opened_at, $zone)) AS weekday,
        hour(local_time(opened_at, $zone))   AS hour,
        count(*)                             AS dialogs
    FROM dialogs
    WHERE opened_at >= $start AND opened_at < $end
      AND (CAST($account AS BIGINT) IS NULL OR account_id = $account)
      AND (CAST($listing AS BIGINT) IS NULL OR listing_id = $listing)
    GROUP BY ALL
)

SELECT
    w.weekday,
    h.hour,
    coalesce(b.dialogs, 0)  AS dialogs,
    coalesce(m.messages, 0) AS messages
FROM range(1, 8) AS w (weekday)
CROSS JOIN range(24) AS h (hour)
LEFT JOIN begun AS b ON b.weekday = w.weekday AND b.hour = h.hour
LEFT JOIN written AS m ON m.weekday = w.weekday AND m.hour = h.hour
ORDER BY w.weekday, h.hour
