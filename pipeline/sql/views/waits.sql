-- Every wait of a client, one row per burst: from its first message that wants an answer to the next line of the seller
-- in the same dialog. `answered_at` is null when there was none. `is_first`: the first wait of its dialog.
-- `last_asked_at` is the burst's last message that wants an answer. `thanked`: nobody answered, and nobody had to: the
-- burst is one line, and that line is thanks or an agreement.
SELECT
    chat_id || '/' || dialog_number AS dialog_id,
    * EXCLUDE (dialog_number)
FROM kept.waits
