-- What concerns a chat's dialogs, replies and leads: the last attribution decides who wrote a line, and Avito's notices are
-- no part of it. `source` has the columns of the log.
SELECT
    e.seq,
    e."at",
    e.kind,
    e.account_id,
    e.listing_id,
    e.chat_id,
    e.message_id,
    is_line(e.kind)                 AS is_line,
    coalesce(a.author, e.author)    AS author,
    e."type",
    e.reply_id,
    e.lead_id,
    e.state,
    e.reason,
    e.prompt_version,
    e.model,
    e.tokens_in,
    e.tokens_out,
    e.cost_rub,
    e.latency_ms,
    e.body
FROM source AS e
LEFT JOIN attributed AS a ON a.message_id = e.message_id
WHERE e.chat_id IS NOT NULL AND is_of_chats(e.kind) AND e.author IS DISTINCT FROM 'avito'
