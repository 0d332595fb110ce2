-- name: drafts
-- title_ru: Черновики
-- title_en: Drafts
-- asks_ru: Какая доля того, что написал ассистент, не пригодилась, и почему?
-- asks_en: What share of what the assistant wrote was of no use, and why?
-- grain: one row per period and fate (`fate`: intended, mended, thrown_away, or why the draft was discarded); one per fate for the whole window, where period is null
-- grain_ru: одна строка на период и судьбу (`fate`: intended — отправлен, mended — исправлен человеком, thrown_away — выброшен, или почему черновик отброшен); одна на судьбу за весь срок, в ней period пуст
-- unit: drafts
-- unit_ru: черновики
-- denominator: all drafts of the same period whose fate is known, for `share`
-- denominator_ru: для `share` — все черновики того же периода, чья судьба известна
-- notes_ru: `intended` — черновик стал ответом; `mended` — менеджер поправил его и отправил; `thrown_away` — менеджер его не
--   захотел; иначе причина, по которой он выброшен: `newer_message` — клиент написал ещё, пока модель думала. Черновик,
--   который ждёт менеджера, не посчитан, пока не решено. За выброшенные тоже заплачено, см. «Расходы на модель».
-- notes_en: `intended`: the draft became a reply; `mended`: a manager changed and sent it; `thrown_away`: a manager did not
--   want it; else why it was discarded: `newer_message`: the client wrote more while the model was thinking. A draft that
--   waits for a manager does not count until it is decided. The discarded ones are paid for too, see "What the model
--   costs".
-- version: 2
-- opens: written
-- counts: drafts
-- Two questions: only the few drafts that a manager sent need their bodies.
WITH decided AS (
    SELECT chat_id, "at", account_id, listing_id, kind, reason
    FROM lake.main.event_log
    WHERE kind IN ('draft.discarded', 'draft.thrown_away') OR kind = 'reply.intended' AND author = 'assistant'
    UNION ALL
    SELECT chat_id, "at", account_id, listing_id, kind, reason
    FROM lake.main.event_log
    WHERE kind = 'draft.sent' AND CAST(body ->> '$.edited' AS BOOLEAN)
),

written AS (
    SELECT
        chat_id,
        "at",
        period_of("at", $zone, $offset, $grain) AS period,
        CASE kind
            WHEN 'reply.intended'    THEN 'intended'
            WHEN 'draft.sent'        THEN 'mended'
            WHEN 'draft.thrown_away' THEN 'thrown_away'
            ELSE reason
        END                                     AS fate
    FROM decided
    WHERE "at" >= $start AND "at" < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing)
),

counted AS (
    SELECT period, fate, count(*) AS drafts
    FROM written
    GROUP BY ALL
)

SELECT
    period,
    fate,
    total(drafts) AS drafts,
    total(drafts) / sum(total(drafts)) OVER (PARTITION BY period) AS share
FROM counted
GROUP BY GROUPING SETS ((period, fate), (fate))
ORDER BY period NULLS FIRST, fate
