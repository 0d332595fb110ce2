-- Every dialog in which a client wrote, one row each. Lines: `began_at` is the first line of anybody, `opened_at` the
-- client's first. `asked_at` to `seconds` tell of the first wait. `thanked`: the client's last line is thanks or an
-- agreement. `taken_at` is the first sign of a person at or after the hand-off. The lead is the dialog's first.
-- `replies` are those that the assistant meant to send, `prompt_version` is that of the first of them that was made by
-- instructions, and is no follow-up; `listing_price` is what was last known when the dialog opened.
SELECT
    chat_id || '/' || dialog_number AS dialog_id,
    * EXCLUDE (bound, first_seq, last_seq)
FROM kept.dialogs
WHERE opened_at IS NOT NULL
