-- One month of the large seller: every chat of the made-up month as many times as there are copies, some seconds apart, in a
-- later month, with ids of its own, other listings, and words of its own behind each text. What the service says of itself
-- happens once.
SELECT
    CAST(row_number() OVER (ORDER BY "at", copy, seq) + $position AS BIGINT) AS seq,
    "at", kind, account_id, listing_id, chat_id, message_id, body
FROM (
    SELECT
        e.seq,
        c.copy,
        e."at" + c.later                                                        AS "at",
        e.kind,
        e.account_id,
        e.listing_id + 100000 * c.copy                                          AS listing_id,
        left(e.chat_id, 4) || left(md5(e.chat_id || c.name), 22)                AS chat_id,
        md5(e.message_id || c.name)                                             AS message_id,
        replace(replace(replace(replace(replace(
            e.body,
            e.reply_id, md5(e.reply_id || c.name)),
            e.sent_id, md5(e.sent_id || c.name)),
            e.lead_id, md5(e.lead_id || c.name)),
            e.received_at, strftime(e.received + c.later, '%Y-%m-%dT%H:%M:%S.%gZ')),
            '","found_by"', ' ' || array_to_string([
                words[CAST(1 + hash(e.message_id, c.name, n) % len(words) AS BIGINT)]
                for n in range(CAST(2 + hash(e.message_id, c.name) % 5 AS BIGINT))
            ], ' ') || '","found_by"')                                          AS body
    FROM month AS e
    CROSS JOIN (
        SELECT
            copy,
            $month || '-' || copy                                               AS name,
            to_days(28 * CAST($month AS INTEGER)) + to_seconds(37 * copy)       AS later
        FROM range($copies) AS t (copy)
    ) AS c
    CROSS JOIN (SELECT list(word ORDER BY word) AS words FROM vocabulary)
    WHERE c.copy = 0 OR e.chat_id IS NOT NULL
)
ORDER BY seq
