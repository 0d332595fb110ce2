-- name: first_response
-- title_ru: Время первого ответа
-- title_en: First response time
-- asks_ru: Сколько клиент ждёт первого ответа и кто отвечает?
-- asks_en: How long does a client wait for the first answer, and who gives it?
-- grain: one row per period and answerer (`answered_by`: all, assistant, human, then human_app and human_dashboard apart, nobody), and one per answerer for the whole window, where period is null
-- unit: seconds, of working hours when the window has them
-- denominator: all dialogs of the same row, the unanswered ones too, for the shares
-- notes_ru: От первого сообщения клиента в диалоге до первого ответа продавца после него: по календарю, а если заданы
--   рабочие часы — сколько их прошло за это время (кто написал ночью, тоже посчитан). Диалог относится к периоду
--   вопроса. `km_median_seconds` и `km_p90_seconds` — по Каплану — Мейеру: кому ещё не ответили, ждёт по крайней мере до
--   конца журнала; пусто, если стольким не ответили. `median_seconds`, `p90_seconds` и средние — только по отвеченным.
--   Диалоги без ответа (`never`) остаются в знаменателе всех долей. Для сравнения: `trimmed_mean_seconds` — среднее
--   самых быстрых 90 % ответов, как считают площадки; `naive_mean_seconds` — среднее от последней строки серии.
-- notes_en: From the client's first message in a dialog to the seller's first answer after it: by the calendar, or, when
--   working hours are given, as many of them as passed meanwhile (who wrote at night counts too). A dialog counts in the
--   period of the question. `km_median_seconds` and `km_p90_seconds` are Kaplan and Meier's: who has no answer yet waits
--   at least to the end of the log; empty when that many were not answered. `median_seconds`, `p90_seconds` and the means
--   are of the answered ones alone. Dialogs without an answer (`never`) stay in the denominator of all shares. To compare:
--   `trimmed_mean_seconds` is the mean of the fastest 90 % of the answers, as marketplaces count;
--   `naive_mean_seconds` is the mean from the last line of a burst.
-- version: 2
-- opens: waited
-- counts: dialogs; answered: seconds IS NOT NULL; unanswered: seconds IS NULL; never: seconds IS NULL;
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
    WHERE is_first
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
    count(*)                                       AS dialogs,
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
