-- Every wait of a client, one row per burst of client messages: from its first message that wants an answer to the
-- next line of the seller in the same dialog. `answered_at` is null when there was none. `is_first`: of its dialog.
SELECT
    *,
    row_number() OVER (PARTITION BY dialog_id ORDER BY answers_before) = 1 AS is_first
FROM (
    SELECT
        dialog_id,
        answers_before,
        min(chat_id)                     AS chat_id,
        min(account_id)                  AS account_id,
        min(listing_id)                  AS listing_id,
        min("at") FILTER (asks)          AS asked_at,
        count(*) FILTER (asks)           AS messages,
        min("at") FILTER (answers)       AS answered_at,
        min(author) FILTER (answers)     AS answered_by,
        epoch(min("at") FILTER (answers)) - epoch(min("at") FILTER (asks)) AS seconds
    FROM dialog_lines
    GROUP BY dialog_id, answers_before
    HAVING count(*) FILTER (asks) > 0
)
