-- name: model_cost
-- title_ru: Расходы на модель
-- title_en: What the model costs
-- asks_ru: Сколько стоит модель — всего, за ответ, за диалог и за заявку?
-- asks_en: What does the model cost, in all, per reply, per dialog and per lead?
-- grain: one row per period, empty periods too; one for the whole window, where period is null
-- unit: roubles; tokens; milliseconds for the latency
-- denominator: replies of the assistant that were sent, for `cost_per_reply`; dialogs begun in the period for which the model was asked, for `cost_per_dialog`; leads made in the period, for `cost_per_lead`
-- notes_ru: Все обращения к модели, и неудачные, и те, чей черновик устарел. Обе части дробей — за один и тот же период.
--   Время ответа модели — по удачным обращениям.
-- notes_en: All calls of the model, those that failed and those whose draft went stale too. Both parts of a ratio are
--   of the same period. The model's latency is of the calls that went well.
-- version: 2
WITH facts AS (
    SELECT
        period_of("at", $zone, $offset, $grain)     AS period,
        kind,
        (body ->> '$.outcome') = 'ok'               AS is_ok,
        tokens_in,
        tokens_out,
        cost_rub,
        latency_ms
    FROM lake.main.event_log
    WHERE kind IN ('model.called', 'lead.created')
      AND "at" >= $start AND "at" < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing)
    UNION ALL
    SELECT period_of(sent_at, $zone, $offset, $grain), 'reply.sent', NULL, NULL, NULL, NULL, NULL
    FROM kept.replies
    WHERE author = 'assistant'
      AND sent_at >= $start AND sent_at < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing)
    UNION ALL
    SELECT period_of(opened_at, $zone, $offset, $grain), 'dialog', NULL, NULL, NULL, NULL, NULL
    FROM dialogs
    WHERE model_calls > 0
      AND opened_at >= $start AND opened_at < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing)
),

summed AS (
    SELECT
        p.period,
        count(*) FILTER (f.kind = 'model.called')                   AS calls,
        count(*) FILTER (NOT f.is_ok)                                AS failed_calls,
        CAST(coalesce(sum(f.tokens_in), 0) AS BIGINT)               AS tokens_in,
        CAST(coalesce(sum(f.tokens_out), 0) AS BIGINT)              AS tokens_out,
        coalesce(sum(f.cost_rub), 0)                                AS cost_rub,
        quantile_cont(f.latency_ms, [0.5, 0.95, 0.99]) FILTER (f.is_ok) AS latencies,
        count(*) FILTER (f.kind = 'reply.sent')                     AS replies,
        count(*) FILTER (f.kind = 'dialog')                         AS dialogs,
        count(*) FILTER (f.kind = 'lead.created')                   AS leads
    FROM periods($start, $end, $zone, $offset, $grain) AS p
    LEFT JOIN facts AS f ON f.period = p.period
    GROUP BY GROUPING SETS ((p.period), ())
)

SELECT
    period,
    calls,
    failed_calls,
    tokens_in,
    tokens_out,
    cost_rub,
    latencies[1]                    AS median_latency_ms,
    latencies[2]                    AS p95_latency_ms,
    latencies[3]                    AS p99_latency_ms,
    replies,
    dialogs,
    leads,
    cost_rub / nullif(replies, 0)   AS cost_per_reply,
    cost_rub / nullif(dialogs, 0)   AS cost_per_dialog,
    cost_rub / nullif(leads, 0)     AS cost_per_lead
FROM summed
ORDER BY period NULLS FIRST
