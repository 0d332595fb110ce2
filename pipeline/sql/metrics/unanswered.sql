-- name: unanswered
-- title_ru: Ждут ответа
-- title_en: Waiting for an answer
-- asks_ru: Кто из клиентов спросил и до сих пор не получил ответа?
-- asks_en: Which clients asked something and have no answer yet?
-- grain: one row per dialog whose last burst has no answer, longest wait first
-- grain_ru: одна строка на диалог, на последнюю серию которого не ответили, сначала самые долгие
-- unit: seconds, of working hours when the window has them
-- unit_ru: секунды; рабочего времени, если в окне заданы часы работы
-- denominator: none
-- denominator_ru: нет
-- notes_ru: Последняя серия сообщений диалога, начатая в окне, после которой продавец не написал. Ожидание — до конца
--   окна или журнала, что раньше. Одно «спасибо» или «хорошо» в конце разговора ответа не ждёт.
-- notes_en: The last burst of a dialog, begun within the window, after which the seller wrote nothing. The wait lasts until
--   the end of the window or of the log, whichever is earlier. A mere "thank you" or "fine" at the end waits for nothing.
-- version: 2
SELECT
    dialog_id,
    chat_id,
    account_id,
    listing_id,
    asked_at,
    messages,
    seconds_between(
        asked_at, least(known.until, CAST($end AS TIMESTAMP)), $zone, $offset, $opens, $closes, $weekdays
    ) AS seconds
FROM waits, known
WHERE answered_at IS NULL AND NOT thanked
  AND asked_at >= $start AND asked_at < $end
  AND chosen(account_id, $account) AND chosen(listing_id, $listing)
ORDER BY asked_at, chat_id
