-- A batch with the log's columns; the hot ones are read from the body here, once, and never again.
CREATE OR REPLACE TEMP TABLE fresh AS
SELECT
    seq, "at", kind, account_id, listing_id, chat_id, message_id, body,
    said[1] AS author,
    said[2] AS "type",
    said[3] AS found_by,
    CAST(said[4] AS TIMESTAMP) AS received_at,
    said[5] AS reply_id,
    said[6] AS lead_id,
    said[7] AS verdict,
    said[8] AS state,
    said[9] AS reason,
    said[10] AS prompt_version,
    said[11] AS model,
    CAST(said[12] AS BIGINT) AS tokens_in,
    CAST(said[13] AS BIGINT) AS tokens_out,
    CAST(said[14] AS DOUBLE) AS cost_rub,
    CAST(said[15] AS BIGINT) AS latency_ms
FROM (
    SELECT *, body ->> [
        '$.author', '$.type', '$.found_by', '$.received_at', '$.reply_id', '$.lead_id', '$.verdict', '$.state', '$.reason',
        '$.prompt_version', '$.model', '$.tokens_in', '$.tokens_out', '$.cost_rub', '$.latency_ms'
    ] AS said
    FROM new_events
)
ORDER BY seq
