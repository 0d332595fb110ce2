-- name: listing_changes
-- title_ru: Что изменилось по объявлениям
-- title_en: What changed, by listing
-- asks_ru: Какие объявления сдвинули число диалогов, заявок и ответов в срок против такого же срока до этого?
-- asks_en: Which listings moved the number of dialogs, leads and answers in time, against the same span before?
-- grain: one row per listing of which anything is counted in either span, most dialogs first; listing 0: chats about none
-- grain_ru: одна строка на объявление, о котором есть что посчитать в любом из двух сроков, сначала те, где диалогов больше; объявление 0 — чаты не об объявлении
-- unit: dialogs; leads; first answers; shares, 0 to 1
-- unit_ru: диалоги; заявки; первые ответы; доли от 0 до 1
-- denominator: `attainment`: all first answers that were given or are past the target (`in_time` and `late`)
-- denominator_ru: для `attainment` — все первые ответы, которые даны или опоздали (`in_time` и `late`)
-- notes_ru: Столбцы с `_before` — о таком же числе дней перед окном: они кончаются в то же время суток, что и окно. Определения
--   те же, что у «Диалогов», «Конверсии в заявку» и «Ответов в срок» (только первые ответы). `in_time_points` — на
--   сколько объявление сдвинуло общую долю ответов в срок: чем больше у него ответов лучше прошлой общей доли, тем больше;
--   сумма по объявлениям — изменение всей доли.
-- notes_en: Columns with `_before` are about as many days before the window, and end at the same time of day. The definitions
--   are those of "Dialogs", "Conversion to a lead" and "Answers in time" (first answers alone). `in_time_points`: by how
--   much the listing moved the share of all answers that came in time: it is the greater, the more answers it has that are
--   better than the whole share was before; its sum over the listings is the change of the whole share.
-- version: 1
-- opens: moved
-- counts: dialogs: what = 'dialog' AND span = 'now'; leads: what = 'lead' AND span = 'now';
--   in_time: what = 'in_time' AND span = 'now'; late: what = 'late' AND span = 'now';
--   dialogs_before: what = 'dialog' AND span = 'before'; leads_before: what = 'lead' AND span = 'before';
--   in_time_before: what = 'in_time' AND span = 'before'; late_before: what = 'late' AND span = 'before'
WITH spans AS (
    SELECT
        since,
        until,
        days_earlier(since, days, $zone)    AS since_before,
        days_earlier(until, days, $zone)    AS until_before
    FROM (
        SELECT
            CAST($start AS TIMESTAMP)       AS since,
            CAST($end AS TIMESTAMP)         AS until,
            CAST(ceil(
                epoch(local_time(CAST($end AS TIMESTAMP), $zone, NULL) - local_time(CAST($start AS TIMESTAMP), $zone, NULL))
                / 86400
            ) AS BIGINT)                    AS days
    )
),

happened AS (
    SELECT
        dialog_id,
        listing_id,
        opened_at   AS moment,
        unnest(CASE WHEN lead_id IS NULL THEN ['dialog'] ELSE ['dialog', 'lead'] END) AS what
    FROM dialogs, spans
    WHERE opened_at >= since_before AND opened_at < until
      AND chosen(account_id, $account) AND chosen(listing_id, $listing) AND chosen_author(answered_by, $author)
    UNION ALL
    SELECT
        dialog_id,
        listing_id,
        asked_at,
        CASE
            WHEN seconds_between(
                asked_at, coalesce(answered_at, known.until), $zone, $offset, $opens, $closes, $weekdays
            ) > $target                 THEN 'late'
            WHEN answered_at IS NULL    THEN 'not_due'
            ELSE 'in_time'
        END
    FROM waits, known, spans
    WHERE is_first AND NOT thanked
      AND asked_at >= since_before AND asked_at < spans.until
      AND chosen(account_id, $account) AND chosen(listing_id, $listing)
),

moved AS (
    SELECT
        dialog_id,
        coalesce(listing_id, 0)                                 AS listing_id,
        what,
        CASE WHEN moment >= since THEN 'now' ELSE 'before' END  AS span
    FROM happened, spans
    WHERE moment >= since OR moment < until_before
),

counted AS (
    SELECT
        listing_id,
        count(*) FILTER (what = 'dialog' AND span = 'now')      AS dialogs,
        count(*) FILTER (what = 'dialog' AND span = 'before')   AS dialogs_before,
        count(*) FILTER (what = 'lead' AND span = 'now')        AS leads,
        count(*) FILTER (what = 'lead' AND span = 'before')     AS leads_before,
        count(*) FILTER (what = 'in_time' AND span = 'now')     AS in_time,
        count(*) FILTER (what = 'late' AND span = 'now')        AS late,
        count(*) FILTER (what = 'in_time' AND span = 'before')  AS in_time_before,
        count(*) FILTER (what = 'late' AND span = 'before')     AS late_before
    FROM moved
    GROUP BY listing_id
),

whole AS (
    SELECT
        nullif(sum(in_time + late), 0)                                      AS due,
        sum(in_time_before + late_before)                                   AS due_before,
        sum(in_time_before) / nullif(sum(in_time_before + late_before), 0)  AS share_before
    FROM counted
)

SELECT
    c.listing_id,
    l.title,
    c.* EXCLUDE (listing_id),
    in_time / nullif(in_time + late, 0)                                             AS attainment,
    in_time_before / nullif(in_time_before + late_before, 0)                        AS attainment_before,
    (in_time - share_before * (in_time + late)) / due
    - (in_time_before - share_before * (in_time_before + late_before)) / due_before AS in_time_points
FROM counted AS c
CROSS JOIN whole
LEFT JOIN listings AS l ON l.listing_id = c.listing_id
ORDER BY greatest(dialogs, dialogs_before) DESC, c.listing_id
