-- Every dialog in which a client wrote, one row each. Lines: `began_at` is the first line of anybody, `opened_at` the
-- client's first. `asked_at` to `seconds` tell of the first wait. `thanked`: the client's last line is thanks or an
-- agreement. `taken_at` is the first sign of a person at or after the hand-off. The lead is the dialog's first.
-- `replies` are those that the assistant meant to send, `prompt_version` is that of the first of them; `listing_price`
-- is what was last known when the dialog opened.
WITH bursts_of AS (
    SELECT
        chat_id,
        dialog_number,
        min(opened_at)                                                     AS opened_at,
        min(asked_at)                                                      AS asked_at,
        arg_min_null(answered_at, answers_before) FILTER (asked_at IS NOT NULL) AS answered_at,
        arg_min_null(answered_by, answers_before) FILTER (asked_at IS NOT NULL) AS answered_by,
        CAST(sum(client_messages) AS BIGINT)                               AS client_messages,
        max(last_client_at)                                                AS last_client_at,
        arg_max_null(last_said, answers_before) FILTER (client_messages > 0) AS last_said
    FROM bursts
    GROUP BY chat_id, dialog_number
),

lines_of AS (
    SELECT
        chat_id,
        dialog_number,
        max(account_id)                                              AS account_id,
        max(listing_id)                                              AS listing_id,
        min("at")                                                    AS began_at,
        max("at")                                                    AS last_at,
        arg_max(author, {'at': "at", 'seq': seq})                    AS last_author,
        max("at") FILTER (answers)                                   AS last_seller_at,
        min("at") FILTER (author = 'assistant')                      AS first_assistant_at,
        min("at") FILTER (author IN ('human_app', 'human_dashboard')) AS first_human_at,
        count(*) FILTER (author = 'assistant')                       AS assistant_messages,
        count(*) FILTER (author IN ('human_app', 'human_dashboard')) AS human_messages
    FROM dialog_lines
    GROUP BY chat_id, dialog_number
),

handed AS (
    SELECT
        chat_id,
        dialog_number,
        min("at")                                    AS handed_off_at,
        arg_min(reason, {'at': "at", 'seq': seq})    AS hand_off_reason
    FROM facts
    WHERE kind = 'chat.handed_off'
    GROUP BY chat_id, dialog_number
),

taken AS (
    SELECT p.chat_id, p.dialog_number, min(p."at") AS taken_at
    FROM (
        SELECT chat_id, dialog_number, "at" FROM facts WHERE kind = 'chat.taken'
        UNION ALL
        SELECT chat_id, dialog_number, "at" FROM dialog_lines WHERE author IN ('human_app', 'human_dashboard')
    ) AS p
    JOIN handed AS h ON h.chat_id = p.chat_id AND h.dialog_number = p.dialog_number AND h.handed_off_at <= p."at"
    GROUP BY p.chat_id, p.dialog_number
),

given_back AS (
    SELECT f.chat_id, f.dialog_number, min(f."at") AS given_back_at
    FROM facts AS f
    LEFT JOIN handed AS h ON h.chat_id = f.chat_id AND h.dialog_number = f.dialog_number
    WHERE f.kind = 'chat.given_back'
      AND f."at" >= coalesce(h.handed_off_at, f."at")
    GROUP BY f.chat_id, f.dialog_number
),

worked AS (
    SELECT
        chat_id,
        dialog_number,
        count(*) FILTER (kind = 'reply.intended' AND author = 'assistant')      AS replies,
        count(*) FILTER (kind = 'draft.discarded')                              AS drafts_discarded,
        count(*) FILTER (kind = 'model.called')                                 AS model_calls,
        CAST(sum(tokens_in) FILTER (kind = 'model.called') AS BIGINT)           AS tokens_in,
        CAST(sum(tokens_out) FILTER (kind = 'model.called') AS BIGINT)          AS tokens_out,
        -- Decimals, so that the sum is the same in any order.
        sum(CAST(cost_rub AS DECIMAL(18, 6))) FILTER (kind = 'model.called')    AS cost_rub,
        arg_min(prompt_version, {'at': "at", 'seq': seq})
            FILTER (kind = 'reply.intended' AND author = 'assistant')           AS prompt_version
    FROM facts
    GROUP BY chat_id, dialog_number
),

leads_of AS (
    SELECT
        chat_id,
        dialog_number,
        arg_min(lead_id, {'at': "at", 'seq': seq})      AS lead_id,
        min("at")                                       AS lead_at,
        arg_min(state, {'at': "at", 'seq': seq})        AS lead_state,
        min(phone_at)                                   AS phone_at
    FROM lead_facts
    GROUP BY chat_id, dialog_number
),

prices AS (
    SELECT listing_id, "at", arg_max(CAST(body ->> '$.price' AS BIGINT), seq) AS price
    FROM lake.main.event_log
    WHERE kind = 'listing.seen'
    GROUP BY listing_id, "at"
)

SELECT
    b.chat_id || '/' || b.dialog_number                    AS dialog_id,
    b.chat_id,
    b.dialog_number,
    l.account_id,
    l.listing_id,
    l.began_at,
    b.opened_at,
    l.last_at,
    b.asked_at,
    b.answered_at,
    b.answered_by,
    epoch(b.answered_at) - epoch(b.asked_at)               AS seconds,
    b.client_messages,
    l.assistant_messages,
    l.human_messages,
    l.last_author,
    b.last_client_at,
    l.last_seller_at,
    coalesce(is_thanks(b.last_said), false)                AS thanked,
    l.first_assistant_at,
    l.first_human_at,
    h.handed_off_at,
    h.hand_off_reason,
    t.taken_at,
    g.given_back_at,
    d.lead_id,
    d.lead_at,
    d.lead_state,
    d.phone_at,
    coalesce(w.replies, 0)                                 AS replies,
    coalesce(w.drafts_discarded, 0)                        AS drafts_discarded,
    coalesce(w.model_calls, 0)                             AS model_calls,
    coalesce(w.tokens_in, 0)                               AS tokens_in,
    coalesce(w.tokens_out, 0)                              AS tokens_out,
    coalesce(CAST(w.cost_rub AS DOUBLE), 0)                AS cost_rub,
    w.prompt_version,
    p.price                                                AS listing_price
FROM bursts_of AS b
JOIN lines_of AS l ON l.chat_id = b.chat_id AND l.dialog_number = b.dialog_number
LEFT JOIN handed AS h ON h.chat_id = b.chat_id AND h.dialog_number = b.dialog_number
LEFT JOIN taken AS t ON t.chat_id = b.chat_id AND t.dialog_number = b.dialog_number
LEFT JOIN given_back AS g ON g.chat_id = b.chat_id AND g.dialog_number = b.dialog_number
LEFT JOIN worked AS w ON w.chat_id = b.chat_id AND w.dialog_number = b.dialog_number
LEFT JOIN leads_of AS d ON d.chat_id = b.chat_id AND d.dialog_number = b.dialog_number
ASOF LEFT JOIN prices AS p ON p.listing_id = l.listing_id AND p."at" <= b.opened_at
WHERE b.opened_at IS NOT NULL
