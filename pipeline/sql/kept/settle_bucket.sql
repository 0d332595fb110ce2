-- The rows of a bucket, all of them settled.
INSERT INTO lake.main.settled_dialogs FROM dialogs;
INSERT INTO lake.main.settled_waits FROM waits;
INSERT INTO lake.main.settled_replies FROM replies;
INSERT INTO lake.main.settled_leads FROM leads;
INSERT INTO lake.main.corrected FROM corrected;
