-- name: overview
-- title_ru: Пять чисел утра
-- title_en: The five numbers of the morning
-- asks_ru: Как идут дела по сравнению с таким же сроком до этого?
-- asks_en: How are things, compared with the same span before?
-- grain: two rows: the window (`span` = now) and the span of the same length before it (`span` = before)
-- unit: dialogs; share of dialogs; seconds; leads; share of dialogs; roubles
-- denominator: dialogs that clients began in the span, for the shares
-- notes_ru: Те же определения, что у показателей «Время первого ответа», «Конверсия в заявку» и «Расходы на модель».
--   Медиана — по отвеченным диалогам.
-- notes_en: The same definitions as in "First response time", "Conversion to a lead" and "What the model costs". The
--   median is of the answered dialogs.
-- version: 1
WITH spans AS (
    SELECT 'now' AS span, CAST($start AS TIMESTAMP) AS since, CAST($end AS TIMESTAMP) AS until
    UNION ALL
    SELECT 'before', CAST($start AS TIMESTAMP) - (CAST($end AS TIMESTAMP) - CAST($start AS TIMESTAMP)), CAST($start AS TIMESTAMP)
),

owned AS (
    SELECT DISTINCT d.dialog_id
    FROM leads AS l
    ASOF JOIN dialogs AS d ON d.chat_id = l.chat_id AND d.began_at <= l."at"
),

begun AS (
    SELECT s.span, d.assistant_messages > 0 AS with_assistant, d.asked_at, d.answered_at, d.seconds,
           o.dialog_id IS NOT NULL AS is_lead
    FROM spans AS s
    JOIN dialogs AS d ON d.opened_at >= s.since AND d.opened_at < s.until
    LEFT JOIN owned AS o ON o.dialog_id = d.dialog_id
    WHERE (CAST($account AS BIGINT) IS NULL OR d.account_id = $account)
      AND (CAST($listing AS BIGINT) IS NULL OR d.listing_id = $listing)
),

spent AS (
    SELECT s.span, sum(e.cost_rub) AS cost_rub
    FROM spans AS s
    JOIN lake.main.event_log AS e ON e.kind = 'model.called' AND e."at" >= s.since AND e."at" < s.until
    WHERE (CAST($account AS BIGINT) IS NULL OR e.account_id = $account)
      AND (CAST($listing AS BIGINT) IS NULL OR e.listing_id = $listing)
    GROUP BY s.span
)

SELECT
    s.span,
    count(b.span)                                                             AS dialogs,
    count(*) FILTER (b.with_assistant) / nullif(count(b.span), 0)             AS share_with_assistant,
    median(b.seconds)                                                         AS median_first_response_seconds,
    count(*) FILTER (b.seconds <= 300) / nullif(count(b.asked_at), 0)         AS share_within_5_min,
    count(*) FILTER (b.asked_at IS NOT NULL AND b.answered_at IS NULL)        AS unanswered,
    count(*) FILTER (b.is_lead)                                               AS leads,
    count(*) FILTER (b.is_lead) / nullif(count(b.span), 0)                    AS conversion,
    coalesce(any_value(c.cost_rub), 0)                                        AS cost_rub
FROM spans AS s
LEFT JOIN begun AS b ON b.span = s.span
LEFT JOIN spent AS c ON c.span = s.span
GROUP BY s.span
ORDER BY s.span DESC
