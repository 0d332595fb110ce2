-- Listings as the filters name them.
SELECT listing_id AS id, coalesce(title, CAST(listing_id AS VARCHAR)) AS name, CAST(NULL AS VARCHAR) AS zone, account_id AS account
FROM listings
ORDER BY name, listing_id
