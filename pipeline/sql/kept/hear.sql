-- The chats that a batch names, and what it says of them.
CREATE OR REPLACE TEMP TABLE touched AS
SELECT DISTINCT chat_id
FROM fresh
WHERE chat_id IS NOT NULL
  AND (is_of_chats(kind) AND author IS DISTINCT FROM 'avito' OR kind = 'message.attributed');

INSERT INTO heard
FROM fresh
WHERE chat_id IS NOT NULL AND is_of_chats(kind) AND author IS DISTINCT FROM 'avito';

DELETE FROM concerned;
DELETE FROM recalled;
DELETE FROM settling;
