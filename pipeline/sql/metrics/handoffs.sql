-- name: handoffs
-- title_ru: Передачи человеку
-- title_en: Hand-offs to a person
-- asks_ru: Почему ассистент передаёт диалог и как скоро его берёт человек?
-- asks_en: Why does the assistant step aside, and how soon does a person take over?
-- grain: one row per period and reason (`reason` = all for any), and one per reason for the whole window, where period is null
-- grain_ru: одна строка на период и причину (`reason` = all — любая) и одна на причину за весь срок, в ней period пуст
-- unit: dialogs; seconds, of working hours when the window has them
-- unit_ru: диалоги; секунды, рабочего времени, если в окне заданы часы работы
-- denominator: all hand-offs of the same row, for `share_taken`
-- denominator_ru: для `share_taken` — все передачи той же строки
-- notes_ru: Первая передача диалога, по периоду передачи. «Взят» — человек после неё написал или взял чат себе. До этого:
--   медиана и 90 % по взятым, а `km_…` — по Каплану — Мейеру: кого ещё не взяли, ждёт по крайней мере до конца журнала.
-- notes_en: The first hand-off of a dialog, in the period of the hand-off. "Taken": a person wrote after it or took the
--   chat. The time until then: median and 90 % of the taken ones; `km_…` are Kaplan and Meier's: who was not taken yet
--   waits at least to the end of the log.
-- version: 2
-- opens: handed
-- counts: handoffs; taken: seconds IS NOT NULL; not_taken: seconds IS NULL
WITH handed AS (
    SELECT
        dialog_id,
        period_of(handed_off_at, $zone, $offset, $grain)    AS period,
        unnest(['all', hand_off_reason])                  AS reason,
        seconds_between(handed_off_at, taken_at, $zone, $offset, $opens, $closes, $weekdays) AS seconds,
        seconds_between(
            handed_off_at, coalesce(taken_at, known.until), $zone, $offset, $opens, $closes, $weekdays
        )                                                   AS lasted
    FROM dialogs, known
    WHERE handed_off_at >= $start AND handed_off_at < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing)
),

-- Kaplan and Meier: of all who waited so long, how many were taken just then, and so how many wait on.
steps AS (
    SELECT period, reason, lasted, count(seconds) AS taken, count(*) AS waits
    FROM handed
    GROUP BY GROUPING SETS ((period, reason, lasted), (reason, lasted))
),

at_risk AS (
    SELECT *, sum(waits) OVER (PARTITION BY period, reason ORDER BY lasted DESC) AS waiting
    FROM steps
),

survival AS (
    SELECT *, product(1 - taken / waiting) OVER (PARTITION BY period, reason ORDER BY lasted) AS still
    FROM at_risk
),

measured AS (
    SELECT
        period,
        reason,
        min(lasted) FILTER (still < 0.5 + 1e-9) AS km_median_seconds,
        min(lasted) FILTER (still < 0.1 + 1e-9) AS km_p90_seconds
    FROM survival
    GROUP BY period, reason
),

counted AS (
    SELECT
        period,
        reason,
        count(*)                        AS handoffs,
        count(seconds)                  AS taken,
        count(*) - count(seconds)       AS not_taken,
        count(seconds) / count(*)       AS share_taken,
        median(seconds)                 AS median_seconds_to_person,
        quantile_cont(seconds, 0.9)     AS p90_seconds_to_person
    FROM handed
    GROUP BY GROUPING SETS ((period, reason), (reason))
)

SELECT c.*, m.km_median_seconds, m.km_p90_seconds
FROM counted AS c
JOIN measured AS m ON m.reason = c.reason AND m.period IS NOT DISTINCT FROM c.period
ORDER BY c.period NULLS FIRST, c.handoffs DESC, c.reason
