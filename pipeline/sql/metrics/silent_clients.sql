-- name: silent_clients
-- title_ru: Молчуны
-- title_en: Silent clients
-- asks_ru: Какая доля клиентов после первого же ответа больше ничего не пишет?
-- asks_en: What share of clients says nothing more after the first answer?
-- grain: one row per period and who gave the first answer (`answered_by`: all, assistant, human, then human_app and human_dashboard apart), and one per answerer for the whole window, where period is null
-- grain_ru: одна строка на период и на того, кто ответил первым (`answered_by`: all — все, assistant — ассистент, human — люди, затем отдельно human_app и human_dashboard), и одна на каждого за весь срок, в ней period пуст
-- unit: share of dialogs, 0 to 1
-- unit_ru: доля диалогов, от 0 до 1
-- denominator: answered dialogs in which the client wrote again, or which have ended
-- denominator_ru: диалоги с ответом, в которых клиент написал снова или которые закончились
-- notes_ru: Клиент замолчал, если после первого ответа продавца не написал ничего, пока не прошла тишина, после которой
--   начинается новый диалог. Пока она не прошла, диалог не посчитан (`undecided`). Вернулся позже — это новый диалог, а
--   молчание остаётся в истории. Диалог относится к периоду первого сообщения клиента.
-- notes_en: A client fell silent who after the seller's first answer wrote nothing until the silence had passed after which
--   a new dialog begins. Until then the dialog does not count (`undecided`). Who comes back later begins a new dialog, and
--   the silence stays in the history. A dialog counts in the period of the client's first message.
-- version: 1
-- opens: answered
-- counts: dialogs: outcome <> 'undecided'; silent: outcome = 'silent'; undecided: outcome = 'undecided'
WITH answered AS (
    SELECT
        dialog_id,
        period_of(opened_at, $zone, $offset, $grain) AS period,
        unnest(answerers(answered_by))               AS answered_by,
        CASE
            WHEN last_client_at > answered_at        THEN 'spoke'
            WHEN last_at + silence() < known.until   THEN 'silent'
            ELSE 'undecided'
        END                                          AS outcome
    FROM dialogs, known
    WHERE answered_at IS NOT NULL
      AND opened_at >= $start AND opened_at < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing) AND chosen_author(dialogs.answered_by, $author)
),

by_outcome AS (
    SELECT period, answered_by, outcome, count(*) AS dialogs
    FROM answered
    GROUP BY ALL
),

counted AS (
    SELECT
        period,
        answered_by,
        total(CASE WHEN outcome <> 'undecided' THEN by_outcome.dialogs END)    AS dialogs,
        total(CASE WHEN outcome = 'silent' THEN by_outcome.dialogs END)        AS silent,
        total(CASE WHEN outcome = 'undecided' THEN by_outcome.dialogs END)     AS undecided
    FROM by_outcome
    GROUP BY GROUPING SETS ((period, answered_by), (answered_by))
)

SELECT
    *,
    silent / nullif(dialogs, 0)     AS share_silent,
    wilson_low(silent, dialogs)     AS low,
    wilson_high(silent, dialogs)    AS high
FROM counted
ORDER BY period NULLS FIRST, answered_by
