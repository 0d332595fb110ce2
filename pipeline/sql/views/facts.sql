-- What happened in a chat beside its lines, each with the number of its dialog: the newest that had begun. The bot's clock
-- may be behind Avito's, so what happened a little before a dialog began belongs to it.
SELECT f.*, d.dialog_number
FROM (
    SELECT seq, "at", kind, chat_id, author, reason, reply_id, prompt_version, tokens_in, tokens_out, cost_rub
    FROM lake.main.event_log
    WHERE kind IN (
        'chat.handed_off', 'chat.taken', 'chat.given_back', 'reply.intended', 'draft.discarded', 'model.called'
    )
) AS f
ASOF JOIN (
    SELECT chat_id, dialog_number, min("at") - clock_skew() AS "from" FROM dialog_lines GROUP BY ALL
) AS d ON d.chat_id = f.chat_id AND d."from" <= f."at"
