-- name: verdicts
-- title_ru: Что стало с сообщениями
-- title_en: What became of the messages
-- asks_ru: На какие сообщения клиентов ответил ассистент, а какие оставил, и почему?
-- asks_en: Which client messages did the assistant answer, which did it leave, and why?
-- grain: one row per period and verdict; one per verdict for the whole window, where period is null
-- grain_ru: одна строка на период и итог; одна на итог за весь срок, в ней period пуст
-- unit: client messages
-- unit_ru: сообщения клиентов
-- denominator: all verdicts of the same period, for `share`
-- denominator_ru: для `share` — все итоги того же периода
-- notes_ru: У каждого сообщения клиента ровно один итог. «Вместе» — отвечено вместе с более поздним сообщением. Период —
--   когда итог стал известен.
-- notes_en: Each client message has exactly one verdict. "Merged": answered together with a later message. The period
--   is that of the verdict.
-- version: 1
-- opens: given
-- counts: messages
WITH given AS (
    SELECT chat_id, "at", period_of("at", $zone, $offset, $grain) AS period, verdict
    FROM lake.main.event_log
    WHERE kind = 'verdict.given'
      AND "at" >= $start AND "at" < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing)
),

counted AS (
    SELECT period, verdict, count(*) AS messages
    FROM given
    GROUP BY ALL
)

SELECT
    period,
    verdict,
    total(messages) AS messages,
    total(messages) / sum(total(messages)) OVER (PARTITION BY period) AS share
FROM counted
GROUP BY GROUPING SETS ((period, verdict), (verdict))
ORDER BY period NULLS FIRST, verdict
