-- All of the memory, from the log.
INSERT INTO remembered FROM lake.main.event_log WHERE is_of_others(kind);

INSERT INTO known SELECT DISTINCT hash(chat_id) FROM lake.main.settled_dialogs;

CREATE OR REPLACE TEMP TABLE opened AS FROM lake.main.open_chats;

INSERT INTO grounds
SELECT chat_id, max(dialog_number), max(bound), min(first_seq), max(last_seq)
FROM lake.main.settled_dialogs
WHERE chat_id IN (SELECT chat_id FROM opened)
GROUP BY chat_id;

-- Of a chat with a ground only what came after it: see `bound`.
INSERT INTO heard
SELECT e.*
FROM lake.main.event_log AS e
JOIN opened AS o ON o.chat_id = e.chat_id
LEFT JOIN grounds AS g ON g.chat_id = e.chat_id
WHERE is_of_chats(e.kind)
  AND e.author IS DISTINCT FROM 'avito'
  AND e.seq >= (SELECT min(each.first_seq) FROM (SELECT unnest(dialogs) AS each FROM opened))
  AND (g.bound IS NULL OR e."at" > CASE WHEN is_line(e.kind) THEN g.bound ELSE g.bound - clock_skew() END);
