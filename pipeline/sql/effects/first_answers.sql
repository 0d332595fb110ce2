-- Dialogs that are old enough to have become a lead, one row each: how long the client waited for the first answer, at what
-- price, who or which prompt gave it, and whether it became a lead. The log's last event says how old a dialog is.
SELECT
    dialog_id,
    asked_at,
    account_id,
    listing_id,
    seconds,
    coalesce(answered_by, 'nobody')                                   AS answered_by,
    CAST(listing_price AS DOUBLE)                                     AS price,
    CASE WHEN answered_by = 'assistant' THEN prompt_version END       AS prompt,
    lead_id IS NOT NULL                                               AS lead
FROM dialogs
WHERE asked_at >= $start AND asked_at < $end
  AND asked_at < (SELECT max("at") FROM lake.main.event_log) - to_seconds($settled_seconds)
  AND (CAST($account AS BIGINT) IS NULL OR account_id = $account)
  AND (CAST($listing AS BIGINT) IS NULL OR listing_id = $listing)
ORDER BY asked_at, dialog_id
