-- Every line that clients and sellers wrote, with the dialog it belongs to; a new dialog begins after 72 hours of
-- silence. Avito's notices are no part of a dialog. `asks`: a kind of client message that wants an answer.
-- `answers_before` is how many seller's lines came before in the dialog: a burst and its answer have the same number.
WITH lines AS (
    SELECT
        e.chat_id, e.account_id, e.listing_id, e.message_id, e."at", e.seq,
        coalesce(a.author, e.author) AS author,
        e."type"                     AS kind
    FROM lake.main.event_log AS e
    LEFT JOIN (
        SELECT message_id, arg_max(author, seq) AS author
        FROM lake.main.event_log
        WHERE kind = 'message.attributed'
        GROUP BY message_id
    ) AS a ON a.message_id = e.message_id
    WHERE e.kind IN ('message.received', 'message.sent')
      AND e.author <> 'avito'
),

numbered AS (
    SELECT
        *,
        author <> 'client' AS answers,
        author = 'client' AND kind IN (
            'text', 'image', 'link', 'item', 'location', 'voice', 'file', 'video', 'appCall'
        ) AS asks,
        count(*) FILTER (fresh) OVER in_chat AS dialog_number
    FROM (
        SELECT
            *,
            coalesce("at" - lag("at") OVER (PARTITION BY chat_id ORDER BY "at", seq) > INTERVAL 72 HOUR, true) AS fresh
        FROM lines
    )
    WINDOW in_chat AS (PARTITION BY chat_id ORDER BY "at", seq ROWS UNBOUNDED PRECEDING)
)

SELECT
    chat_id || '/' || dialog_number AS dialog_id,
    * EXCLUDE (fresh),
    count(*) FILTER (answers) OVER in_dialog - CAST(answers AS BIGINT) AS answers_before
FROM numbered
WINDOW in_dialog AS (PARTITION BY chat_id, dialog_number ORDER BY "at", seq ROWS UNBOUNDED PRECEDING)
