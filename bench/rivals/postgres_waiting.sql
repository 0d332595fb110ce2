WITH waited AS (
    SELECT period_of(asked_at, %(offset)s, %(grain)s) AS period, unnest(answerers(answered_by)) AS answered_by,
           epoch(answered_at - asked_at) AS seconds, epoch(answered_at - last_asked_at) AS from_last,
           epoch(coalesce(answered_at, %(until)s) - asked_at) AS lasted
    FROM wait
    WHERE {which} AND asked_at >= %(start)s AND asked_at < %(end)s
),
steps AS (
    SELECT period, answered_by, lasted, count(seconds) AS answered, count(*) AS waits
    FROM waited GROUP BY GROUPING SETS ((period, answered_by, lasted), (answered_by, lasted))
),
at_risk AS (
    SELECT *, sum(waits) OVER (PARTITION BY period, answered_by ORDER BY lasted DESC) AS waiting,
           sum(answered) OVER (PARTITION BY period, answered_by ORDER BY lasted) AS answered_so_far,
           div(9 * sum(answered) OVER (PARTITION BY period, answered_by) + 9, 10) AS fastest
    FROM steps
),
survival AS (
    SELECT *, product((1 - answered / waiting)::float8) OVER (PARTITION BY period, answered_by ORDER BY lasted) AS still
    FROM at_risk
),
measured AS (
    SELECT period, answered_by, min(lasted) FILTER (WHERE still < 0.5 + 1e-9) AS km_median_seconds,
           min(lasted) FILTER (WHERE still < 0.1 + 1e-9) AS km_p90_seconds,
           sum(lasted * greatest(0, least(answered, fastest - answered_so_far + answered))::float8) / nullif(max(fastest), 0)::float8
               AS trimmed_mean_seconds
    FROM survival GROUP BY period, answered_by
),
counted AS (
    SELECT period, answered_by, count(*) AS {counted}, count(seconds) AS answered, count(*) - count(seconds) AS unanswered,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS median_seconds,
           percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds) AS p90_seconds,
           count(*) FILTER (WHERE seconds <= 60)::float8 / count(*) AS within_1_min,
           count(*) FILTER (WHERE seconds <= 300)::float8 / count(*) AS within_5_min,
           count(*) FILTER (WHERE seconds <= 900)::float8 / count(*) AS within_15_min,
           count(*) FILTER (WHERE seconds <= 3600)::float8 / count(*) AS within_60_min,
           count(*) FILTER (WHERE seconds <= 86400)::float8 / count(*) AS within_24_h,
           count(*) FILTER (WHERE seconds IS NULL)::float8 / count(*) AS never, avg(seconds) AS mean_seconds,
           avg(from_last) AS naive_mean_seconds
    FROM waited GROUP BY GROUPING SETS ((period, answered_by), (answered_by))
)
SELECT c.*, m.km_median_seconds, m.km_p90_seconds, m.trimmed_mean_seconds
FROM counted AS c JOIN measured AS m ON m.answered_by = c.answered_by AND m.period IS NOT DISTINCT FROM c.period
ORDER BY c.period NULLS FIRST, c.answered_by
