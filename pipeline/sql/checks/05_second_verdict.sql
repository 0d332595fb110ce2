-- name: second_verdict
-- severity: stop
-- title_ru: Сообщения с двумя итогами
-- title_en: Messages with two verdicts
-- means_ru: Итог окончателен и один. Второй значит, что сообщение обработали дважды: проверьте, не ответили ли клиенту
--   два раза. Доли итогов этого времени неверны.
-- means_en: A verdict is final, and there is one. A second means that the message was worked on twice: see whether the
--   client was answered twice. The shares of verdicts of that time are wrong.
-- version: 1
WITH judged_again AS (
    SELECT message_id
    FROM lake.main.event_log
    WHERE kind = 'verdict.given' AND seq > $context
    GROUP BY message_id
    HAVING count(*) > 1 AND max(seq) > $after
)

SELECT message_id, min(chat_id) AS chat_id, count(*) AS verdicts, string_agg(verdict, ', ' ORDER BY seq) AS given,
       max("at") AS last_at
FROM lake.main.event_log
WHERE kind = 'verdict.given' AND message_id IN (FROM judged_again)
GROUP BY message_id
ORDER BY last_at
