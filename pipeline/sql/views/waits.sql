-- Every wait of a client, one row per burst: from its first message that wants an answer to the next line of the seller
-- in the same dialog. `answered_at` is null when there was none.
SELECT
    chat_id || '/' || dialog_number        AS dialog_id,
    chat_id,
    account_id,
    listing_id,
    asked_at,
    messages,
    answered_at,
    answered_by,
    epoch(answered_at) - epoch(asked_at)   AS seconds
FROM bursts
WHERE asked_at IS NOT NULL
