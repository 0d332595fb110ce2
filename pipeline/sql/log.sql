-- The log: one row per event, append-only. The columns after `body` repeat what most questions ask of it, so that
-- views need not read JSON; the writer fills them from the body. Columns of one kind of event are null in all others,
-- and cost next to nothing in Parquet.
CREATE TABLE IF NOT EXISTS lake.main.event_log (
    seq            BIGINT,
    "at"           TIMESTAMP,
    kind           VARCHAR,
    account_id     BIGINT,
    listing_id     BIGINT,
    chat_id        VARCHAR,
    message_id     VARCHAR,
    body           VARCHAR,
    author         VARCHAR,
    "type"         VARCHAR,
    found_by       VARCHAR,
    received_at    TIMESTAMP,
    reply_id       VARCHAR,
    lead_id        VARCHAR,
    verdict        VARCHAR,
    state          VARCHAR,
    reason         VARCHAR,
    prompt_version VARCHAR,
    model          VARCHAR,
    tokens_in      BIGINT,
    tokens_out     BIGINT,
    cost_rub       DOUBLE,
    latency_ms     BIGINT
);

-- What the log says of itself: `silence_seconds` after which a dialog ends, and by which definitions rows are `kept`.
CREATE TABLE IF NOT EXISTS lake.main.about (name VARCHAR, value VARCHAR);
