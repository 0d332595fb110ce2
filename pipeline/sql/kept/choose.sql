-- The chats that were quiet for longest.
INSERT INTO settling
SELECT chat_id FROM opened ORDER BY last_seq DESC OFFSET $stay;
