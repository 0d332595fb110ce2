-- Every wait of a client, one row per burst: from its first message that wants an answer to the next line of the seller
-- in the same dialog. `answered_at` is null when there was none. `is_first`: the first wait of its dialog.
SELECT
    chat_id || '/' || dialog_number        AS dialog_id,
    chat_id,
    account_id,
    listing_id,
    asked_at,
    messages,
    answered_at,
    answered_by,
    epoch(answered_at) - epoch(asked_at)   AS seconds,
    row_number() OVER (PARTITION BY chat_id, dialog_number ORDER BY answers_before) = 1 AS is_first
FROM bursts
WHERE asked_at IS NOT NULL
