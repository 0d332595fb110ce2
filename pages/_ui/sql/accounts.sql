-- Accounts as the filters name them.
SELECT account_id AS id, coalesce(name, CAST(account_id AS VARCHAR)) AS name, zone, CAST(NULL AS BIGINT) AS account
FROM accounts
ORDER BY name, account_id
