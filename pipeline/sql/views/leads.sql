-- What the CRM gets, one row per lead: `at` is when it was made, `state` and the CRM's id are what is known last.
SELECT lead_id, "at", chat_id, listing_id, state, crm, crm_lead_id
FROM kept.leads
