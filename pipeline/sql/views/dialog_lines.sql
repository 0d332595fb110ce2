-- Every line that clients and sellers wrote, with the number of its dialog within the chat; a new dialog begins after
-- the log's silence. Avito's notices are no part of a dialog. `asks`: a kind of client message that wants an answer.
-- `answers_before` is how many seller's lines came before in the chat: a burst and its answer have the same number.
SELECT
    * EXCLUDE (fresh),
    count(*) FILTER (fresh) OVER in_chat AS dialog_number
FROM (
    SELECT
        *,
        coalesce("at" - lag("at") OVER in_chat > silence(), true) AS fresh,
        count(*) FILTER (answers) OVER (in_chat ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS answers_before
    FROM (
        SELECT
            e.chat_id, e.account_id, e.listing_id, e."at", e.seq,
            CASE WHEN e.author = 'client' AND e."type" = 'text' THEN e.body ->> '$.text' END AS said,
            coalesce(a.author, e.author)             AS author,
            coalesce(a.author, e.author) <> 'client' AS answers,
            coalesce(a.author, e.author) = 'client' AND e."type" IN (
                'text', 'image', 'link', 'item', 'location', 'voice', 'file', 'video', 'appCall'
            )                                        AS asks
        FROM lake.main.event_log AS e
        LEFT JOIN (
            SELECT message_id, arg_max(author, seq) AS author
            FROM lake.main.event_log
            WHERE kind = 'message.attributed'
            GROUP BY message_id
        ) AS a ON a.message_id = e.message_id
        WHERE e.kind IN ('message.received', 'message.sent')
          AND e.author <> 'avito'
    )
    WINDOW in_chat AS (PARTITION BY chat_id ORDER BY "at", seq)
)
WINDOW in_chat AS (PARTITION BY chat_id ORDER BY "at", seq ROWS UNBOUNDED PRECEDING)
