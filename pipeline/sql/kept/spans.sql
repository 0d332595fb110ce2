-- All chats in the order in which they were first heard of, in buckets of about as many events.
CREATE OR REPLACE TEMP TABLE spans AS
SELECT
    chat_id, first_seq, last_seq,
    CAST((sum(events) OVER (ORDER BY first_seq ROWS UNBOUNDED PRECEDING) - events) // $size AS BIGINT) AS bucket
FROM (
    SELECT chat_id, min(seq) AS first_seq, max(seq) AS last_seq, count(*) AS events
    FROM lake.main.event_log
    WHERE chat_id IS NOT NULL AND is_of_chats(kind) AND author IS DISTINCT FROM 'avito'
    GROUP BY chat_id
);
