-- name: automation
-- title_ru: Сколько берёт на себя ассистент
-- title_en: How much the assistant takes on
-- asks_ru: В какой доле диалогов участвует ассистент, и какую он доводит до конца сам?
-- asks_en: In what share of dialogs does the assistant take part, and what share of those does it finish alone?
-- grain: one row per period, empty periods too; one for the whole window, where period is null
-- grain_ru: одна строка на период, пустые тоже; одна на весь срок, в ней period пуст
-- unit: dialogs; shares, 0 to 1
-- unit_ru: диалоги; доли от 0 до 1
-- denominator: `involvement`: all dialogs; `coverage`: dialogs of listings that were switched on; `resolution` and its interval: dialogs with the assistant whose outcome is known (`decided`); `hand_off_rate`: dialogs with the assistant
-- denominator_ru: `involvement` — все диалоги; `coverage` — диалоги объявлений, где ассистент был включён; `resolution` и её интервал — диалоги с ассистентом, чей исход известен (`decided`); `hand_off_rate` — диалоги с ассистентом
-- notes_ru: Автоматизация = участие × решение; смотрите на оба множителя. Ассистент участвует, если написал хотя бы раз.
--   Решено самим ассистентом — диалог кончился без передачи и без слова человека: `confirmed` — клиент под конец
--   поблагодарил или согласился; `assumed` — последнее слово за ассистентом, и клиент больше не спросил (он мог и уйти
--   ни с чем). Диалог кончился, когда прошла тишина, после которой начинается новый; пока он идёт, его исход неизвестен
--   (`open`). `eligible` — объявление было включено, когда клиент написал. Диалог относится к периоду первого сообщения
--   клиента.
-- notes_en: Automation = involvement × resolution; look at both factors. The assistant takes part when it wrote at least
--   once. It resolved a dialog that ended without a hand-off and without a word of a person: `confirmed` when the client
--   gave thanks or agreed at the end, `assumed` when the assistant had the last word and the client asked no more (who
--   may as well have left with nothing). A dialog has ended when the silence passed after which a new one begins; until
--   then its outcome is not known (`open`). `eligible`: the listing was switched on when the client wrote. A dialog
--   counts in the period of the client's first message.
-- version: 1
-- opens: judged
-- counts: dialogs; eligible: eligible; involved: involved; decided: decided; open: involved AND NOT decided; confirmed: confirmed; assumed: assumed; handed_off: involved AND handed_off; with_person: involved AND with_person
WITH switches AS (
    SELECT listing_id, "at", CAST(body ->> '$.enabled' AS BOOLEAN) AS enabled
    FROM lake.main.event_log
    WHERE kind = 'listing.ai_toggled'
),

begun AS (
    SELECT
        d.dialog_id,
        period_of(d.opened_at, $zone, $offset, $grain)              AS period,
        d.assistant_messages > 0                                    AS involved,
        s.enabled                                                   AS eligible,
        d.handed_off_at IS NOT NULL                                 AS handed_off,
        d.human_messages > 0                                        AS with_person,
        d.last_at + silence() < known.until                         AS is_over,
        d.thanked,
        d.last_author
    FROM dialogs AS d
    CROSS JOIN known
    ASOF LEFT JOIN switches AS s ON s.listing_id = d.listing_id AND s."at" <= d.opened_at
    WHERE d.opened_at >= $start AND d.opened_at < $end
      AND chosen(d.account_id, $account) AND chosen(d.listing_id, $listing)
),

finished AS (
    SELECT *, involved AND is_over AND NOT handed_off AND NOT with_person AS alone
    FROM begun
),

judged AS (
    SELECT
        *,
        involved AND (is_over OR handed_off OR with_person)         AS decided,
        alone AND thanked                                           AS confirmed,
        alone AND NOT thanked AND last_author = 'assistant'         AS assumed
    FROM finished
),

by_period AS (
    SELECT
        period,
        count(*)                                                AS dialogs,
        count(*) FILTER (eligible)                              AS eligible,
        count(*) FILTER (involved)                              AS involved,
        count(*) FILTER (eligible AND involved)                 AS covered,
        count(*) FILTER (decided)                               AS decided,
        count(*) FILTER (involved AND NOT decided)              AS open,
        count(*) FILTER (confirmed)                             AS confirmed,
        count(*) FILTER (assumed)                               AS assumed,
        count(*) FILTER (involved AND handed_off)               AS handed_off,
        count(*) FILTER (involved AND with_person)              AS with_person
    FROM judged
    GROUP BY period
),

counted AS (
    SELECT
        p.period,
        total(dialogs)          AS dialogs,
        total(eligible)         AS eligible,
        total(involved)         AS involved,
        total(covered)          AS covered,
        total(decided)          AS decided,
        total(open)             AS open,
        total(confirmed)        AS confirmed,
        total(assumed)          AS assumed,
        total(handed_off)       AS handed_off,
        total(with_person)      AS with_person
    FROM periods($start, $end, $zone, $offset, $grain) AS p
    LEFT JOIN by_period AS b ON b.period = p.period
    GROUP BY GROUPING SETS ((p.period), ())
)

SELECT
    *,
    involved / nullif(dialogs, 0)                                   AS involvement,
    covered / nullif(eligible, 0)                                   AS coverage,
    confirmed / nullif(decided, 0)                                  AS confirmed_resolution,
    assumed / nullif(decided, 0)                                    AS assumed_resolution,
    (confirmed + assumed) / nullif(decided, 0)                      AS resolution,
    wilson_low(confirmed + assumed, decided)                        AS low,
    wilson_high(confirmed + assumed, decided)                       AS high,
    involved / nullif(dialogs, 0) * (confirmed + assumed) / nullif(decided, 0) AS automation,
    handed_off / nullif(involved, 0)                                AS hand_off_rate
FROM counted
ORDER BY period NULLS FIRST
