-- name: queue_ages
-- title_ru: Как долго решаем
-- title_en: How long a message is in our hands
-- asks_ru: Сколько проходит от момента, когда мы узнали о сообщении, до его итога?
-- asks_en: How long is it from when we knew of a message to its verdict?
-- grain: one row per period and verdict (`verdict` = all for any), and one per verdict for the whole window, where period is null
-- grain_ru: одна строка на период и итог (`verdict` = all — любой) и одна на итог за весь срок, в ней period пуст
-- unit: seconds
-- unit_ru: секунды
-- denominator: none
-- denominator_ru: нет
-- notes_ru: Только время у нас: без задержки вебхука, но с тишиной, которую ассистент выжидает, и с работой модели.
--   Период — когда итог стал известен. Сообщений, о которых узнали раньше чем за 7 дней до окна, здесь нет.
-- notes_en: Our own time alone: without the webhook's delay, but with the quiet that the assistant waits for, and with the
--   model's work. The period is that of the verdict. Messages known more than 7 days before the window are not here.
-- version: 2
-- opens: judged
-- counts: messages
WITH heard AS (
    SELECT message_id, min(received_at) AS received_at
    FROM lake.main.event_log
    WHERE kind = 'message.received'
      AND received_at >= CAST($start AS TIMESTAMP) - INTERVAL 7 DAY
    GROUP BY message_id
),

judged AS (
    SELECT
        v.chat_id,
        v."at",
        period_of(v."at", $zone, $offset, $grain)               AS period,
        unnest(['all', v.verdict])                              AS verdict,
        greatest(epoch(v."at") - epoch(h.received_at), 0)       AS seconds
    FROM lake.main.event_log AS v
    JOIN heard AS h ON h.message_id = v.message_id
    WHERE v.kind = 'verdict.given'
      AND v."at" >= $start AND v."at" < $end
      AND chosen(v.account_id, $account) AND chosen(v.listing_id, $listing)
)

SELECT
    * EXCLUDE (quantiles, longest),
    quantiles[1]    AS median_seconds,
    quantiles[2]    AS p95_seconds,
    quantiles[3]    AS p99_seconds,
    longest         AS longest_seconds
FROM (
    SELECT
        period,
        verdict,
        count(*)                                    AS messages,
        quantile_cont(seconds, [0.5, 0.95, 0.99])   AS quantiles,
        max(seconds)                                AS longest
    FROM judged
    GROUP BY GROUPING SETS ((period, verdict), (verdict))
)
ORDER BY period NULLS FIRST, verdict
