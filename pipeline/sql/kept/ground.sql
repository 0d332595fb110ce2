-- What is settled of touched chats that were not open.
INSERT INTO grounds
SELECT chat_id, max(dialog_number), max(bound), min(first_seq), max(last_seq)
FROM lake.main.settled_dialogs
WHERE chat_id IN (SELECT chat_id FROM come_back)
GROUP BY chat_id;
