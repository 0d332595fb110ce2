-- What we sent or meant to send, one row per reply: `at` is when its text was fixed, `state` what is known last.
SELECT
    reply_id, "at", chat_id, author, state, sent_message_id, prompt_version, model, tokens_in, tokens_out, cost_rub,
    latency_ms
FROM kept.replies
