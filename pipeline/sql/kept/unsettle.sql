-- Settled rows of recalled chats: they are open now.
DELETE FROM lake.main.settled_dialogs WHERE chat_id IN (SELECT chat_id FROM recalled);
DELETE FROM lake.main.settled_waits WHERE chat_id IN (SELECT chat_id FROM recalled);
DELETE FROM lake.main.settled_replies WHERE chat_id IN (SELECT chat_id FROM recalled);
DELETE FROM lake.main.settled_leads WHERE chat_id IN (SELECT chat_id FROM recalled);
