-- Who wrote a message, where that was corrected: the last word counts.
SELECT message_id, arg_max(author, seq) AS author, max(seq) AS by_seq
FROM source
WHERE kind = 'message.attributed'
GROUP BY message_id
