-- name: listing_funnel
-- title_ru: Воронка объявлений
-- title_en: The funnel of listings
-- asks_ru: Как просмотры объявления превращаются в контакты, диалоги, телефоны и заявки?
-- asks_en: How do a listing's views turn into contacts, dialogs, phones and leads?
-- grain: one row per period and listing, one per period for all (listing_id is null), and both for the whole window, where period is null; listing 0: chats about none
-- grain_ru: одна строка на период и объявление, одна на период для всех (listing_id пуст), и обе за весь срок, в них period пуст; объявление 0 — чаты не об объявлении
-- unit: counts; ratios
-- unit_ru: штуки; отношения
-- denominator: `views_to_contacts`: views; `dialogs_per_contact`: contacts; `conversion`: dialogs; each a ratio of sums over the days for which both are known
-- denominator_ru: `views_to_contacts` — просмотры; `dialogs_per_contact` — контакты; `conversion` — диалоги; каждое — отношение сумм по дням, за которые известно и то и другое
-- notes_ru: Просмотры, контакты и избранное — числа самого Авито за день; чего Авито не сообщил, то пусто, а не ноль
--   (`days` — за сколько дней объявлений он сообщил хоть что-то). Люди у Авито уникальны в пределах дня: сумма за неделю —
--   не число людей. «Контакт» Авито — просмотр телефона или сообщение; `phones` — номера, которые получили мы. Диалог
--   относится ко дню на часах выбранного пояса, день Авито — его собственный. При шаге «час» период — день.
-- notes_en: Views, contacts and favourites are Avito's own numbers of a day; what Avito did not tell is empty, not zero
--   (`days`: for how many days of listings it told anything). Avito's people are unique within a day: the sum of a week is
--   no number of people. Avito's "contact" is a look at the phone or a message; `phones` are those that we got. A dialog
--   counts on its day on the clock of the zone, Avito's day is its own. With the grain hour the period is a day.
-- version: 1
-- opens: begun
-- counts: dialogs; phones: has_phone; leads: is_lead
WITH begun AS (
    SELECT
        dialog_id,
        coalesce(listing_id, 0)                                      AS listing_id,
        CAST(local_time(opened_at, $zone, $offset) AS DATE)          AS day,
        CAST(date_trunc($grain, CAST(local_time(opened_at, $zone, $offset) AS DATE)) AS TIMESTAMP) AS period,
        phone_at IS NOT NULL                                         AS has_phone,
        lead_id IS NOT NULL                                          AS is_lead
    FROM dialogs
    WHERE opened_at >= $start AND opened_at < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing)
),

ours AS (
    SELECT
        listing_id,
        day,
        count(*)                        AS dialogs,
        count(*) FILTER (has_phone)     AS phones,
        count(*) FILTER (is_lead)       AS leads
    FROM begun
    GROUP BY listing_id, day
),

-- A later row for a day takes the place of the earlier one, also where it says less.
told AS (
    SELECT
        listing_id,
        CAST(body ->> '$.day' AS DATE)  AS day,
        arg_max({
            'views':     CAST(body ->> '$.views' AS BIGINT),
            'contacts':  CAST(body ->> '$.contacts' AS BIGINT),
            'favorites': CAST(body ->> '$.favorites' AS BIGINT)
        }, seq)                         AS last
    FROM lake.main.event_log
    WHERE kind = 'stats.recorded'
      AND chosen(account_id, $account) AND chosen(listing_id, $listing)
    GROUP BY ALL
),

avitos AS (
    SELECT listing_id, day, last.views AS views, last.contacts AS contacts, last.favorites AS favorites
    FROM told
    WHERE day >= CAST(local_time(CAST($start AS TIMESTAMP), $zone, $offset) AS DATE)
      AND day <= CAST(local_time(CAST($end AS TIMESTAMP) - INTERVAL 1 MICROSECOND, $zone, $offset) AS DATE)
),

days AS (
    SELECT
        listing_id,
        CAST(date_trunc($grain, day) AS TIMESTAMP)  AS period,
        coalesce(a.views, a.contacts, a.favorites) IS NOT NULL AS is_told,
        a.views,
        a.contacts,
        a.favorites,
        coalesce(o.dialogs, 0)                      AS dialogs,
        coalesce(o.phones, 0)                       AS phones,
        coalesce(o.leads, 0)                        AS leads
    FROM avitos AS a
    FULL JOIN ours AS o USING (listing_id, day)
),

summed AS (
    SELECT
        period,
        listing_id,
        count(*) FILTER (is_told)       AS days,
        CAST(sum(views) AS BIGINT)      AS views,
        CAST(sum(contacts) AS BIGINT)   AS contacts,
        CAST(sum(favorites) AS BIGINT)  AS favorites,
        CAST(sum(dialogs) AS BIGINT)    AS dialogs,
        CAST(sum(phones) AS BIGINT)     AS phones,
        CAST(sum(leads) AS BIGINT)      AS leads,
        sum(contacts) FILTER (views IS NOT NULL) / nullif(sum(views) FILTER (contacts IS NOT NULL), 0)
                                        AS views_to_contacts,
        sum(dialogs) FILTER (contacts IS NOT NULL) / nullif(sum(contacts), 0)
                                        AS dialogs_per_contact
    FROM days
    GROUP BY GROUPING SETS ((period, listing_id), (period), (listing_id), ())
    HAVING count(*) > 0
)

SELECT
    s.period,
    s.listing_id,
    l.title,
    s.* EXCLUDE (period, listing_id),
    s.leads / nullif(s.dialogs, 0)      AS conversion,
    wilson_low(s.leads, s.dialogs)      AS low,
    wilson_high(s.leads, s.dialogs)     AS high
FROM summed AS s
LEFT JOIN listings AS l ON l.listing_id = s.listing_id
ORDER BY s.period NULLS FIRST, s.listing_id NULLS FIRST
