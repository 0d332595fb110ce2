-- name: model_cost
-- title_ru: Расходы на модель
-- title_en: What the model costs
-- asks_ru: Сколько стоит модель — всего, за ответ, за диалог и за заявку?
-- asks_en: What does the model cost, in all, per reply, per dialog and per lead?
-- grain: one row per period, empty periods too; one for the whole window, where period is null
-- grain_ru: одна строка на период, пустые тоже; одна на весь срок, в ней period пуст
-- unit: roubles; tokens; milliseconds for the latency
-- unit_ru: рубли; токены; для задержки — миллисекунды
-- denominator: replies of the assistant that were sent, for `cost_per_reply`; dialogs begun in the period for which the model was asked, for `cost_per_dialog`; leads made in the period, for `cost_per_lead`
-- denominator_ru: `cost_per_reply` — отправленные ответы ассистента; `cost_per_dialog` — начатые в периоде диалоги, для которых спрашивали модель; `cost_per_lead` — заявки, созданные в периоде
-- notes_ru: Все обращения к модели, и неудачные, и те, чей черновик устарел. Обе части дробей — за один и тот же период.
--   Время ответа модели — по удачным обращениям.
-- notes_en: All calls of the model, those that failed and those whose draft went stale too. Both parts of a ratio are
--   of the same period. The model's latency is of the calls that went well.
-- version: 2
WITH called AS (
    SELECT
        period_of("at", $zone, $offset, $grain)     AS period,
        (body ->> '$.outcome') = 'ok'               AS is_ok,
        tokens_in,
        tokens_out,
        cost_rub,
        latency_ms
    FROM lake.main.event_log
    WHERE kind = 'model.called'
      AND "at" >= $start AND "at" < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing)
),

spent AS (
    SELECT
        period,
        count(*)                                                    AS calls,
        count(*) FILTER (NOT is_ok)                                 AS failed_calls,
        sum(tokens_in)                                              AS tokens_in,
        sum(tokens_out)                                             AS tokens_out,
        sum(cost_rub)                                               AS cost_rub,
        quantile_cont(latency_ms, [0.5, 0.95, 0.99]) FILTER (is_ok) AS latencies
    FROM called
    GROUP BY GROUPING SETS ((period), ())
),

reached AS (
    SELECT period_of(sent_at, $zone, $offset, $grain) AS period, count(*) AS replies, 0 AS dialogs, 0 AS leads
    FROM kept.replies
    WHERE author = 'assistant'
      AND sent_at >= $start AND sent_at < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing)
    GROUP BY ALL
    UNION ALL
    SELECT period_of(opened_at, $zone, $offset, $grain) AS period, 0, count(*), 0
    FROM dialogs
    WHERE model_calls > 0
      AND opened_at >= $start AND opened_at < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing)
    GROUP BY ALL
    UNION ALL
    SELECT period_of("at", $zone, $offset, $grain) AS period, 0, 0, count(*)
    FROM lake.main.event_log
    WHERE kind = 'lead.created'
      AND "at" >= $start AND "at" < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing)
    GROUP BY ALL
),

counted AS (
    SELECT p.period, total(replies) AS replies, total(dialogs) AS dialogs, total(leads) AS leads
    FROM periods($start, $end, $zone, $offset, $grain) AS p
    LEFT JOIN reached AS r ON r.period = p.period
    GROUP BY GROUPING SETS ((p.period), ())
),

summed AS (
    SELECT
        c.*,
        coalesce(calls, 0)                          AS calls,
        coalesce(failed_calls, 0)                   AS failed_calls,
        CAST(coalesce(tokens_in, 0) AS BIGINT)      AS tokens_in,
        CAST(coalesce(tokens_out, 0) AS BIGINT)     AS tokens_out,
        coalesce(cost_rub, 0)                       AS cost_rub,
        latencies
    FROM counted AS c
    LEFT JOIN spent AS s ON s.period IS NOT DISTINCT FROM c.period
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
