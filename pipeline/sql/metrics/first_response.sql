-- name: first_response
-- title_ru: Время первого ответа
-- title_en: First response time
-- asks_ru: Сколько клиент ждёт первого ответа и кто отвечает?
-- asks_en: How long does a client wait for the first answer, and who gives it?
-- grain: one row per period and answerer, one per period for all (`answered_by` = all), and both for the whole window, where period is null
-- unit: seconds
-- denominator: all dialogs of the same row, the unanswered ones too, for the shares
-- notes_ru: От первого сообщения клиента в диалоге до первого ответа продавца после него, по календарному времени.
--   Диалог относится к периоду вопроса. Диалоги без ответа (`nobody`) остаются в знаменателе всех долей; медиана и 90 %
--   посчитаны по отвеченным, `median_of_all_seconds` — по всем.
-- notes_en: From the client's first message in a dialog to the seller's first answer after it, in calendar time. A
--   dialog counts in the period of the question. Dialogs that nobody answered (`nobody`) stay in the denominator of all
--   shares; the median and the 90 % are of the answered ones, `median_of_all_seconds` is of all.
-- version: 1
WITH waited AS (
    SELECT
        period_of(asked_at, $zone, $grain)  AS period,
        coalesce(answered_by, 'nobody')     AS answered_by,
        seconds
    FROM dialogs
    WHERE asked_at >= $start AND asked_at < $end
      AND (CAST($account AS BIGINT) IS NULL OR account_id = $account)
      AND (CAST($listing AS BIGINT) IS NULL OR listing_id = $listing)
)

SELECT
    period,
    CASE WHEN grouping(answered_by) = 1 THEN 'all' ELSE answered_by END AS answered_by,
    count(*)                                                 AS dialogs,
    count(seconds)                                           AS answered,
    median(seconds)                                          AS median_seconds,
    quantile_cont(seconds, 0.9)                              AS p90_seconds,
    -- Who was never answered waited longest: the median of all is unknown when that is half of them.
    nullif(quantile_cont(coalesce(seconds, 'infinity'), 0.5), 'infinity') AS median_of_all_seconds,
    count(*) FILTER (seconds <= 60) / count(*)               AS within_1_min,
    count(*) FILTER (seconds <= 300) / count(*)              AS within_5_min,
    count(*) FILTER (seconds <= 900) / count(*)              AS within_15_min,
    count(*) FILTER (seconds <= 3600) / count(*)             AS within_60_min,
    count(*) FILTER (seconds <= 86400) / count(*)            AS within_24_h,
    count(*) FILTER (seconds IS NULL) / count(*)             AS never
FROM waited
GROUP BY GROUPING SETS ((period, answered_by), (period), (answered_by), ())
HAVING count(*) > 0
ORDER BY grouping(period) DESC, period, grouping(answered_by) DESC, answered_by
