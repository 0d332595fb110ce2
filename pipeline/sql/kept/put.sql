-- The open chats are written whole: a file of some hundred rows, and no list of deleted rows beside it.
DELETE FROM lake.main.open_chats;
INSERT INTO lake.main.open_chats FROM opened;
