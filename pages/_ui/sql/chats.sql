-- The chats that were spoken in last, with their newest line and the listing's last known title.
WITH titles AS (
    SELECT listing_id, arg_max(body ->> '$.title', seq) AS title
    FROM events
    WHERE kind = 'listing.seen'
    GROUP BY listing_id
),

spoken AS (
    SELECT
        chat_id,
        any_value(listing_id)        AS listing_id,
        max(messages."at")           AS last_at,
        arg_max("text", messages."at") AS last_text,
        count(*)                     AS messages
    FROM messages
    GROUP BY chat_id
)

SELECT
    spoken.chat_id,
    titles.title     AS listing_title,
    spoken.last_at   AS "at",
    spoken.last_text AS "text",
    spoken.messages
FROM spoken
LEFT JOIN titles USING (listing_id)
ORDER BY spoken.last_at DESC
LIMIT 50
