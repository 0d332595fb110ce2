-- The computed rows, one row per chat.
SELECT d.chat_id, d.last_seq, d.dialogs, w.waits, r.replies, l.leads
FROM (
    SELECT chat_id, max(last_seq) AS last_seq, list(each ORDER BY dialog_number) AS dialogs
    FROM dialogs AS each GROUP BY chat_id
) AS d
LEFT JOIN (
    SELECT chat_id, list(each ORDER BY asked_at) AS waits FROM waits AS each GROUP BY chat_id
) AS w ON w.chat_id = d.chat_id
LEFT JOIN (
    SELECT chat_id, list(each ORDER BY first_seq) AS replies FROM replies AS each GROUP BY chat_id
) AS r ON r.chat_id = d.chat_id
LEFT JOIN (
    SELECT chat_id, list(each ORDER BY first_seq) AS leads FROM leads AS each GROUP BY chat_id
) AS l ON l.chat_id = d.chat_id
