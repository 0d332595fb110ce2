-- What is last known of each account, one row per account.
SELECT
    account_id,
    arg_max(body ->> '$.name', seq) FILTER (kind = 'account.connected') AS name,
    arg_max(body ->> '$.zone', seq) FILTER (kind = 'account.connected') AS zone,
    arg_max(kind, seq) = 'account.connected'                            AS connected
FROM lake.main.event_log
WHERE kind BETWEEN 'account.connected' AND 'account.disconnected'
  AND kind IN ('account.connected', 'account.disconnected')
GROUP BY account_id
