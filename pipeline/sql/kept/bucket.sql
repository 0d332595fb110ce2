-- One bucket's events.
DELETE FROM heard;
CREATE OR REPLACE TEMP TABLE touched AS SELECT chat_id FROM spans WHERE bucket = $bucket;
INSERT INTO heard
SELECT e.*
FROM lake.main.event_log AS e
WHERE is_of_chats(e.kind)
  AND e.author IS DISTINCT FROM 'avito'
  AND e.chat_id IN (SELECT chat_id FROM touched)
  AND e.seq BETWEEN (SELECT min(first_seq) FROM spans WHERE bucket = $bucket)
                AND (SELECT max(last_seq) FROM spans WHERE bucket = $bucket);
