-- name: unknown_zone
-- severity: warn
-- title_ru: Неизвестные часовые пояса
-- title_en: Unknown time zones
-- means_ru: У аккаунта часовой пояс, какого нет: его дни и часы нельзя посчитать. Исправьте пояс в карточке
--   аккаунта.
-- means_en: The account has a time zone that does not exist: its days and hours cannot be counted. Set the zone in the
--   account's card.
-- version: 1
SELECT account_id, "at" AS connected_at, body ->> '$.name' AS name, body ->> '$.zone' AS zone
FROM lake.main.event_log
WHERE kind = 'account.connected' AND seq > $after
  AND NOT coalesce(list_contains($zones, body ->> '$.zone'), false)
ORDER BY seq
