-- name: phones
-- title_ru: Получен телефон
-- title_en: Phones obtained
-- asks_ru: В какой доле диалогов получен телефон клиента?
-- asks_en: In what share of dialogs was the client's phone obtained?
-- grain: one row per period, empty periods too; one for the whole window, where period is null
-- grain_ru: одна строка на период, пустые тоже; одна на весь срок, в ней period пуст
-- unit: share of dialogs, 0 to 1
-- unit_ru: доля диалогов, от 0 до 1
-- denominator: all dialogs that clients began in the period
-- denominator_ru: все диалоги, которые клиенты начали в периоде
-- notes_ru: Телефон стал известен в заявке этого диалога, даже если позже окна. Это не «контакт» Авито: тот — просмотр
--   телефона продавца или первое сообщение. `low` и `high` — границы 95-процентного интервала Уилсона.
-- notes_en: The phone became known in a lead of this dialog, even if after the window. This is not Avito's "contact",
--   which is a look at the seller's phone or a first message. `low` and `high` are the ends of Wilson's 95 % interval.
-- version: 1
-- opens: begun
-- counts: dialogs; phones: has_phone
WITH begun AS (
    SELECT
        dialog_id,
        period_of(opened_at, $zone, $offset, $grain) AS period,
        phone_at IS NOT NULL                         AS has_phone
    FROM dialogs
    WHERE opened_at >= $start AND opened_at < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing) AND chosen_author(answered_by, $author)
),

by_period AS (
    SELECT period, count(*) AS dialogs, count(*) FILTER (has_phone) AS phones
    FROM begun
    GROUP BY period
),

counted AS (
    SELECT p.period, total(dialogs) AS dialogs, total(phones) AS phones
    FROM periods($start, $end, $zone, $offset, $grain) AS p
    LEFT JOIN by_period AS b ON b.period = p.period
    GROUP BY GROUPING SETS ((p.period), ())
)

SELECT
    period,
    dialogs,
    phones,
    phones / nullif(dialogs, 0)  AS share,
    wilson_low(phones, dialogs)  AS low,
    wilson_high(phones, dialogs) AS high
FROM counted
ORDER BY period NULLS FIRST
