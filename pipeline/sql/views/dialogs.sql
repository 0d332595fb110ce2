-- Every dialog in which a client wrote, one row each. `opened_at` is the client's first line; `next_began_at` is when
-- the next dialog of the same chat began, null for the last one.
SELECT
    *,
    lead(began_at) OVER (PARTITION BY chat_id ORDER BY dialog_number) AS next_began_at
FROM (
    SELECT
        dialog_id,
        min(chat_id)                                          AS chat_id,
        min(dialog_number)                                    AS dialog_number,
        min(account_id)                                       AS account_id,
        min(listing_id)                                       AS listing_id,
        min("at")                                             AS began_at,
        min("at") FILTER (author = 'client')                  AS opened_at,
        max("at")                                             AS last_at,
        count(*) FILTER (author = 'client')                   AS client_messages,
        count(*) FILTER (author = 'assistant')                AS assistant_messages,
        count(*) FILTER (author IN ('human_app', 'human_dashboard')) AS human_messages
    FROM dialog_lines
    GROUP BY dialog_id
)
WHERE client_messages > 0
