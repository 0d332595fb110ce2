-- name: waiting_curve
-- title_ru: Сколько клиентов ещё ждёт
-- title_en: How many clients still wait
-- asks_ru: Какая доля клиентов всё ещё без первого ответа через минуту, час, сутки?
-- asks_en: What share of clients still has no first answer after a minute, an hour, a day?
-- grain: one row per who answered in the end (all, assistant, person) and span of waiting, from 0 to 72 hours
-- unit: share of dialogs, 0 to 1
-- denominator: all dialogs of the same `answered_by`; those without any answer are in `all` alone, and wait to the end
-- notes_ru: Доля диалогов, в которых через столько секунд после вопроса первого ответа ещё не было.
-- notes_en: The share of dialogs in which so many seconds after the question there was no first answer yet.
-- version: 1
WITH first_waits AS (
    SELECT seconds, unnest(['all', CASE WHEN answered_by = 'assistant' THEN 'assistant'
                                        WHEN answered_by IS NOT NULL THEN 'person' END]) AS answered_by
    FROM dialogs
    WHERE asked_at >= $start AND asked_at < $end
      AND (CAST($account AS BIGINT) IS NULL OR account_id = $account)
      AND (CAST($listing AS BIGINT) IS NULL OR listing_id = $listing)
)

SELECT
    w.answered_by,
    p.after_seconds,
    count(*)                                                                        AS dialogs,
    count(*) FILTER (w.seconds IS NULL OR w.seconds > p.after_seconds) / count(*)   AS still_waiting
FROM first_waits AS w
CROSS JOIN unnest([
    0, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 450, 600, 900, 1200, 1800, 2700, 3600, 5400, 7200, 10800, 14400,
    21600, 28800, 43200, 64800, 86400, 129600, 172800, 259200
]) AS p (after_seconds)
WHERE w.answered_by IS NOT NULL
GROUP BY w.answered_by, p.after_seconds
ORDER BY w.answered_by, p.after_seconds
