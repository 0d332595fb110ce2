-- Everything that happened, one row per event, in the order in which the bot wrote it down.
SELECT
    seq, "at", kind, account_id, listing_id, chat_id, message_id,
    CAST(body AS JSON) AS body
FROM lake.main.event_log
