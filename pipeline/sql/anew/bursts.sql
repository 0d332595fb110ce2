-- A run of a client's lines and the seller's line that ends it, one row each; either may be missing.
SELECT
    chat_id,
    dialog_number,
    answers_before,
    max(account_id)                                              AS account_id,
    max(listing_id)                                              AS listing_id,
    min("at") FILTER (asks)                                      AS asked_at,
    max("at") FILTER (asks)                                      AS last_asked_at,
    arg_max_null(said, place) FILTER (NOT answers)               AS last_said,
    min("at") FILTER (answers)                                   AS answered_at,
    max(author) FILTER (answers)                                 AS answered_by,
    count(*) FILTER (asks)                                       AS messages,
    count(*) FILTER (NOT answers)                                AS client_messages
FROM placed
WHERE what = 'line'
GROUP BY chat_id, dialog_number, answers_before
