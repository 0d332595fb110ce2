-- The events of recalled chats that are not in memory.
INSERT INTO heard
SELECT e.*
FROM lake.main.event_log AS e
WHERE is_of_chats(e.kind)
  AND e.author IS DISTINCT FROM 'avito'
  AND e.chat_id IN (SELECT chat_id FROM recalled)
  AND e.seq BETWEEN (SELECT min(first_seq) FROM grounds WHERE chat_id IN (SELECT chat_id FROM recalled))
                AND (SELECT max(last_seq) FROM grounds WHERE chat_id IN (SELECT chat_id FROM recalled))
  AND e.seq NOT IN (SELECT seq FROM heard);

DELETE FROM grounds WHERE chat_id IN (SELECT chat_id FROM recalled);
