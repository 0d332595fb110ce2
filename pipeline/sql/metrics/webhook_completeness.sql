-- name: webhook_completeness
-- title_ru: Полнота вебхуков
-- title_en: Webhook completeness
-- asks_ru: Какая доля сообщений пришла вебхуком, а какую пришлось искать?
-- asks_en: What share of messages came by webhook, and what had to be looked for?
-- grain: one row per period; one for the whole window, where period is null
-- grain_ru: одна строка на период; одна на весь срок, в ней period пуст
-- unit: share of received messages, 0 to 1; seconds
-- unit_ru: доля полученных сообщений, от 0 до 1; секунды
-- denominator: all messages that a client or Avito wrote in the period
-- denominator_ru: все сообщения, которые клиент или Авито написали в периоде
-- notes_ru: «Сверкой» — найдено регулярной проверкой чатов; «чтением» — при чтении истории. Задержка — от момента
--   сообщения у Авито до момента, когда мы его узнали; Авито округляет свой момент вниз до секунды. `known_early` — у
--   скольких мы узнали раньше, чем написано: часы расходятся, их задержка — ноль. Как быстро мы подтвердили вебхук, в
--   журнале не записано: это в `/metrics` сервиса.
-- notes_en: "By sweep": found by the regular look at changed chats; "by reading": while reading a history. The delay is
--   from Avito's moment of writing to when we knew; Avito rounds its moment down to a second. `known_early`: how many we
--   knew before they were written: two clocks disagree, and their delay is zero. How soon we acknowledged a webhook is
--   not in the log but in the service's `/metrics`.
-- version: 2
WITH received AS (
    SELECT
        period_of("at", $zone, $offset, $grain)     AS period,
        found_by,
        epoch(received_at) - epoch("at")            AS delay
    FROM lake.main.event_log
    WHERE kind = 'message.received'
      AND "at" >= $start AND "at" < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing)
)

SELECT
    period,
    count(*)                                                AS messages,
    count(*) FILTER (found_by = 'webhook')                  AS by_webhook,
    count(*) FILTER (found_by = 'sweep')                    AS by_sweep,
    count(*) FILTER (found_by NOT IN ('webhook', 'sweep'))  AS by_reading,
    count(*) FILTER (found_by = 'webhook') / count(*)       AS share_by_webhook,
    median(greatest(delay, 0))                              AS median_delay_seconds,
    quantile_cont(greatest(delay, 0), 0.95)                 AS p95_delay_seconds,
    count(*) FILTER (delay < 0)                             AS known_early
FROM received
GROUP BY GROUPING SETS ((period), ())
HAVING count(*) > 0
ORDER BY period NULLS FIRST
