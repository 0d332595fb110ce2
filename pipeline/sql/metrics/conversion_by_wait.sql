-- name: conversion_by_wait
-- title_ru: Конверсия по времени ожидания
-- title_en: Conversion by waiting time
-- asks_ru: Сколько заявок стоит медленный ответ?
-- asks_en: What does a slow answer cost in leads?
-- grain: one row per span of the first wait in the whole window (`waited`: within_1_min, within_5_min, within_15_min, within_60_min, within_24_h, longer, never), empty ones too
-- grain_ru: одна строка на длительность первого ожидания за весь срок (`waited`: within_1_min, within_5_min, within_15_min, within_60_min, within_24_h, longer — дольше, never — без ответа), пустые тоже
-- unit: share of dialogs, 0 to 1
-- unit_ru: доля диалогов, от 0 до 1
-- denominator: all dialogs of the span that clients began in the window with a question
-- denominator_ru: все диалоги с таким ожиданием, которые клиенты начали в окне вопросом
-- notes_ru: `never` — ответа ещё нет. Связь — не причина: быстро отвечают в другие часы и другим людям, чем медленно.
-- notes_en: `never`: there is no answer yet. A link is no cause: quick answers go to other hours and other people than
--   slow ones.
-- version: 1
-- opens: asked
-- counts: dialogs; leads: is_lead; phones: has_phone
WITH spans AS (
    SELECT waited, place
    FROM unnest([
        'within_1_min', 'within_5_min', 'within_15_min', 'within_60_min', 'within_24_h', 'longer', 'never'
    ]) WITH ORDINALITY AS s (waited, place)
),

waits_of AS (
    SELECT
        dialog_id,
        lead_id IS NOT NULL     AS is_lead,
        phone_at IS NOT NULL    AS has_phone,
        seconds_between(asked_at, answered_at, $zone, $offset, $opens, $closes, $weekdays) AS seconds
    FROM dialogs
    WHERE asked_at IS NOT NULL
      AND opened_at >= $start AND opened_at < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing) AND chosen_author(answered_by, $author)
),

asked AS (
    SELECT
        *,
        span_of(seconds) AS waited
    FROM waits_of
),

by_wait AS (
    SELECT waited, count(*) AS dialogs, count(*) FILTER (has_phone) AS phones, count(*) FILTER (is_lead) AS leads
    FROM asked
    GROUP BY waited
),

counted AS (
    SELECT s.place, s.waited, coalesce(dialogs, 0) AS dialogs, coalesce(phones, 0) AS phones, coalesce(leads, 0) AS leads
    FROM spans AS s
    LEFT JOIN by_wait AS a ON a.waited = s.waited
)

SELECT
    waited,
    dialogs,
    phones,
    leads,
    leads / nullif(dialogs, 0)  AS conversion,
    wilson_low(leads, dialogs)  AS low,
    wilson_high(leads, dialogs) AS high
FROM counted
ORDER BY place
