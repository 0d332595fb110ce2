-- name: lead_conversion
-- title_ru: Конверсия в заявку
-- title_en: Conversion to a lead
-- asks_ru: Какая доля диалогов становится заявкой?
-- asks_en: What share of dialogs becomes a lead?
-- grain: one row per period, empty periods too; one for the whole window, where period is null
-- grain_ru: одна строка на период, пустые тоже; одна на весь срок, в ней period пуст
-- unit: share of dialogs, 0 to 1
-- unit_ru: доля диалогов, от 0 до 1
-- denominator: all dialogs that clients began in the period
-- denominator_ru: все диалоги, которые клиенты начали в периоде
-- notes_ru: По диалогам: заявка относится к диалогу, в котором создана, даже если позже окна. `low` и `high` — границы
--   95-процентного интервала Уилсона: при малом числе диалогов он широк.
-- notes_en: By dialogs: a lead belongs to the dialog in which it was made, even if after the window. `low` and `high`
--   are the ends of Wilson's 95 % interval, which is wide when there are few dialogs.
-- version: 2
-- opens: begun
-- counts: dialogs; leads: is_lead
WITH begun AS (
    SELECT
        dialog_id,
        period_of(opened_at, $zone, $offset, $grain) AS period,
        lead_id IS NOT NULL                          AS is_lead
    FROM dialogs
    WHERE opened_at >= $start AND opened_at < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing) AND chosen_author(answered_by, $author)
),

by_period AS (
    SELECT period, count(*) AS dialogs, count(*) FILTER (is_lead) AS leads
    FROM begun
    GROUP BY period
),

counted AS (
    SELECT p.period, total(dialogs) AS dialogs, total(leads) AS leads
    FROM periods($start, $end, $zone, $offset, $grain) AS p
    LEFT JOIN by_period AS b ON b.period = p.period
    GROUP BY GROUPING SETS ((p.period), ())
)

SELECT
    period,
    dialogs,
    leads,
    leads / nullif(dialogs, 0)  AS conversion,
    wilson_low(leads, dialogs)  AS low,
    wilson_high(leads, dialogs) AS high
FROM counted
ORDER BY period NULLS FIRST
