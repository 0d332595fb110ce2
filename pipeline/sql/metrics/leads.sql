-- name: leads
-- title_ru: Заявки
-- title_en: Leads
-- asks_ru: Сколько заявок получено и дошли ли они до CRM?
-- asks_en: How many leads were made, and did they reach the CRM?
-- grain: one row per period, empty periods too; one for the whole window, where period is null
-- grain_ru: одна строка на период, пустые тоже; одна на весь срок, в ней period пуст
-- unit: leads
-- unit_ru: заявки
-- denominator: none
-- denominator_ru: нет
-- notes_ru: Заявка относится к периоду, когда создана; состояние — последнее известное. «В пути» — ещё не отправлена или
--   исход неизвестен.
-- notes_en: A lead counts in the period in which it was made; its state is the last known. "On the way": not sent yet,
--   or nobody knows.
-- version: 1
-- opens: made
-- counts: leads; sent: state = 'sent'; on_the_way: state IN ('new', 'sending', 'unknown'); failed: state = 'failed'
WITH made AS (
    SELECT l.chat_id, l."at", period_of(l."at", $zone, $offset, $grain) AS period, l.state
    FROM leads AS l
    JOIN lake.main.event_log AS e ON e.lead_id = l.lead_id AND e.kind = 'lead.created'
    WHERE l."at" >= $start AND l."at" < $end
      AND chosen(e.account_id, $account) AND chosen(e.listing_id, $listing)
)

SELECT
    p.period,
    count(m.period)                                              AS leads,
    count(*) FILTER (m.state = 'sent')                           AS sent,
    count(*) FILTER (m.state IN ('new', 'sending', 'unknown'))   AS on_the_way,
    count(*) FILTER (m.state = 'failed')                         AS failed
FROM periods($start, $end, $zone, $offset, $grain) AS p
LEFT JOIN made AS m ON m.period = p.period
GROUP BY GROUPING SETS ((p.period), ())
ORDER BY p.period NULLS FIRST
