-- name: model_cost
-- title_ru: Расходы на модель
-- title_en: What the model costs
-- asks_ru: Сколько стоит модель — всего, за ответ и за заявку?
-- asks_en: What does the model cost, in all, per reply and per lead?
-- grain: one row per period, empty periods too; one for the whole window, where period is null
-- unit: roubles
-- denominator: replies of the assistant that were sent, for `cost_per_reply`; leads made in the period, for `cost_per_lead`
-- notes_ru: Все обращения к модели, и неудачные, и те, чей черновик устарел. Обе части дробей — за один и тот же период.
-- notes_en: All calls of the model, those that failed and those whose draft went stale too. Both parts of a ratio are
--   of the same period.
-- version: 1
WITH facts AS (
    SELECT
        period_of("at", $zone, $grain) AS period,
        kind,
        body ->> '$.outcome'           AS outcome,
        tokens_in, tokens_out, cost_rub, latency_ms
    FROM lake.main.event_log
    WHERE kind IN ('model.called', 'lead.created')
      AND "at" >= $start AND "at" < $end
      AND (CAST($account AS BIGINT) IS NULL OR account_id = $account)
      AND (CAST($listing AS BIGINT) IS NULL OR listing_id = $listing)
    UNION ALL
    SELECT period_of(e."at", $zone, $grain), 'reply', NULL, NULL, NULL, NULL, NULL
    FROM replies AS r
    JOIN lake.main.event_log AS e ON e.reply_id = r.reply_id AND e.kind = 'reply.sent'
    WHERE r.state = 'sent' AND r.author = 'assistant'
      AND e."at" >= $start AND e."at" < $end
      AND (CAST($account AS BIGINT) IS NULL OR e.account_id = $account)
      AND (CAST($listing AS BIGINT) IS NULL OR e.listing_id = $listing)
),

summed AS (
    SELECT
        p.period,
        count(*) FILTER (f.kind = 'model.called')                          AS calls,
        count(*) FILTER (f.kind = 'model.called' AND f.outcome <> 'ok')    AS failed_calls,
        CAST(coalesce(sum(f.tokens_in) FILTER (f.kind = 'model.called'), 0) AS BIGINT)  AS tokens_in,
        CAST(coalesce(sum(f.tokens_out) FILTER (f.kind = 'model.called'), 0) AS BIGINT) AS tokens_out,
        coalesce(sum(f.cost_rub) FILTER (f.kind = 'model.called'), 0)      AS cost_rub,
        median(f.latency_ms) FILTER (f.kind = 'model.called')              AS median_latency_ms,
        count(*) FILTER (f.kind = 'reply')                                 AS replies,
        count(*) FILTER (f.kind = 'lead.created')                          AS leads
    FROM periods($start, $end, $zone, $grain) AS p
    LEFT JOIN facts AS f ON f.period = p.period
    GROUP BY GROUPING SETS ((p.period), ())
)

SELECT
    *,
    cost_rub / nullif(replies, 0) AS cost_per_reply,
    cost_rub / nullif(leads, 0)   AS cost_per_lead
FROM summed
ORDER BY period NULLS FIRST
