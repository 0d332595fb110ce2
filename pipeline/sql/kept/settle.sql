-- Rows of chats that were quiet for longest become settled, and their events are forgotten.
INSERT INTO lake.main.settled_dialogs
SELECT unnest(dialogs, max_depth := 2) FROM opened WHERE chat_id IN (SELECT chat_id FROM settling);
INSERT INTO lake.main.settled_waits
SELECT unnest(waits, max_depth := 2) FROM opened WHERE chat_id IN (SELECT chat_id FROM settling);
INSERT INTO lake.main.settled_replies
SELECT unnest(replies, max_depth := 2) FROM opened WHERE chat_id IN (SELECT chat_id FROM settling);
INSERT INTO lake.main.settled_leads
SELECT unnest(leads, max_depth := 2) FROM opened WHERE chat_id IN (SELECT chat_id FROM settling);

INSERT INTO known SELECT hash(chat_id) FROM settling;
DELETE FROM heard WHERE chat_id IN (SELECT chat_id FROM settling);
DELETE FROM grounds WHERE chat_id IN (SELECT chat_id FROM settling);
DELETE FROM opened WHERE chat_id IN (SELECT chat_id FROM settling);
