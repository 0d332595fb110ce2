-- What a listing cost, from which moment on: one row per listing.
SELECT listing_id, list({'since': "at", 'price': price} ORDER BY "at") AS history
FROM (
    SELECT listing_id, "at", arg_max(CAST(body ->> '$.price' AS BIGINT), seq) AS price
    FROM source
    WHERE kind = 'listing.seen'
    GROUP BY listing_id, "at"
)
GROUP BY listing_id
