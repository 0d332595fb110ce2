-- Corrected lines of chats that nobody named: the whole log is searched.
INSERT INTO concerned
SELECT DISTINCT chat_id
FROM lake.main.event_log
WHERE is_line(kind) AND message_id IN (SELECT message_id FROM corrections WHERE heard_in IS NULL AND chat_id IS NULL);
