-- What the CRM gets, one row per lead: `at` is when it was made, `state` and the CRM's id are what is known last.
SELECT
    lead_id,
    min("at")                                              AS "at",
    min(chat_id)                                           AS chat_id,
    max(listing_id)                                        AS listing_id,
    coalesce(arg_max(state, seq), 'new')                   AS state,
    max(body ->> '$.crm')                                  AS crm,
    arg_max(body ->> '$.crm_lead_id', seq)                 AS crm_lead_id
FROM lake.main.event_log
WHERE kind IN ('lead.created', 'lead.completed', 'lead.changed')
GROUP BY lead_id
