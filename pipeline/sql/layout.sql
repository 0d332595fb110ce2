-- How the log's files are laid out. Files that are merged are sorted: a question about one kind of event reads no other.
ALTER TABLE lake.main.event_log SET SORTED BY (kind ASC, seq ASC);
ALTER TABLE lake.main.settled_dialogs SET SORTED BY (opened_at ASC);
ALTER TABLE lake.main.settled_waits SET SORTED BY (asked_at ASC);
ALTER TABLE lake.main.settled_replies SET SORTED BY ("at" ASC);
ALTER TABLE lake.main.settled_leads SET SORTED BY ("at" ASC);
CALL lake.set_option('parquet_compression', 'zstd');
CALL lake.set_option('parquet_version', '2');
CALL lake.set_option('parquet_row_group_size', '40960');
