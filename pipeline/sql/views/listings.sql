-- What is last known of each listing, one row per listing. A range of kinds beside their list: for a list alone DuckDB would
-- read the bodies of all events.
SELECT
    listing_id,
    arg_max(account_id, seq)                                          AS account_id,
    arg_max(body ->> '$.title', seq) FILTER (kind = 'listing.seen')   AS title,
    arg_max(CAST(body ->> '$.price' AS BIGINT), seq) FILTER (kind = 'listing.seen') AS price,
    arg_max(body ->> '$.status', seq) FILTER (kind = 'listing.seen')  AS status,
    coalesce(arg_max(CAST(body ->> '$.enabled' AS BOOLEAN), seq) FILTER (kind = 'listing.ai_toggled'), false) AS ai_enabled
FROM lake.main.event_log
WHERE kind BETWEEN 'listing.ai_toggled' AND 'listing.seen'
  AND kind IN ('listing.seen', 'listing.ai_toggled')
GROUP BY listing_id
