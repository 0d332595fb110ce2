-- name: overview
-- title_ru: Числа утра
-- title_en: The numbers of the morning
-- asks_ru: Как идут дела по сравнению с таким же сроком до этого?
-- asks_en: How are things, compared with the same span before?
-- grain: two rows: the window (`span` = now) and the span of the same length before it (`span` = before)
-- grain_ru: две строки: окно (`span` = now) и такой же срок до него (`span` = before)
-- unit: dialogs; share of dialogs; seconds; phones; leads; share of dialogs; roubles
-- unit_ru: диалоги; доля диалогов; секунды; телефоны; заявки; доля диалогов; рубли
-- denominator: dialogs that clients began in the span, for the shares
-- denominator_ru: для долей — диалоги, которые клиенты начали в этом сроке
-- notes_ru: Те же определения, что у показателей «Диалоги», «Время первого ответа», «Получен телефон», «Конверсия в заявку»
--   и «Расходы на модель». Медиана — по отвеченным диалогам.
-- notes_en: The same definitions as in "Dialogs", "First response time", "Phones obtained", "Conversion to a lead" and
--   "What the model costs". The median is of the answered dialogs.
-- version: 2
-- opens: begun
-- counts: dialogs; unanswered: unanswered; phones: has_phone; leads: is_lead
WITH spans AS (
    SELECT
        CAST($start AS TIMESTAMP)                                                       AS since,
        CAST($start AS TIMESTAMP) - (CAST($end AS TIMESTAMP) - CAST($start AS TIMESTAMP)) AS before
),

begun AS (
    SELECT
        d.dialog_id,
        CASE WHEN d.opened_at >= s.since THEN 'now' ELSE 'before' END   AS span,
        d.assistant_messages > 0                                        AS with_assistant,
        d.asked_at IS NOT NULL                                          AS asked,
        d.asked_at IS NOT NULL AND d.answered_at IS NULL                AS unanswered,
        seconds_between(d.asked_at, d.answered_at, $zone, $offset, $opens, $closes, $weekdays) AS seconds,
        d.phone_at IS NOT NULL                                          AS has_phone,
        d.lead_id IS NOT NULL                                           AS is_lead
    FROM dialogs AS d
    CROSS JOIN spans AS s
    WHERE d.opened_at >= s.before AND d.opened_at < $end
      AND chosen(d.account_id, $account) AND chosen(d.listing_id, $listing)
),

spent AS (
    SELECT CASE WHEN e."at" >= s.since THEN 'now' ELSE 'before' END AS span, sum(e.cost_rub) AS cost_rub
    FROM lake.main.event_log AS e
    CROSS JOIN spans AS s
    WHERE e.kind = 'model.called'
      AND e."at" >= s.before AND e."at" < $end
      AND chosen(e.account_id, $account) AND chosen(e.listing_id, $listing)
    GROUP BY ALL
),

counted AS (
    SELECT
        span,
        count(*)                            AS dialogs,
        count(*) FILTER (with_assistant)    AS with_assistant,
        count(*) FILTER (asked)             AS asked,
        count(*) FILTER (seconds <= 300)    AS soon,
        count(*) FILTER (unanswered)        AS unanswered,
        count(*) FILTER (has_phone)         AS phones,
        count(*) FILTER (is_lead)           AS leads,
        median(seconds)                     AS seconds
    FROM begun
    GROUP BY span
)

SELECT
    n.span,
    coalesce(b.dialogs, 0)          AS dialogs,
    b.with_assistant / b.dialogs    AS share_with_assistant,
    b.seconds                       AS median_first_response_seconds,
    b.soon / nullif(b.asked, 0)     AS share_within_5_min,
    coalesce(b.unanswered, 0)       AS unanswered,
    coalesce(b.phones, 0)           AS phones,
    coalesce(b.leads, 0)            AS leads,
    b.leads / b.dialogs             AS conversion,
    coalesce(c.cost_rub, 0)         AS cost_rub
FROM (VALUES ('now'), ('before')) AS n (span)
LEFT JOIN counted AS b ON b.span = n.span
LEFT JOIN spent AS c ON c.span = n.span
ORDER BY n.span DESC
