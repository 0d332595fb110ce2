-- Every dialog in which a client wrote, one row each. `opened_at` is the client's first line; `asked_at`, `answered_at`,
-- `answered_by` and `seconds` tell of the first wait; `began_at` is the first line of anybody.
SELECT
    chat_id || '/' || dialog_number AS dialog_id,
    *,
    epoch(answered_at) - epoch(asked_at) AS seconds
FROM (
    SELECT
        chat_id,
        dialog_number,
        any_value(account_id)                                              AS account_id,
        any_value(listing_id)                                              AS listing_id,
        min(began_at)                                                      AS began_at,
        min(opened_at)                                                     AS opened_at,
        max(last_at)                                                       AS last_at,
        min(asked_at)                                                      AS asked_at,
        arg_min_null(answered_at, answers_before) FILTER (asked_at IS NOT NULL) AS answered_at,
        arg_min_null(answered_by, answers_before) FILTER (asked_at IS NOT NULL) AS answered_by,
        CAST(sum(client_messages) AS BIGINT)                               AS client_messages,
        CAST(sum(assistant_messages) AS BIGINT)                            AS assistant_messages,
        CAST(sum(human_messages) AS BIGINT)                                AS human_messages
    FROM bursts
    GROUP BY chat_id, dialog_number
)
WHERE opened_at IS NOT NULL
