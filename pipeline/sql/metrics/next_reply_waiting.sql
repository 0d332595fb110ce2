-- name: next_reply_waiting
-- title_ru: Ожидание каждого ответа
-- title_en: Waiting for every reply
-- asks_ru: Сколько клиент ждёт каждого следующего ответа, а не только первого?
-- asks_en: How long does a client wait for each reply, not only for the first?
-- grain: one row per period and answerer, one per period for all (`answered_by` = all), and both for the whole window, where period is null
-- unit: seconds
-- denominator: all waits of the same row, the unanswered ones too, for the shares
-- notes_ru: Ожидание начинается с первого сообщения серии, на которую продавец ещё не ответил, и кончается его следующим
--   сообщением в том же диалоге. «Спасибо» без ответа тоже считается ожиданием.
-- notes_en: A wait begins with the first message of a burst that the seller has not answered, and ends with the
--   seller's next message in the same dialog. A "thank you" that nobody answers is a wait too.
-- version: 1
WITH waited AS (
    SELECT
        period_of(asked_at, $zone, $grain)  AS period,
        coalesce(answered_by, 'nobody')     AS answered_by,
        seconds
    FROM waits
    WHERE asked_at >= $start AND asked_at < $end
      AND (CAST($account AS BIGINT) IS NULL OR account_id = $account)
      AND (CAST($listing AS BIGINT) IS NULL OR listing_id = $listing)
)

SELECT
    period,
    CASE WHEN grouping(answered_by) = 1 THEN 'all' ELSE answered_by END AS answered_by,
    count(*)                                                 AS waits,
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
