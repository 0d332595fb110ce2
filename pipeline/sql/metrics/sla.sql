-- name: sla
-- title_ru: Ответы в срок
-- title_en: Answers in time
-- asks_ru: Какая доля клиентов получила ответ за обещанное время?
-- asks_en: What share of clients was answered within the promised time?
-- grain: one row per period and kind of wait (`wait`: first, the first of each dialog; every, each one), and one per kind for the whole window, where period is null
-- grain_ru: одна строка на период и вид ожидания (`wait`: first — первое в каждом диалоге, every — каждое) и одна на вид за весь срок, в ней period пуст
-- unit: share of waits, 0 to 1
-- unit_ru: доля ожиданий, от 0 до 1
-- denominator: all waits that were answered or are past the target
-- denominator_ru: все ожидания, на которые ответили или чей срок прошёл
-- notes_ru: Обещанное время — `target` окна, по календарю или в рабочих часах. Кому не ответили и срок прошёл — нарушение;
--   у кого срок ещё не вышел (`not_due`) — ни то, ни другое. Последнее «спасибо» одной строкой ответа не ждёт. `low` и
--   `high` — 95-процентный интервал Уилсона.
-- notes_en: The promised time is the window's `target`, by the calendar or in working hours. Who was not answered and is
--   past it is a breach; who is not past it yet (`not_due`) is neither. A last "thank you" of one line waits for nothing.
--   `low` and `high` are the ends of Wilson's 95 % interval.
-- version: 1
-- opens: judged
-- counts: offered: outcome <> 'not_due'; met: outcome = 'met'; breached: outcome = 'breached'; not_due: outcome = 'not_due'
WITH waited AS (
    SELECT
        dialog_id,
        period_of(asked_at, $zone, $offset, $grain)          AS period,
        CASE WHEN is_first THEN ['first', 'every'] ELSE ['every'] END AS kinds,
        answered_at,
        seconds_between(asked_at, coalesce(answered_at, known.until), $zone, $offset, $opens, $closes, $weekdays) AS lasted
    FROM waits, known
    WHERE NOT thanked
      AND asked_at >= $start AND asked_at < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing)
),

judged AS (
    SELECT
        dialog_id,
        period,
        unnest(kinds) AS wait,
        CASE
            WHEN lasted > $target        THEN 'breached'
            WHEN answered_at IS NULL     THEN 'not_due'
            ELSE 'met'
        END AS outcome
    FROM waited
),

by_outcome AS (
    SELECT period, wait, outcome, count(*) AS waits
    FROM judged
    GROUP BY ALL
),

counted AS (
    SELECT
        period,
        wait,
        total(CASE WHEN outcome <> 'not_due' THEN waits END)    AS offered,
        total(CASE WHEN outcome = 'met' THEN waits END)         AS met,
        total(CASE WHEN outcome = 'breached' THEN waits END)    AS breached,
        total(CASE WHEN outcome = 'not_due' THEN waits END)     AS not_due
    FROM by_outcome
    GROUP BY GROUPING SETS ((period, wait), (wait))
)

SELECT
    *,
    met / nullif(offered, 0)    AS attainment,
    wilson_low(met, offered)    AS low,
    wilson_high(met, offered)   AS high
FROM counted
ORDER BY period NULLS FIRST, wait
