-- A chat from beginning to end: its lines, and what else happened in it; a reply and a lead are one row each. `asks`: a
-- kind of client message that wants an answer. The bot's clock may be behind Avito's, so what happened a little before a
-- dialog began belongs to it: by `moment` lines come that much earlier.
SELECT
    chat_id, "at" - clock_skew() AS moment, "at", "at" AS known_until, seq, seq AS last_seq, 'line' AS what, account_id, listing_id, author,
    author <> 'client' AS answers,
    author = 'client' AND "type" IN (
        'text', 'image', 'link', 'item', 'location', 'voice', 'file', 'video', 'appCall'
    ) AS asks,
    CASE WHEN author = 'client' AND "type" = 'text' THEN body ->> '$.text' END AS said,
    NULL AS reason, NULL AS prompt_version, NULL AS tokens_in, NULL AS tokens_out, NULL AS cost_rub, NULL AS lead_id,
    NULL AS state, NULL AS phone_at
FROM chat_events
WHERE is_line
UNION ALL
SELECT
    chat_id, "at", "at", "at", seq, seq, kind, NULL, NULL, NULL, NULL, NULL, NULL,
    reason, NULL, tokens_in, tokens_out, cost_rub, NULL, NULL, NULL
FROM chat_events
WHERE NOT is_line AND reply_id IS NULL AND lead_id IS NULL
UNION ALL
SELECT
    chat_id, "at", "at", known_until, first_seq, last_seq, 'reply', NULL, NULL, author, NULL, NULL, NULL,
    NULL, prompt_version, NULL, NULL, NULL, NULL, NULL, NULL
FROM replies
UNION ALL
SELECT
    chat_id, "at", "at", known_until, first_seq, last_seq, 'lead', NULL, NULL, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL, NULL, lead_id, state, phone_at
FROM leads
