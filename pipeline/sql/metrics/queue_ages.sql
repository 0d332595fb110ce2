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
--   Период — когда итог стал известен. Итогов, о которых ранние версии не записали, когда узнали о сообщении, здесь нет.
-- notes_en: Our own time alone: without the webhook's delay, but with the quiet that the assistant waits for, and with the
--   model's work. The period is that of the verdict. Verdicts of early versions, which do not say when the message was
--   known, are not here.
-- version: 3
-- opens: judged
-- counts: messages
WITH judged AS (
    SELECT
        chat_id,
        "at",
        period_of("at", $zone, $offset, $grain)             AS period,
        unnest(['all', verdict])                            AS verdict,
        greatest(epoch("at") - epoch(received_at), 0)       AS seconds
    FROM lake.main.event_log
    WHERE kind = 'verdict.given' AND received_at IS NOT NULL
      AND "at" >= $start AND "at" < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing)
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
