-- Adds the rows after $position; the hot columns are read from the body here, once, and never again.
INSERT INTO lake.main.event_log
SELECT
    seq, "at", kind, account_id, listing_id, chat_id, message_id, body,
    body ->> '$.author',
    body ->> '$.type',
    body ->> '$.found_by',
    CAST(body ->> '$.received_at' AS TIMESTAMP),
    body ->> '$.reply_id',
    body ->> '$.lead_id',
    body ->> '$.verdict',
    body ->> '$.state',
    body ->> '$.reason',
    body ->> '$.prompt_version',
    body ->> '$.model',
    CAST(body ->> '$.tokens_in' AS BIGINT),
    CAST(body ->> '$.tokens_out' AS BIGINT),
    CAST(body ->> '$.cost_rub' AS DOUBLE),
    CAST(body ->> '$.latency_ms' AS BIGINT)
FROM new_events
WHERE seq > $position
ORDER BY seq;
