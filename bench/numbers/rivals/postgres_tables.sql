-- The same facts in PostgreSQL, as a competent person would lay them out: a table for each kind of thing, narrow rows, keys,
-- and an index for each way of asking; what is asked by time alone is in the index itself (INCLUDE), so that the table need
-- not be read. Dialogs and waits are kept ready, as the sink keeps them.
ALTER TABLE dialog ADD PRIMARY KEY (dialog_id);
CREATE INDEX ON dialog (opened_at);
CREATE INDEX ON dialog (account_id, opened_at);
CREATE INDEX ON dialog (listing_id, opened_at);
CREATE INDEX ON dialog (asked_at);
CREATE INDEX ON dialog (handed_off_at);
CREATE INDEX ON dialog (chat_id, opened_at);
CREATE INDEX ON wait (asked_at) INCLUDE (answered_at, answered_by, last_asked_at, is_first, thanked, account_id, listing_id);
CREATE INDEX ON wait (listing_id, asked_at);
CREATE INDEX ON wait (dialog_id);
ALTER TABLE message ADD PRIMARY KEY (seq);
CREATE INDEX ON message ("at") INCLUDE (author, kind, account_id, listing_id, found_by, received_at);
CREATE INDEX ON message (listing_id, "at");
CREATE INDEX ON message (message_id) INCLUDE (received_at);
ALTER TABLE verdict ADD PRIMARY KEY (seq);
CREATE INDEX ON verdict ("at") INCLUDE (verdict, received_at, message_id, account_id, listing_id);
CREATE INDEX ON verdict (message_id);
ALTER TABLE reply ADD PRIMARY KEY (reply_id);
CREATE INDEX ON reply ("at") INCLUDE (author, state, account_id, listing_id);
CREATE INDEX ON reply (sent_at) INCLUDE (author, account_id, listing_id);
ALTER TABLE lead ADD PRIMARY KEY (lead_id);
CREATE INDEX ON lead ("at");
CREATE INDEX ON model_call ("at") INCLUDE (account_id, listing_id, outcome, tokens_in, tokens_out, cost_rub, latency_ms);
CREATE INDEX ON draft ("at") INCLUDE (fate, account_id, listing_id);
CREATE INDEX ON switch (listing_id, "at");

-- What the metrics' macros do; simple enough for PostgreSQL to inline.
CREATE FUNCTION local_time(moment timestamp, away interval) RETURNS timestamp LANGUAGE sql IMMUTABLE
RETURN moment + away;
CREATE FUNCTION period_of(moment timestamp, away interval, grain text) RETURNS timestamp LANGUAGE sql IMMUTABLE
RETURN date_trunc(grain, moment + away);
CREATE FUNCTION epoch(span interval) RETURNS float8 LANGUAGE sql IMMUTABLE
RETURN CAST(extract(epoch FROM span) AS float8);
CREATE FUNCTION answerers(author text) RETURNS text[] LANGUAGE sql IMMUTABLE
RETURN CASE WHEN author IS NULL THEN ARRAY['all', 'nobody']
            WHEN author IN ('human_app', 'human_dashboard') THEN ARRAY['all', 'human', author]
            ELSE ARRAY['all', author] END;
CREATE FUNCTION span_of(seconds float8) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE WHEN seconds IS NULL THEN 'never' WHEN seconds <= 60 THEN 'within_1_min' WHEN seconds <= 300 THEN 'within_5_min'
            WHEN seconds <= 900 THEN 'within_15_min' WHEN seconds <= 3600 THEN 'within_60_min'
            WHEN seconds <= 86400 THEN 'within_24_h' ELSE 'longer' END;
CREATE AGGREGATE product(float8) (sfunc = float8mul, stype = float8, initcond = '1');
