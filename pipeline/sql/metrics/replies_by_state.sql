-- name: replies_by_state
-- title_ru: Ответы по состояниям
-- title_en: Replies by state
-- asks_ru: Дошли ли наши ответы?
-- asks_en: Did our replies arrive?
-- grain: one row per period, author and state; one per author and state for the whole window, where period is null
-- unit: replies
-- denominator: all replies of the same period, for `share`
-- notes_ru: Последнее известное состояние: задуман, отправляется, отправлен, неизвестно, отменён. Период — когда текст
--   был готов.
-- notes_en: The last known state: intended, sending, sent, unknown, dropped. The period is when the text was fixed.
-- version: 1
-- opens: meant
-- counts: replies
WITH meant AS (
    SELECT e.chat_id, e."at", period_of(e."at", $zone, $offset, $grain) AS period, r.author, r.state
    FROM lake.main.event_log AS e
    JOIN replies AS r ON r.reply_id = e.reply_id
    WHERE e.kind = 'reply.intended'
      AND e."at" >= $start AND e."at" < $end
      AND chosen(e.account_id, $account) AND chosen(e.listing_id, $listing)
)

SELECT
    period,
    author,
    state,
    count(*)                                                AS replies,
    count(*) / sum(count(*)) OVER (PARTITION BY period)     AS share
FROM meant
GROUP BY GROUPING SETS ((period, author, state), (author, state))
ORDER BY period NULLS FIRST, author, state
