-- Who wrote a line, and what a listing cost, may concern chats that the batch does not name: `concerned`, settled ones too.
INSERT INTO remembered FROM fresh WHERE is_of_others(kind);

CREATE OR REPLACE TEMP TABLE corrections AS
SELECT f.message_id, f.chat_id, h.chat_id AS heard_in
FROM fresh AS f
LEFT JOIN heard AS h ON h.message_id = f.message_id AND is_line(h.kind)
WHERE f.kind = 'message.attributed';

INSERT INTO concerned
SELECT chat_id FROM corrections WHERE heard_in IS NULL AND chat_id IS NOT NULL
UNION
SELECT d.chat_id
FROM lake.main.settled_dialogs AS d
JOIN fresh AS f ON f.listing_id = d.listing_id AND f."at" <= d.opened_at
WHERE f.kind = 'listing.seen';

INSERT INTO touched
SELECT chat_id FROM (
    SELECT heard_in AS chat_id FROM corrections WHERE heard_in IS NOT NULL
    UNION
    SELECT h.chat_id
    FROM heard AS h
    JOIN fresh AS f ON f.listing_id = h.listing_id AND f."at" <= h."at"
    WHERE is_line(h.kind) AND f.kind = 'listing.seen'
);
