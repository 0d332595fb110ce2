-- The lines whose author turned out to be another, by their places in the log.
SELECT e.seq, a.author, a.by_seq
FROM source AS e
JOIN attributed AS a ON a.message_id = e.message_id
WHERE is_line(e.kind) AND e.author IS DISTINCT FROM 'avito'
