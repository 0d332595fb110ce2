-- What the log says, as tables of things: the rivals begin with these.
CREATE VIEW dialog AS FROM dialogs;
CREATE VIEW wait AS FROM waits;
CREATE VIEW message AS
SELECT e.seq, e."at", e.account_id, e.listing_id, e.chat_id, e.message_id, coalesce(c.author, e.author) AS author,
       e."type" AS kind, e.found_by, e.received_at, e.body ->> '$.text' AS "text"
FROM lake.main.event_log AS e LEFT JOIN kept.corrected AS c ON c.seq = e.seq
WHERE e.kind IN ('message.received', 'message.sent');
CREATE VIEW verdict AS
SELECT seq, "at", account_id, listing_id, chat_id, message_id, verdict, reason, reply_id, received_at
FROM lake.main.event_log WHERE kind = 'verdict.given';
CREATE VIEW reply AS SELECT * EXCLUDE (first_seq, last_seq, known_until) FROM kept.replies;
CREATE VIEW lead AS SELECT * EXCLUDE (first_seq, last_seq, known_until) FROM kept.leads;
CREATE VIEW model_call AS
SELECT seq, "at", account_id, listing_id, chat_id, body ->> '$.outcome' AS outcome, tokens_in, tokens_out, cost_rub, latency_ms
FROM lake.main.event_log WHERE kind = 'model.called';
CREATE VIEW draft AS
SELECT seq, "at", account_id, listing_id, chat_id,
       CASE kind WHEN 'reply.intended' THEN 'intended' WHEN 'draft.sent' THEN 'mended' WHEN 'draft.thrown_away' THEN 'thrown_away'
                 ELSE reason END AS fate
FROM lake.main.event_log
WHERE kind IN ('draft.discarded', 'draft.thrown_away')
   OR kind = 'reply.intended' AND author = 'assistant'
   OR kind = 'draft.sent' AND CAST(body ->> '$.edited' AS BOOLEAN);
CREATE VIEW switch AS
SELECT listing_id, "at", CAST(body ->> '$.enabled' AS BOOLEAN) AS enabled
FROM lake.main.event_log WHERE kind = 'listing.ai_toggled';
