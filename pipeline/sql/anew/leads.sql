-- What the CRM gets, one row per lead: `at` is when it was made, `state` and the CRM's id are what is known last, and
-- `phone_at` is when its phone was known.
SELECT
    chat_id,
    lead_id,
    min("at")                                              AS "at",
    max(account_id)                                        AS account_id,
    max(listing_id)                                        AS listing_id,
    coalesce(arg_max(state, seq), 'new')                   AS state,
    max(body ->> '$.crm')                                  AS crm,
    arg_max(body ->> '$.crm_lead_id', seq)                 AS crm_lead_id,
    min("at") FILTER (list_contains(CAST(body -> '$.fields' AS VARCHAR[]), 'phone')) AS phone_at,
    max("at")                                              AS known_until,
    min(seq)                                               AS first_seq,
    max(seq)                                               AS last_seq
FROM chat_events
WHERE lead_id IS NOT NULL AND NOT is_line
GROUP BY chat_id, lead_id
