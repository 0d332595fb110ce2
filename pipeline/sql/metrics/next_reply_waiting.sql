-- name: next_reply_waiting
-- title_ru: Ожидание каждого ответа
-- title_en: Waiting for every reply
-- asks_ru: Сколько клиент ждёт каждого следующего ответа, а не только первого?
-- asks_en: How long does a client wait for each reply, not only for the first?
-- grain: one row per period and answerer (`answered_by`: all, assistant, human, then human_app and human_dashboard apart, nobody), and one per answerer for the whole window, where period is null
-- unit: seconds, of working hours when the window has them
-- denominator: all waits of the same row, the unanswered ones too, for the shares
-- notes_ru: Ожидание начинается с первого сообщения серии, на которую продавец ещё не ответил, и кончается его следующим
--   сообщением в том же диалоге. Последнее «спасибо» или «хорошо» одной строкой, на которое не ответили, — не ожидание.
--   Остальное — как у «Времени первого ответа».
-- notes_en: A wait begins with the first message of a burst that the seller has not answered, and ends with the
--   seller's next message in the same dialog. A last "thank you" or "fine" of one line that nobody answered is no wait.
--   All else is as in "First response time".
-- version: 2
-- opens: waited
-- counts: waits; answered: seconds IS NOT NULL; unanswered: seconds IS NULL; never: seconds IS NULL;
--   within_1_min: seconds <= 60; within_5_min: seconds <= 300; within_15_min: seconds <= 900;
--   within_60_min: seconds <= 3600; within_24_h: seconds <= 86400
WITH waited AS (
    SELECT
        dialog_id,
        period_of(asked_at, $zone, $offset, $grain)                                                   AS period,
        unnest(answerers(answered_by))                                                                AS answered_by,
        seconds_between(asked_at, answered_at, $zone, $offset, $opens, $closes, $weekdays)               AS seconds,
        span_of(seconds_between(asked_at, answered_at, $zone, $offset, $opens, $closes, $weekdays))      AS waited,
        seconds_between(last_asked_at, answered_at, $zone, $offset, $opens, $closes, $weekdays)          AS from_last,
        seconds_between(asked_at, coalesce(answered_at, known.until), $zone, $offset, $opens, $closes, $weekdays) AS lasted
    FROM waits, known
    WHERE NOT thanked
      AND asked_at >= $start AND asked_at < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing) AND chosen_author(waits.answered_by, $author)
),

-- Kaplan and Meier: of all who waited so long, how many were answered just then, and so how many wait on.
steps AS (
    SELECT period, answered_by, lasted, count(seconds) AS answered, count(*) AS waits
    FROM waited
    GROUP BY GROUPING SETS ((period, answered_by, lasted), (answered_by, lasted))
),

at_risk AS (
    SELECT
        *,
        sum(waits) OVER (PARTITION BY period, answered_by ORDER BY lasted DESC) AS waiting,
        sum(answered) OVER (PARTITION BY period, answered_by ORDER BY lasted)   AS answered_so_far,
        (9 * sum(answered) OVER (PARTITION BY period, answered_by) + 9) // 10   AS fastest
    FROM steps
),

survival AS (
    SELECT
        *,
        product(1 - answered / waiting) OVER (PARTITION BY period, answered_by ORDER BY lasted) AS still
    FROM at_risk
),

measured AS (
    SELECT
        period,
        answered_by,
        min(lasted) FILTER (still < 0.5 + 1e-9)  AS km_median_seconds,
        min(lasted) FILTER (still < 0.1 + 1e-9)  AS km_p90_seconds,
        sum(lasted * greatest(0, least(answered, fastest - answered_so_far + answered))) / nullif(any_value(fastest), 0)
                                                 AS trimmed_mean_seconds
    FROM survival
    GROUP BY period, answered_by
),

grouped AS (
    SELECT period, answered_by, seconds, from_last FROM waited
    UNION ALL
    SELECT NULL, answered_by, seconds, from_last FROM waited
)

SELECT
    w.period,
    w.answered_by,
    count(*)                                       AS waits,
    count(w.seconds)                               AS answered,
    count(*) - count(w.seconds)                    AS unanswered,
    median(w.seconds)                              AS median_seconds,
    quantile_cont(w.seconds, 0.9)                  AS p90_seconds,
    any_value(m.km_median_seconds)                 AS km_median_seconds,
    any_value(m.km_p90_seconds)                    AS km_p90_seconds,
    count(*) FILTER (w.seconds <= 60) / count(*)    AS within_1_min,
    count(*) FILTER (w.seconds <= 300) / count(*)   AS within_5_min,
    count(*) FILTER (w.seconds <= 900) / count(*)   AS within_15_min,
    count(*) FILTER (w.seconds <= 3600) / count(*)  AS within_60_min,
    count(*) FILTER (w.seconds <= 86400) / count(*) AS within_24_h,
    count(*) FILTER (w.seconds IS NULL) / count(*)  AS never,
    avg(w.seconds)                                 AS mean_seconds,
    any_value(m.trimmed_mean_seconds)              AS trimmed_mean_seconds,
    avg(w.from_last)                               AS naive_mean_seconds
FROM grouped AS w
JOIN measured AS m ON m.answered_by = w.answered_by AND m.period IS NOT DISTINCT FROM w.period
GROUP BY w.period, w.answered_by
ORDER BY w.period NULLS FIRST, w.answered_by
