-- What the sink has in memory. `heard`: the events of open chats, but for those of their settled dialogs. `remembered`: all
-- events that say something about others. `grounds`: what is settled of open chats. `known`: which chats have anything
-- settled, as hashes. `recalled` and `settling` tell what a batch does to settled rows.
CREATE OR REPLACE TEMP TABLE heard AS FROM lake.main.event_log LIMIT 0;
CREATE OR REPLACE TEMP TABLE remembered AS FROM lake.main.event_log LIMIT 0;
CREATE OR REPLACE TEMP TABLE grounds (chat_id VARCHAR, dialogs BIGINT, bound TIMESTAMP, first_seq BIGINT, last_seq BIGINT);
CREATE OR REPLACE TEMP TABLE known (chat UBIGINT);
CREATE OR REPLACE TEMP TABLE touched (chat_id VARCHAR);
CREATE OR REPLACE TEMP TABLE concerned (chat_id VARCHAR);
CREATE OR REPLACE TEMP TABLE recalled (chat_id VARCHAR);
CREATE OR REPLACE TEMP TABLE settling (chat_id VARCHAR);

-- What the definitions are asked about.
CREATE OR REPLACE TEMP VIEW source AS
SELECT * FROM heard WHERE chat_id IN (SELECT chat_id FROM touched)
UNION ALL
FROM remembered;
