-- The rows of the touched chats as they are now.
DELETE FROM opened WHERE chat_id IN (SELECT chat_id FROM touched);
INSERT INTO opened FROM nested;
