-- name: conversion_by_listing
-- title_ru: Конверсия по объявлениям
-- title_en: Conversion by listing
-- asks_ru: Какие объявления приводят заявки, а какие только разговоры?
-- asks_en: Which listings bring leads, and which only talk?
-- grain: one row per listing in the whole window, most dialogs first; listing 0: chats about none
-- grain_ru: одна строка на объявление за весь срок, сначала те, где диалогов больше; объявление 0 — чаты не об объявлении
-- unit: share of dialogs, 0 to 1
-- unit_ru: доля диалогов, от 0 до 1
-- denominator: all dialogs about the listing that clients began in the window
-- denominator_ru: все диалоги об этом объявлении, которые клиенты начали в окне
-- notes_ru: Как «Конверсия в заявку». Название — последнее известное. Интервалы соседних строк пересекаются — разница может
--   быть случайной.
-- notes_en: As "Conversion to a lead". The title is the last known. Where the intervals of two rows overlap, the difference
--   may be chance.
-- version: 1
-- opens: begun
-- counts: dialogs; leads: is_lead; phones: has_phone; unanswered: unanswered
WITH begun AS (
    SELECT
        dialog_id,
        coalesce(listing_id, 0)                        AS listing_id,
        lead_id IS NOT NULL                            AS is_lead,
        phone_at IS NOT NULL                           AS has_phone,
        asked_at IS NOT NULL AND answered_at IS NULL   AS unanswered,
        seconds_between(asked_at, answered_at, $zone, $offset, $opens, $closes, $weekdays) AS seconds
    FROM dialogs
    WHERE opened_at >= $start AND opened_at < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing) AND chosen_author(answered_by, $author)
),

counted AS (
    SELECT
        listing_id,
        count(*)                        AS dialogs,
        count(*) FILTER (unanswered)    AS unanswered,
        count(*) FILTER (has_phone)     AS phones,
        count(*) FILTER (is_lead)       AS leads,
        median(seconds)                 AS median_first_response_seconds
    FROM begun
    GROUP BY listing_id
)

SELECT
    c.listing_id,
    l.title,
    c.* EXCLUDE (listing_id),
    c.leads / c.dialogs              AS conversion,
    wilson_low(c.leads, c.dialogs)   AS low,
    wilson_high(c.leads, c.dialogs)  AS high
FROM counted AS c
LEFT JOIN listings AS l ON l.listing_id = c.listing_id
ORDER BY c.dialogs DESC, c.listing_id
