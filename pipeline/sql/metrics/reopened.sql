-- name: reopened
-- title_ru: Вернулись после решения
-- title_en: Back after being resolved
-- asks_ru: Какая доля клиентов, которых ассистент отпустил сам, пишет снова в течение 7 дней?
-- asks_en: What share of the clients whom the assistant saw off alone writes again within 7 days?
-- grain: one row per period; one for the whole window, where period is null
-- grain_ru: одна строка на период; одна на весь срок, в ней period пуст
-- unit: dialogs; shares, 0 to 1
-- unit_ru: диалоги; доли от 0 до 1
-- denominator: dialogs that the assistant resolved at least 7 days before the end of the log
-- denominator_ru: диалоги, которые ассистент завершил хотя бы за 7 дней до конца журнала
-- notes_ru: Решено — как у показателя «Сколько берёт на себя ассистент». Вернулся — в том же чате начался новый диалог не
--   позже чем через 7 дней после последней строки; он не обязательно недоволен. `durable` — не вернулся. `undecided` — семь
--   дней ещё не прошли.
-- notes_en: Resolved as in "How much the assistant takes on". Back: a new dialog began in the same chat at most 7 days
--   after the last line; the client need not be unhappy. `durable`: not back. `undecided`: the seven days have not passed.
-- version: 1
-- opens: resolved
-- counts: resolved: decided; reopened: decided AND is_back; undecided: NOT decided
WITH resolved AS (
    SELECT
        d.dialog_id,
        period_of(d.opened_at, $zone, $offset, $grain)      AS period,
        d.last_at + INTERVAL 7 DAY < known.until            AS decided,
        EXISTS (
            FROM dialogs AS later
            WHERE later.chat_id = d.chat_id
              AND later.opened_at > d.last_at AND later.opened_at <= d.last_at + INTERVAL 7 DAY
        )                                                   AS is_back
    FROM dialogs AS d
    CROSS JOIN known
    WHERE d.opened_at >= $start AND d.opened_at < $end
      AND chosen(d.account_id, $account) AND chosen(d.listing_id, $listing)
      AND d.assistant_messages > 0 AND d.human_messages = 0 AND d.handed_off_at IS NULL
      AND (d.thanked OR d.last_author = 'assistant')
      AND d.last_at + silence() < known.until
),

counted AS (
    SELECT
        period,
        count(*) FILTER (decided)               AS resolved,
        count(*) FILTER (decided AND is_back)   AS reopened,
        count(*) FILTER (NOT decided)           AS undecided
    FROM resolved
    GROUP BY GROUPING SETS ((period), ())
)

SELECT
    *,
    reopened / nullif(resolved, 0)      AS share_reopened,
    wilson_low(reopened, resolved)      AS low,
    wilson_high(reopened, resolved)     AS high,
    1 - reopened / nullif(resolved, 0)  AS durable
FROM counted
WHERE resolved + undecided > 0
ORDER BY period NULLS FIRST
