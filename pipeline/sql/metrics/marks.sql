-- name: marks
-- title_ru: Что менялось
-- title_en: What was changed
-- asks_ru: Когда менялись включение, режим, инструкция ассистента или цена?
-- asks_en: When did a switch, a mode, the assistant's prompt or a price change?
-- grain: one row per change, oldest first; `at` is UTC, `period` its period on the clock of the zone
-- grain_ru: одна строка на изменение, сначала старые; `at` — по UTC, `period` — его период по часам пояса
-- unit: none
-- unit_ru: нет
-- denominator: none
-- denominator_ru: нет
-- notes_ru: `switch` — ответы ассистента для объявления включили или выключили; `mode` — как далеко он может заходить;
--   `silence` — его заставили молчать везде или позволили говорить; `prompt` — появилась версия инструкции, которой не
--   пользовались последние сутки; `price` — у объявления другая цена. Первая известная цена, первый режим и первая версия
--   инструкции — не изменения.
-- notes_en: `switch`: answers were switched on or off for a listing; `mode`: how far the assistant may go; `silence`: it
--   was silenced everywhere, or may speak again; `prompt`: a version of the prompt appears that was not in use for the
--   last day; `price`: a listing has another price. The first known price, the first mode and the first version of the
--   prompt are no changes.
-- version: 4
-- Ranges of kinds: for a list of them DuckDB would read the bodies of all events.
WITH told AS (
    SELECT seq, "at", kind, account_id, listing_id, body
    FROM lake.main.event_log
    WHERE kind BETWEEN 'listing.ai_toggled' AND 'listing.seen'
      AND kind IN ('listing.ai_toggled', 'listing.mode_set', 'listing.seen')
      AND chosen(account_id, $account) AND chosen(listing_id, $listing)
    UNION ALL
    SELECT seq, "at", kind, account_id, listing_id, body
    FROM lake.main.event_log
    WHERE kind = 'assistant.silenced'
),

seen AS (
    SELECT
        seq,
        "at",
        account_id,
        listing_id,
        CASE kind
            WHEN 'listing.seen'       THEN 'price'
            WHEN 'listing.mode_set'   THEN 'mode'
            WHEN 'assistant.silenced' THEN 'silence'
            ELSE 'switch'
        END AS what,
        CASE kind
            WHEN 'listing.seen'       THEN (body ->> '$.price')
            WHEN 'listing.mode_set'   THEN (body ->> '$.mode')
            WHEN 'assistant.silenced' THEN CASE WHEN CAST(body ->> '$.silenced' AS BOOLEAN) THEN 'on' ELSE 'off' END
            ELSE CASE WHEN CAST(body ->> '$.enabled' AS BOOLEAN) THEN 'on' ELSE 'off' END
        END AS value
    FROM told
    WHERE "at" < $end
),

turns AS (
    SELECT *, lag(value) OVER (PARTITION BY listing_id, what ORDER BY seq) AS before
    FROM seen
    WHERE value IS NOT NULL
),

-- Hours in which a version of the prompt was in use, and as one row all that was before the window; few rows, however long
-- the log.
used AS (
    SELECT
        account_id,
        prompt_version                                                      AS value,
        CASE WHEN min("at") >= $start THEN min("at") ELSE max("at") END     AS "at",
        max("at")                                                           AS last_at
    FROM lake.main.event_log
    WHERE kind IN ('reply.intended', 'draft.written') AND is_by_instructions(prompt_version)
      AND "at" < $end
      AND chosen(account_id, $account)
    GROUP BY account_id, prompt_version, CASE WHEN "at" >= $start THEN date_trunc('hour', "at") END
),

versions AS (
    SELECT
        *,
        lag(last_at) OVER (PARTITION BY account_id, value ORDER BY "at")    AS last_used,
        lag(value) OVER (PARTITION BY account_id ORDER BY "at")             AS before
    FROM used
),

changes AS (
    SELECT "at", what, account_id, listing_id, before, value AS after
    FROM turns
    WHERE value <> coalesce(before, CASE WHEN what IN ('switch', 'silence') THEN 'off' ELSE value END)
    UNION ALL
    SELECT "at", 'prompt', account_id, NULL, before, value
    FROM versions
    WHERE before <> value AND coalesce("at" - last_used > INTERVAL 1 DAY, true)
)

SELECT
    "at",
    period_of("at", $zone, $offset, $grain) AS period,
    what,
    account_id,
    listing_id,
    before,
    after
FROM changes
WHERE "at" >= $start
ORDER BY "at", what, listing_id
