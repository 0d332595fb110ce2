-- name: drafts
-- title_ru: Черновики
-- title_en: Drafts
-- asks_ru: Какая доля того, что написал ассистент, не пригодилась, и почему?
-- asks_en: What share of what the assistant wrote was of no use, and why?
-- grain: one row per period and fate (`fate`: intended, or why the draft was discarded); one per fate for the whole window, where period is null
-- unit: drafts
-- denominator: all drafts of the same period, for `share`
-- notes_ru: `intended` — черновик стал ответом; иначе причина, по которой он выброшен: `newer_message` — клиент написал
--   ещё, пока модель думала. За выброшенные тоже заплачено, см. «Расходы на модель».
-- notes_en: `intended`: the draft became a reply; else why it was thrown away: `newer_message`: the client wrote more
--   while the model was thinking. The discarded ones are paid for too, see "What the model costs".
-- version: 1
-- opens: written
-- counts: drafts
WITH written AS (
    SELECT
        chat_id,
        "at",
        period_of("at", $zone, $offset, $grain)                                         AS period,
        CASE kind WHEN 'reply.intended' THEN 'intended' ELSE reason END AS fate
    FROM lake.main.event_log
    WHERE (kind = 'draft.discarded' OR kind = 'reply.intended' AND author = 'assistant')
      AND "at" >= $start AND "at" < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing)
)

SELECT
    period,
    fate,
    count(*)                                            AS drafts,
    count(*) / sum(count(*)) OVER (PARTITION BY period) AS share
FROM written
GROUP BY GROUPING SETS ((period, fate), (fate))
ORDER BY period NULLS FIRST, fate
