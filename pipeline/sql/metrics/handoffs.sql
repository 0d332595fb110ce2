-- name: handoffs
-- title_ru: Передачи человеку
-- title_en: Hand-offs to a person
-- asks_ru: Почему ассистент передаёт чат и как скоро его берёт человек?
-- asks_en: Why does the assistant step aside, and how soon does a person take over?
-- grain: one row per period and reason; one per reason for the whole window, where period is null
-- unit: hand-offs
-- denominator: all hand-offs of the same row, for `share_taken`
-- notes_ru: «Взят» — человек написал в чат в течение 72 часов после передачи; время до этого — медиана по взятым.
-- notes_en: "Taken": a person wrote in the chat within 72 hours after the hand-off; the time until then is the median
--   of the taken ones.
-- version: 1
WITH people AS (
    SELECT chat_id, "at"
    FROM messages
    WHERE author IN ('human_app', 'human_dashboard')
),

handed AS (
    SELECT
        period_of(h."at", $zone, $grain) AS period,
        h.reason,
        CASE WHEN p."at" <= h."at" + INTERVAL 72 HOUR THEN epoch(p."at") - epoch(h."at") END AS seconds
    FROM lake.main.event_log AS h
    ASOF LEFT JOIN people AS p ON p.chat_id = h.chat_id AND p."at" >= h."at"
    WHERE h.kind = 'chat.handed_off'
      AND h."at" >= $start AND h."at" < $end
      AND (CAST($account AS BIGINT) IS NULL OR h.account_id = $account)
      AND (CAST($listing AS BIGINT) IS NULL OR h.listing_id = $listing)
)

SELECT
    period,
    reason,
    count(*)                    AS handoffs,
    count(seconds)              AS taken,
    count(seconds) / count(*)   AS share_taken,
    median(seconds)             AS median_seconds_to_person
FROM handed
GROUP BY GROUPING SETS ((period, reason), (reason))
ORDER BY period NULLS FIRST, handoffs DESC, reason
