-- name: conversion_by_hour
-- title_ru: Конверсия по часам
-- title_en: Conversion by hour
-- asks_ru: В какие часы приходят клиенты, которые становятся заявками?
-- asks_en: At which hours do those clients come who become leads?
-- grain: one row per hour of the day on the clock of the zone, 0 to 23, in the whole window, empty ones too
-- grain_ru: одна строка на час суток по часам пояса, от 0 до 23, за весь срок, пустые тоже
-- unit: share of dialogs, 0 to 1
-- unit_ru: доля диалогов, от 0 до 1
-- denominator: all dialogs that clients began at that hour of any day of the window
-- denominator_ru: все диалоги, которые клиенты начали в этот час любого дня окна
-- notes_ru: Час первого сообщения клиента в диалоге.
-- notes_en: The hour of the client's first message in the dialog.
-- version: 1
-- opens: begun
-- counts: dialogs; leads: is_lead; phones: has_phone
WITH begun AS (
    SELECT
        dialog_id,
        hour(local_time(opened_at, $zone, $offset)) AS hour,
        lead_id IS NOT NULL                         AS is_lead,
        phone_at IS NOT NULL                        AS has_phone
    FROM dialogs
    WHERE opened_at >= $start AND opened_at < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing) AND chosen_author(answered_by, $author)
),

by_hour AS (
    SELECT hour, count(*) AS dialogs, count(*) FILTER (has_phone) AS phones, count(*) FILTER (is_lead) AS leads
    FROM begun
    GROUP BY hour
),

counted AS (
    SELECT h.hour, coalesce(dialogs, 0) AS dialogs, coalesce(phones, 0) AS phones, coalesce(leads, 0) AS leads
    FROM range(24) AS h (hour)
    LEFT JOIN by_hour AS b ON b.hour = h.hour
)

SELECT
    *,
    leads / nullif(dialogs, 0)  AS conversion,
    wilson_low(leads, dialogs)  AS low,
    wilson_high(leads, dialogs) AS high
FROM counted
ORDER BY hour
