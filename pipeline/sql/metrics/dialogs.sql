-- name: dialogs
-- title_ru: Диалоги
-- title_en: Dialogs
-- asks_ru: Сколько диалогов начали клиенты и сколько из них с новыми клиентами?
-- asks_en: How many dialogs did clients begin, and how many of them with new clients?
-- grain: one row per period, empty periods too; one for the whole window, where period is null
-- grain_ru: одна строка на период, пустые тоже; одна на весь срок, в ней period пуст
-- unit: dialogs
-- unit_ru: диалоги
-- denominator: none
-- denominator_ru: нет
-- notes_ru: Диалог — это часть чата между двумя паузами длиннее 72 часов (или сколько задано), в которой писал клиент. Он
--   относится к периоду первого сообщения клиента. Новый клиент — тот, чей чат раньше не встречался. «С ассистентом» —
--   ассистент написал хотя бы раз; «без ответа» — продавец не написал ничего после клиента.
-- notes_en: A dialog is the part of a chat between two silences of more than 72 hours (or what was set) in which a client
--   wrote. It counts in the period of the client's first message. A new client is one whose chat was not seen before.
--   "With the assistant": it wrote at least once; "unanswered": the seller wrote nothing after the client.
-- version: 1
-- opens: begun
-- counts: dialogs; new_clients: is_new; returning_clients: NOT is_new; with_assistant: with_assistant; unanswered: unanswered
WITH begun AS (
    SELECT
        dialog_id,
        period_of(opened_at, $zone, $offset, $grain)    AS period,
        dialog_number = 1                               AS is_new,
        assistant_messages > 0                          AS with_assistant,
        asked_at IS NOT NULL AND answered_at IS NULL    AS unanswered
    FROM dialogs
    WHERE opened_at >= $start AND opened_at < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing) AND chosen_author(answered_by, $author)
),

counted AS (
    SELECT
        period,
        count(*)                            AS dialogs,
        count(*) FILTER (is_new)            AS new_clients,
        count(*) FILTER (NOT is_new)        AS returning_clients,
        count(*) FILTER (with_assistant)    AS with_assistant,
        count(*) FILTER (unanswered)        AS unanswered
    FROM begun
    GROUP BY period
)

SELECT
    p.period,
    total(dialogs)              AS dialogs,
    total(new_clients)          AS new_clients,
    total(returning_clients)    AS returning_clients,
    total(with_assistant)       AS with_assistant,
    total(unanswered)           AS unanswered
FROM periods($start, $end, $zone, $offset, $grain) AS p
LEFT JOIN counted AS c ON c.period = p.period
GROUP BY GROUPING SETS ((p.period), ())
ORDER BY p.period NULLS FIRST
