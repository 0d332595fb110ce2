-- name: requester_wait
-- title_ru: Сколько клиент ждал за весь диалог
-- title_en: How long a client waits in all
-- asks_ru: Сколько времени клиент провёл в ожидании за весь диалог?
-- asks_en: How much time did a client spend waiting in the whole dialog?
-- grain: one row per period; one for the whole window, where period is null
-- grain_ru: одна строка на период; одна на весь срок, в ней period пуст
-- unit: seconds of a dialog, of working hours when the window has them; hours for `total_hours`
-- unit_ru: секунды на диалог, рабочего времени, если в окне заданы часы работы; для `total_hours` — часы
-- denominator: all dialogs of the row in which the client asked something, for the mean
-- denominator_ru: для среднего — все диалоги строки, в которых клиент что-то спросил
-- notes_ru: Сумма всех ожиданий диалога (они не пересекаются). Ожидание без ответа длится до конца диалога (тишина,
--   после которой начинается новый) или журнала; `still_waiting` — у скольких оно ещё идёт. Диалог относится к периоду
--   первого вопроса.
-- notes_en: The sum of all waits of a dialog (they do not overlap). A wait without an answer lasts until the dialog ends
--   (the silence after which a new one begins) or the log does; `still_waiting` is how many of them still wait. A dialog
--   counts in the period of its first question.
-- version: 1
-- opens: waited
-- counts: dialogs; still_waiting: waits_on
WITH asked AS (
    SELECT dialog_id, period_of(asked_at, $zone, $offset, $grain) AS period, last_at
    FROM dialogs
    WHERE asked_at >= $start AND asked_at < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing) AND chosen_author(answered_by, $author)
),

waited AS (
    SELECT
        a.dialog_id,
        a.period,
        sum(seconds_between(
            w.asked_at, coalesce(w.answered_at, least(known.until, a.last_at + silence())),
            $zone, $offset, $opens, $closes, $weekdays
        )) AS seconds,
        bool_or(w.answered_at IS NULL AND a.last_at + silence() >= known.until) AS waits_on
    FROM asked AS a
    JOIN waits AS w ON w.dialog_id = a.dialog_id
    CROSS JOIN known
    WHERE w.asked_at >= $start AND NOT w.thanked
    GROUP BY a.dialog_id, a.period
)

SELECT
    period,
    count(*)                        AS dialogs,
    count(*) FILTER (waits_on)      AS still_waiting,
    sum(seconds) / 3600             AS total_hours,
    avg(seconds)                    AS mean_seconds,
    median(seconds)                 AS median_seconds,
    quantile_cont(seconds, 0.9)     AS p90_seconds
FROM waited
GROUP BY GROUPING SETS ((period), ())
HAVING count(*) > 0
ORDER BY period NULLS FIRST
