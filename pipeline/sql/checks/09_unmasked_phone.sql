-- name: unmasked_phone
-- severity: stop
-- title_ru: Телефоны в текстах
-- title_en: Phone numbers in texts
-- means_ru: В журнале тексты хранятся без личных данных. В этих сообщениях похоже на мобильный номер: не передавайте
--   журнал никому, пока не посмотрите. Сам текст здесь не показан.
-- means_en: The log keeps texts without personal data. These messages seem to hold a mobile number: give the log to
--   nobody before you have looked. The text itself is not shown here.
-- version: 1
SELECT message_id, chat_id, "at", author
FROM (
    SELECT message_id, chat_id, "at", author, body ->> '$.text' AS said
    FROM lake.main.event_log
    WHERE kind IN ('message.received', 'message.sent') AND seq > $after
      -- Nearly all bodies are passed over here, without reading their JSON.
      AND regexp_matches(body, '[78][ ()-]{0,3}9[0-9]{2}[ ()-]{0,3}[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{2}')
)
WHERE regexp_matches(
    said,
    '(^|[^0-9a-zA-Z])(\+?7|8)[ ()-]{0,3}9[0-9]{2}[ ()-]{0,3}[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{2}[ -]*([^0-9 -]|$)'
)
  -- Numbers of orders and articles look the same, and are nobody's.
  AND NOT regexp_matches(lower(said), 'заказ|артикул|накладн|трек|https?://')
ORDER BY "at"
