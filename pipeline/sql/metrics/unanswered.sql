-- name: unanswered
-- title_ru: Ждут ответа
-- title_en: Waiting for an answer
-- asks_ru: Кто из клиентов спросил и до сих пор не получил ответа?
-- asks_en: Which clients asked something and have no answer yet?
-- grain: one row per dialog whose last burst has no answer, longest wait first
-- unit: seconds
-- denominator: none
-- notes_ru: Последняя серия сообщений диалога, начатая в окне, после которой продавец не написал. Ожидание — до конца окна.
--   «Спасибо» в конце разговора тоже сюда попадает.
-- notes_en: The last burst of a dialog, begun within the window, after which the seller wrote nothing. The wait lasts until
--   the end of the window. A "thank you" at the end of a talk is here too.
-- version: 1
SELECT
    chat_id,
    account_id,
    listing_id,
    asked_at,
    messages,
    epoch(CAST($end AS TIMESTAMP)) - epoch(asked_at) AS seconds
FROM waits
WHERE answered_at IS NULL
  AND asked_at >= $start AND asked_at < $end
  AND (CAST($account AS BIGINT) IS NULL OR account_id = $account)
  AND (CAST($listing AS BIGINT) IS NULL OR listing_id = $listing)
ORDER BY asked_at, chat_id
