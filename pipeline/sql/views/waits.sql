-- Every wait of a client, one row per burst: from its first message that wants an answer to the next line of the seller
-- in the same dialog. `answered_at` is null when there was none. `is_first`: the first wait of its dialog.
-- `last_asked_at` is the burst's last message that wants an answer. `thanked`: nobody answered, and nobody had to: the
-- burst is one line, and that line is thanks or an agreement.
SELECT
    chat_id || '/' || dialog_number        AS dialog_id,
    chat_id,
    account_id,
    listing_id,
    asked_at,
    last_asked_at,
    messages,
    answered_at,
    answered_by,
    epoch(answered_at) - epoch(asked_at)   AS seconds,
    row_number() OVER (PARTITION BY chat_id, dialog_number ORDER BY answers_before) = 1 AS is_first,
    answered_at IS NULL AND client_messages = 1 AND coalesce(is_thanks(last_said), false) AS thanked
FROM bursts
WHERE asked_at IS NOT NULL
