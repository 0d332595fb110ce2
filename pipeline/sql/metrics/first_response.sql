-- name: first_response
-- title_ru: Время первого ответа
-- title_en: First response time
-- asks_ru: Сколько клиент ждёт первого ответа и кто отвечает?
-- asks_en: How long does a client wait for the first answer, and who gives it?
-- grain: one row per period and answerer (`answered_by`: all, assistant, human, then human_app and human_dashboard apart, nobody), and one per answerer for the whole window, where period is null
-- grain_ru: одна строка на период и на того, кто ответил (`answered_by`: all — все, assistant — ассистент, human — люди, затем отдельно human_app и human_dashboard, nobody — никто), и одна на каждого за весь срок, в ней period пуст
-- unit: seconds, of working hours when the window has them
-- unit_ru: секунды; рабочего времени, если в окне заданы часы работы
-- denominator: all dialogs of the same row, the unanswered ones too, for the shares
-- denominator_ru: для долей — все диалоги той же строки, и без ответа тоже
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
        period,
        unnest(answerers(answered_by))                  AS answered_by,
        CASE WHEN is_over THEN lasted END               AS seconds,
        span_of(CASE WHEN is_over THEN lasted END)      AS waited,
        from_last,
        lasted
    FROM (
        SELECT
            dialog_id,
            answered_by,
            answered_at IS NOT NULL                                                                 AS is_over,
            period_of(asked_at, $zone, $offset, $grain)                                             AS period,
            seconds_between(last_asked_at, answered_at, $zone, $offset, $opens, $closes, $weekdays) AS from_last,
            seconds_between(
                asked_at, coalesce(answered_at, known.until), $zone, $offset, $opens, $closes, $weekdays
            )                                                                                       AS lasted
        FROM waits, known
        WHERE is_first
          AND asked_at >= $start AND asked_at < $end
          AND chosen(account_id, $account) AND chosen(listing_id, $listing) AND chosen_author(waits.answered_by, $author)
    )
),

-- Kaplan and Meier: of all who waited so long, how many were answered just then, and so how many wait on.
by_length AS (
    SELECT
        period,
        answered_by,
        lasted,
        count(seconds)  AS answered,
        count(*)        AS waits,
        sum(from_last)  AS from_last
    FROM waited
    GROUP BY ALL
),

steps AS (
    SELECT
        period,
        answered_by,
        lasted,
        total(answered) AS answered,
        total(waits)    AS waits,
        sum(from_last)  AS from_last
    FROM by_length
    GROUP BY GROUPING SETS ((period, answered_by, lasted), (answered_by, lasted))
),

counted AS (
    SELECT
        *,
        CAST(sum(waits) OVER so_far AS BIGINT)      AS waits_so_far,
        CAST(sum(answered) OVER so_far AS BIGINT)   AS answered_so_far,
        CAST(sum(waits) OVER in_all AS BIGINT)      AS waits_in_all,
        CAST(sum(answered) OVER in_all AS BIGINT)   AS answered_in_all
    FROM steps
    WINDOW
        so_far AS (PARTITION BY period, answered_by ORDER BY lasted ROWS UNBOUNDED PRECEDING),
        in_all AS (
            PARTITION BY period, answered_by ORDER BY lasted
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        )
),

survival AS (
    SELECT
        *,
        product(1 - answered / (waits_in_all - waits_so_far + waits)) OVER (
            PARTITION BY period, answered_by ORDER BY lasted ROWS UNBOUNDED PRECEDING
        )                               AS still,
        (9 * answered_in_all + 9) // 10 AS fastest
    FROM counted
)

-- How often each span was waited says all: of the answered ones `lasted` is the wait.
SELECT
    period,
    answered_by,
    CAST(sum(waits) AS BIGINT)                                  AS dialogs,
    CAST(sum(answered) AS BIGINT)                               AS answered,
    CAST(sum(waits) - sum(answered) AS BIGINT)                  AS unanswered,
    quantile_of(lasted, answered_so_far, answered_in_all, 0.5)  AS median_seconds,
    quantile_of(lasted, answered_so_far, answered_in_all, 0.9)  AS p90_seconds,
    min(lasted) FILTER (still < 0.5 + 1e-9)                     AS km_median_seconds,
    min(lasted) FILTER (still < 0.1 + 1e-9)                     AS km_p90_seconds,
    coalesce(sum(answered) FILTER (lasted <= 60), 0) / sum(waits)    AS within_1_min,
    coalesce(sum(answered) FILTER (lasted <= 300), 0) / sum(waits)   AS within_5_min,
    coalesce(sum(answered) FILTER (lasted <= 900), 0) / sum(waits)   AS within_15_min,
    coalesce(sum(answered) FILTER (lasted <= 3600), 0) / sum(waits)  AS within_60_min,
    coalesce(sum(answered) FILTER (lasted <= 86400), 0) / sum(waits) AS within_24_h,
    (sum(waits) - sum(answered)) / sum(waits)                   AS never,
    sum(lasted * answered) / nullif(sum(answered), 0)           AS mean_seconds,
    sum(lasted * greatest(0, least(answered, fastest - answered_so_far + answered))) / nullif(any_value(fastest), 0)
                                                                AS trimmed_mean_seconds,
    sum(from_last) / nullif(sum(answered), 0)                   AS naive_mean_seconds
FROM survival
GROUP BY period, answered_by
ORDER BY period NULLS FIRST, answered_by
