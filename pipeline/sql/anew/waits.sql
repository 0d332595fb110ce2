-- Every wait of a client, one row per burst: from its first message that wants an answer to the next line of the seller
-- in the same dialog.
SELECT
    chat_id,
    dialog_number,
    account_id,
    listing_id,
    asked_at,
    last_asked_at,
    messages,
    answered_at,
    answered_by,
    epoch(answered_at) - epoch(asked_at)   AS seconds,
    answers_before = min(answers_before) OVER (PARTITION BY chat_id, dialog_number) AS is_first,
    answered_at IS NULL AND client_messages = 1 AND coalesce(is_thanks(last_said), false) AS thanked
FROM bursts
WHERE asked_at IS NOT NULL
