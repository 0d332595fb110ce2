-- Chats of which something settled changes: their settled rows will go, and their events are read again.
INSERT INTO recalled
WITH lines AS (
    SELECT chat_id, min("at") AS first_at FROM heard WHERE is_line(kind) GROUP BY chat_id
)

-- A line that does not certainly begin a new dialog, and what happened before the first open line.
SELECT g.chat_id
FROM fresh AS f
JOIN grounds AS g ON g.chat_id = f.chat_id
LEFT JOIN lines AS l ON l.chat_id = f.chat_id
WHERE is_of_chats(f.kind)
  AND f.author IS DISTINCT FROM 'avito'
  AND CASE WHEN is_line(f.kind) THEN f."at" <= g.bound ELSE coalesce(f."at" < l.first_at - clock_skew(), true) END
UNION
-- More about a reply or a lead whose beginning is settled.
SELECT chat_id
FROM heard
WHERE NOT is_line(kind)
  AND (reply_id IS NOT NULL OR lead_id IS NOT NULL)
  AND chat_id IN (SELECT chat_id FROM grounds)
  AND chat_id IN (SELECT chat_id FROM touched)
GROUP BY chat_id, reply_id, lead_id
HAVING NOT bool_or(kind IN ('reply.intended', 'lead.created'))
UNION
-- Another author, or another price, of what is settled.
SELECT chat_id FROM grounds WHERE chat_id IN (SELECT chat_id FROM concerned);
