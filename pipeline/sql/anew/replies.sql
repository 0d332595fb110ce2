-- What we sent or meant to send, one row per reply: `at` is when its text was fixed, `state` what is known last.
SELECT
    chat_id,
    reply_id,
    min("at")                                              AS "at",
    max(account_id)                                        AS account_id,
    max(listing_id)                                        AS listing_id,
    max(author)                                            AS author,
    CASE arg_max(kind, seq)
        WHEN 'reply.attempted' THEN 'sending'
        WHEN 'reply.doubted'   THEN 'unknown'
        WHEN 'reply.sent'      THEN 'sent'
        WHEN 'reply.dropped'   THEN 'dropped'
        ELSE 'intended'
    END                                                    AS state,
    min("at") FILTER (kind = 'reply.sent')                 AS sent_at,
    max(body ->> '$.sent_message_id') FILTER (kind = 'reply.sent') AS sent_message_id,
    max(prompt_version)                                    AS prompt_version,
    max(model)                                             AS model,
    max(tokens_in)                                         AS tokens_in,
    max(tokens_out)                                        AS tokens_out,
    max(cost_rub)                                          AS cost_rub,
    max(latency_ms)                                        AS latency_ms,
    max("at")                                              AS known_until,
    min(seq)                                               AS first_seq,
    max(seq)                                               AS last_seq
FROM chat_events
WHERE reply_id IS NOT NULL AND NOT is_line
GROUP BY chat_id, reply_id
