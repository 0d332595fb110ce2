-- name: replies_by_state
-- title_ru: Ответы по состояниям
-- title_en: Replies by state
-- asks_ru: Дошли ли наши ответы?
-- asks_en: Did our replies arrive?
-- grain: one row per period, author and state; one per author and state for the whole window, where period is null
-- grain_ru: одна строка на период, автора и состояние; одна на автора и состояние за весь срок, в ней period пуст
-- unit: replies
-- unit_ru: ответы
-- denominator: all replies of the same period, for `share`
-- denominator_ru: для `share` — все ответы того же периода
-- notes_ru: Последнее известное состояние: задуман, отправляется, отправлен, неизвестно, отменён. Период — когда текст
--   был готов.
-- notes_en: The last known state: intended, sending, sent, unknown, dropped. The period is when the text was fixed.
-- version: 1
-- opens: meant
-- counts: replies
WITH meant AS (
    SELECT chat_id, "at", period_of("at", $zone, $offset, $grain) AS period, author, state
    FROM kept.replies
    WHERE author IS NOT NULL
      AND "at" >= $start AND "at" < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing)
),

counted AS (
    SELECT period, author, state, count(*) AS replies
    FROM meant
    GROUP BY ALL
)

SELECT
    period,
    author,
    state,
    total(replies) AS replies,
    total(replies) / sum(total(replies)) OVER (PARTITION BY period) AS share
FROM counted
GROUP BY GROUPING SETS ((period, author, state), (author, state))
ORDER BY period NULLS FIRST, author, state
