-- What became of each client message, one final row per message.
SELECT message_id, "at", chat_id, verdict, reason, reply_id
FROM lake.main.event_log
WHERE kind = 'verdict.given'
