-- name: dialogs
-- title_ru: Диалоги
-- title_en: Dialogs
-- asks_ru: Сколько диалогов начали клиенты и сколько из них с новыми клиентами?
-- asks_en: How many dialogs did clients begin, and how many of them with new clients?
-- grain: one row per period, empty periods too; one for the whole window, where period is null
-- unit: dialogs
-- denominator: none
-- notes_ru: Диалог — это часть чата между двумя паузами длиннее 72 часов, в которой писал клиент. Он относится к
--   периоду первого сообщения клиента. Новый клиент — тот, чей чат раньше не встречался. «С ассистентом» — ассистент
--   написал хотя бы раз; «без ответа» — продавец не написал ничего после клиента.
-- notes_en: A dialog is the part of a chat between two silences of more than 72 hours in which a client wrote. It
--   counts in the period of the client's first message. A new client is one whose chat was not seen before. "With the
--   assistant": it wrote at least once; "unanswered": the seller wrote nothing after the client.
-- version: 1
WITH begun AS (
    SELECT
        period_of(d.opened_at, $zone, $grain) AS period,
        d.dialog_number = 1                   AS is_new,
        d.assistant_messages > 0              AS with_assistant,
        d.asked_at IS NOT NULL AND d.answered_at IS NULL AS unanswered
    FROM dialogs AS d
    WHERE d.opened_at >= $start AND d.opened_at < $end
      AND (CAST($account AS BIGINT) IS NULL OR d.account_id = $account)
      AND (CAST($listing AS BIGINT) IS NULL OR d.listing_id = $listing)
)

SELECT
    p.period,
    count(b.period)                             AS dialogs,
    count(*) FILTER (b.is_new)                  AS new_clients,
    count(b.period) - count(*) FILTER (b.is_new) AS returning_clients,
    count(*) FILTER (b.with_assistant)          AS with_assistant,
    count(*) FILTER (b.unanswered)              AS unanswered
FROM periods($start, $end, $zone, $grain) AS p
LEFT JOIN begun AS b ON b.period = p.period
GROUP BY GROUPING SETS ((p.period), ())
ORDER BY p.period NULLS FIRST
