-- The kept tables, empty. Rows of chats that were quiet for long lie flat and sorted in `settled_…`; those of the chats that
-- were heard of last in `open_chats`, one row per chat. A chat's dialogs from some number on may be open while those
-- before are settled; no row is in both.
CREATE OR REPLACE TABLE lake.main.settled_dialogs AS FROM dialogs LIMIT 0;
CREATE OR REPLACE TABLE lake.main.settled_waits AS FROM waits LIMIT 0;
CREATE OR REPLACE TABLE lake.main.settled_replies AS FROM replies LIMIT 0;
CREATE OR REPLACE TABLE lake.main.settled_leads AS FROM leads LIMIT 0;
CREATE OR REPLACE TABLE lake.main.corrected AS FROM corrected LIMIT 0;
CREATE OR REPLACE TABLE lake.main.open_chats AS FROM nested LIMIT 0;
