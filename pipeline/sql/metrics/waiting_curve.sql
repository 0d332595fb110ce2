-- name: waiting_curve
-- title_ru: Сколько клиентов ещё ждёт
-- title_en: How many clients still wait
-- asks_ru: Какая доля клиентов всё ещё без первого ответа через минуту, час, сутки?
-- asks_en: What share of clients still has no first answer after a minute, an hour, a day?
-- grain: one row per who answered in the end (all, assistant, human) and span of waiting, from 0 to 72 hours
-- grain_ru: одна строка на того, кто в итоге ответил (all — все, assistant — ассистент, human — люди), и длительность ожидания, от 0 до 72 часов
-- unit: share of dialogs, 0 to 1
-- unit_ru: доля диалогов, от 0 до 1
-- denominator: all dialogs of the same `answered_by`; those without any answer are in `all` alone
-- denominator_ru: все диалоги с тем же `answered_by`; те, где ответа не было, — только во `all`
-- notes_ru: Доля диалогов, в которых через столько секунд после вопроса первого ответа ещё не было, по Каплану — Мейеру:
--   кому не ответили до конца журнала, ждёт по крайней мере столько.
-- notes_en: The share of dialogs in which so many seconds after the question there was no first answer yet, by Kaplan
--   and Meier: who had no answer by the end of the log waits at least so long.
-- version: 2
WITH waited AS (
    SELECT
        unnest(CASE
            WHEN answered_by = 'assistant'  THEN ['all', 'assistant']
            WHEN is_person(answered_by)     THEN ['all', 'human']
            ELSE ['all']
        END) AS answered_by,
        seconds_between(asked_at, answered_at, $zone, $offset, $opens, $closes, $weekdays) AS seconds,
        seconds_between(asked_at, coalesce(answered_at, known.until), $zone, $offset, $opens, $closes, $weekdays) AS lasted
    FROM waits, known
    WHERE is_first
      AND asked_at >= $start AND asked_at < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing) AND chosen_author(waits.answered_by, $author)
),

steps AS (
    SELECT answered_by, lasted, count(seconds) AS answered, count(*) AS waits
    FROM waited
    GROUP BY answered_by, lasted
),

at_risk AS (
    SELECT
        *,
        sum(waits) OVER (
            PARTITION BY answered_by ORDER BY lasted ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
        ) AS waiting
    FROM steps
),

survival AS (
    SELECT
        answered_by,
        lasted,
        product(1 - answered / waiting) OVER (
            PARTITION BY answered_by ORDER BY lasted ROWS UNBOUNDED PRECEDING
        ) AS still
    FROM at_risk
),

points AS (
    SELECT answered_by, dialogs, unnest([
        0, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 450, 600, 900, 1200, 1800, 2700, 3600, 5400, 7200, 10800, 14400,
        21600, 28800, 43200, 64800, 86400, 129600, 172800, 259200
    ]) AS after_seconds
    FROM (SELECT answered_by, count(*) AS dialogs FROM waited GROUP BY answered_by)
)

SELECT
    p.answered_by,
    p.after_seconds,
    p.dialogs,
    coalesce(s.still, 1.0) AS still_waiting
FROM points AS p
ASOF LEFT JOIN survival AS s ON s.answered_by = p.answered_by AND s.lasted <= p.after_seconds
ORDER BY p.answered_by, p.after_seconds
