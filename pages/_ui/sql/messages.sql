-- One chat from its beginning, each client message with what became of it.
SELECT
    messages.message_id,
    messages."at",
    messages.author,
    messages.kind,
    messages."text",
    verdicts.verdict,
    verdicts.reason
FROM messages
LEFT JOIN verdicts USING (message_id)
WHERE messages.chat_id = $chat_id
ORDER BY messages."at", messages.message_id
