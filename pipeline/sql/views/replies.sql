-- What we sent or meant to send, one row per reply: `at` is when its text was fixed, `state` what is known last.
SELECT
    reply_id,
    min("at")                                              AS "at",
    min(chat_id)                                           AS chat_id,
    max(author)                                            AS author,
    CASE arg_max(kind, seq)
        WHEN 'reply.attempted' THEN 'sending'
        WHEN 'reply.doubted'   THEN 'unknown'
        WHEN 'reply.sent'      THEN 'sent'
        WHEN 'reply.dropped'   THEN 'dropped'
        ELSE 'intended'
    END                                                    AS state,
    max(body ->> '$.sent_message_id') FILTER (kind = 'reply.sent') AS sent_message_id,
    max(prompt_version)                                    AS prompt_version,
    max(model)                                             AS model,
    max(tokens_in)                                         AS tokens_in,
    max(tokens_out)                                        AS tokens_out,
    max(cost_rub)                                          AS cost_rub,
    max(latency_ms)                                        AS latency_ms
FROM lake.main.event_log
WHERE kind IN (
    'reply.intended', 'reply.attempted', 'reply.refused', 'reply.doubted', 'reply.sent', 'reply.dropped'
)
GROUP BY reply_id
