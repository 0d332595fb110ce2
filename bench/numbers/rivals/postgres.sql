-- name: dialogs
WITH begun AS (
    SELECT period_of(opened_at, %(offset)s, %(grain)s) AS period, dialog_number = 1 AS is_new,
           assistant_messages > 0 AS with_assistant, asked_at IS NOT NULL AND answered_at IS NULL AS unanswered
    FROM dialog
    WHERE opened_at >= %(start)s AND opened_at < %(end)s
)
SELECT period, count(*) AS dialogs, count(*) FILTER (WHERE is_new) AS new_clients,
       count(*) FILTER (WHERE NOT is_new) AS returning_clients, count(*) FILTER (WHERE with_assistant) AS with_assistant,
       count(*) FILTER (WHERE unanswered) AS unanswered
FROM begun
GROUP BY GROUPING SETS ((period), ())
ORDER BY period NULLS FIRST

-- name: lead_conversion
SELECT period_of(opened_at, %(offset)s, %(grain)s) AS period, count(*) AS dialogs, count(lead_id) AS leads,
       count(lead_id)::float8 / nullif(count(*), 0) AS conversion
FROM dialog
WHERE opened_at >= %(start)s AND opened_at < %(end)s
GROUP BY GROUPING SETS ((period_of(opened_at, %(offset)s, %(grain)s)), ())
ORDER BY period NULLS FIRST

-- name: phones
SELECT period_of(opened_at, %(offset)s, %(grain)s) AS period, count(*) AS dialogs, count(phone_at) AS phones,
       count(phone_at)::float8 / nullif(count(*), 0) AS share
FROM dialog
WHERE opened_at >= %(start)s AND opened_at < %(end)s
GROUP BY GROUPING SETS ((period_of(opened_at, %(offset)s, %(grain)s)), ())
ORDER BY period NULLS FIRST

-- name: conversion_by_hour
SELECT extract(hour FROM local_time(opened_at, %(offset)s))::int AS hour, count(*) AS dialogs, count(phone_at) AS phones,
       count(lead_id) AS leads
FROM dialog
WHERE opened_at >= %(start)s AND opened_at < %(end)s
GROUP BY 1
ORDER BY 1

-- name: conversion_by_listing
SELECT coalesce(listing_id, 0) AS listing_id, count(*) AS dialogs,
       count(*) FILTER (WHERE asked_at IS NOT NULL AND answered_at IS NULL) AS unanswered, count(phone_at) AS phones,
       count(lead_id) AS leads,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY epoch(answered_at - asked_at)) AS median_first_response_seconds
FROM dialog
WHERE opened_at >= %(start)s AND opened_at < %(end)s
GROUP BY 1
ORDER BY dialogs DESC, listing_id

-- name: conversion_by_wait
SELECT span_of(epoch(answered_at - asked_at)) AS waited, count(*) AS dialogs, count(phone_at) AS phones, count(lead_id) AS leads
FROM dialog
WHERE asked_at IS NOT NULL AND opened_at >= %(start)s AND opened_at < %(end)s
GROUP BY 1

-- name: overview
WITH spans AS (
    SELECT %(start)s::timestamp AS since, %(start)s::timestamp - (%(end)s::timestamp - %(start)s::timestamp) AS before
),
begun AS (
    SELECT CASE WHEN d.opened_at >= s.since THEN 'now' ELSE 'before' END AS span, d.*,
           epoch(answered_at - asked_at) AS waited
    FROM dialog AS d CROSS JOIN spans AS s
    WHERE d.opened_at >= s.before AND d.opened_at < %(end)s
),
spent AS (
    SELECT CASE WHEN c."at" >= s.since THEN 'now' ELSE 'before' END AS span, sum(c.cost_rub) AS cost_rub
    FROM model_call AS c CROSS JOIN spans AS s
    WHERE c."at" >= s.before AND c."at" < %(end)s
    GROUP BY 1
)
SELECT b.span, count(*) AS dialogs, avg((assistant_messages > 0)::int) AS share_with_assistant,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY waited) AS median_first_response_seconds,
       count(*) FILTER (WHERE waited <= 300)::float8 / nullif(count(asked_at), 0) AS share_within_5_min,
       count(*) FILTER (WHERE asked_at IS NOT NULL AND answered_at IS NULL) AS unanswered, count(phone_at) AS phones,
       count(lead_id) AS leads, coalesce(max(c.cost_rub), 0) AS cost_rub
FROM begun AS b LEFT JOIN spent AS c ON c.span = b.span
GROUP BY b.span
ORDER BY b.span DESC

-- name: handoffs
WITH handed AS (
    SELECT period_of(handed_off_at, %(offset)s, %(grain)s) AS period, unnest(ARRAY['all', hand_off_reason]) AS reason,
           epoch(taken_at - handed_off_at) AS seconds, epoch(coalesce(taken_at, %(until)s) - handed_off_at) AS lasted
    FROM dialog
    WHERE handed_off_at >= %(start)s AND handed_off_at < %(end)s
),
steps AS (
    SELECT period, reason, lasted, count(seconds) AS taken, count(*) AS waits
    FROM handed GROUP BY GROUPING SETS ((period, reason, lasted), (reason, lasted))
),
at_risk AS (SELECT *, sum(waits) OVER (PARTITION BY period, reason ORDER BY lasted DESC) AS waiting FROM steps),
survival AS (
    SELECT *, product((1 - taken / waiting)::float8) OVER (PARTITION BY period, reason ORDER BY lasted) AS still FROM at_risk
),
measured AS (
    SELECT period, reason, min(lasted) FILTER (WHERE still < 0.5 + 1e-9) AS km_median_seconds,
           min(lasted) FILTER (WHERE still < 0.1 + 1e-9) AS km_p90_seconds
    FROM survival GROUP BY period, reason
),
counted AS (
    SELECT period, reason, count(*) AS handoffs, count(seconds) AS taken, count(*) - count(seconds) AS not_taken,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS median_seconds_to_person,
           percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds) AS p90_seconds_to_person
    FROM handed GROUP BY GROUPING SETS ((period, reason), (reason))
)
SELECT c.*, m.km_median_seconds, m.km_p90_seconds
FROM counted AS c JOIN measured AS m ON m.reason = c.reason AND m.period IS NOT DISTINCT FROM c.period
ORDER BY c.period NULLS FIRST, c.handoffs DESC, c.reason

-- name: automation
WITH judged AS (
    SELECT period_of(d.opened_at, %(offset)s, %(grain)s) AS period, d.assistant_messages > 0 AS involved,
           s.enabled AS eligible, d.handed_off_at IS NOT NULL AS handed_off, d.human_messages > 0 AS with_person,
           d.last_at + %(silence)s < %(until)s AS is_over, d.thanked, d.last_author = 'assistant' AS had_last_word
    FROM dialog AS d
    LEFT JOIN LATERAL (
        SELECT enabled FROM switch WHERE listing_id = d.listing_id AND "at" <= d.opened_at ORDER BY "at" DESC LIMIT 1
    ) AS s ON true
    WHERE d.opened_at >= %(start)s AND d.opened_at < %(end)s
)
SELECT period, count(*) AS dialogs, count(*) FILTER (WHERE eligible) AS eligible, count(*) FILTER (WHERE involved) AS involved,
       count(*) FILTER (WHERE eligible AND involved) AS covered,
       count(*) FILTER (WHERE involved AND (is_over OR handed_off OR with_person)) AS decided,
       count(*) FILTER (WHERE involved AND is_over AND NOT handed_off AND NOT with_person AND thanked) AS confirmed,
       count(*) FILTER (WHERE involved AND is_over AND NOT handed_off AND NOT with_person AND NOT thanked AND had_last_word)
           AS assumed,
       count(*) FILTER (WHERE involved AND handed_off) AS handed_off,
       count(*) FILTER (WHERE involved AND with_person) AS with_person
FROM judged
GROUP BY GROUPING SETS ((period), ())
ORDER BY period NULLS FIRST

-- name: silent_clients
WITH answered AS (
    SELECT period_of(opened_at, %(offset)s, %(grain)s) AS period, unnest(answerers(answered_by)) AS answered_by,
           CASE WHEN last_client_at > answered_at THEN 'spoke' WHEN last_at + %(silence)s < %(until)s THEN 'silent'
                ELSE 'undecided' END AS outcome
    FROM dialog
    WHERE answered_at IS NOT NULL AND opened_at >= %(start)s AND opened_at < %(end)s
)
SELECT period, answered_by, count(*) FILTER (WHERE outcome <> 'undecided') AS dialogs,
       count(*) FILTER (WHERE outcome = 'silent') AS silent, count(*) FILTER (WHERE outcome = 'undecided') AS undecided
FROM answered
GROUP BY GROUPING SETS ((period, answered_by), (answered_by))
ORDER BY period NULLS FIRST, answered_by

-- name: reopened
WITH resolved AS (
    SELECT period_of(d.opened_at, %(offset)s, %(grain)s) AS period, d.last_at + INTERVAL '7 days' < %(until)s AS decided,
           EXISTS (
               SELECT 1 FROM dialog AS later
               WHERE later.chat_id = d.chat_id AND later.opened_at > d.last_at
                 AND later.opened_at <= d.last_at + INTERVAL '7 days'
           ) AS is_back
    FROM dialog AS d
    WHERE d.opened_at >= %(start)s AND d.opened_at < %(end)s
      AND d.assistant_messages > 0 AND d.human_messages = 0 AND d.handed_off_at IS NULL
      AND (d.thanked OR d.last_author = 'assistant') AND d.last_at + %(silence)s < %(until)s
)
SELECT period, count(*) FILTER (WHERE decided) AS resolved, count(*) FILTER (WHERE decided AND is_back) AS reopened,
       count(*) FILTER (WHERE NOT decided) AS undecided
FROM resolved
GROUP BY GROUPING SETS ((period), ())
ORDER BY period NULLS FIRST

-- name: requester_wait
WITH asked AS (
    SELECT dialog_id, period_of(asked_at, %(offset)s, %(grain)s) AS period, last_at
    FROM dialog WHERE asked_at >= %(start)s AND asked_at < %(end)s
),
waited AS (
    SELECT a.dialog_id, a.period,
           sum(epoch(coalesce(w.answered_at, least(%(until)s, a.last_at + %(silence)s)) - w.asked_at)) AS seconds,
           bool_or(w.answered_at IS NULL AND a.last_at + %(silence)s >= %(until)s) AS waits_on
    FROM asked AS a JOIN wait AS w ON w.dialog_id = a.dialog_id
    WHERE w.asked_at >= %(start)s AND NOT w.thanked
    GROUP BY a.dialog_id, a.period
)
SELECT period, count(*) AS dialogs, count(*) FILTER (WHERE waits_on) AS still_waiting, sum(seconds) / 3600 AS total_hours,
       avg(seconds) AS mean_seconds, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS median_seconds,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds) AS p90_seconds
FROM waited
GROUP BY GROUPING SETS ((period), ())
ORDER BY period NULLS FIRST

-- name: first_response
{waiting:is_first:dialogs}

-- name: next_reply_waiting
{waiting:NOT thanked:waits}

-- name: waiting_curve
WITH waited AS (
    SELECT unnest(CASE WHEN answered_by IS NULL THEN ARRAY['all'] WHEN answered_by = 'assistant' THEN ARRAY['all', 'assistant']
                       ELSE ARRAY['all', 'human'] END) AS answered_by,
           epoch(answered_at - asked_at) AS seconds, epoch(coalesce(answered_at, %(until)s) - asked_at) AS lasted
    FROM wait WHERE is_first AND asked_at >= %(start)s AND asked_at < %(end)s
),
steps AS (SELECT answered_by, lasted, count(seconds) AS answered, count(*) AS waits FROM waited GROUP BY answered_by, lasted),
at_risk AS (SELECT *, sum(waits) OVER (PARTITION BY answered_by ORDER BY lasted DESC) AS waiting FROM steps),
survival AS (
    SELECT answered_by, lasted, product((1 - answered / waiting)::float8) OVER (PARTITION BY answered_by ORDER BY lasted) AS still
    FROM at_risk
),
points AS (
    SELECT answered_by, dialogs, unnest(ARRAY[
        0, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 450, 600, 900, 1200, 1800, 2700, 3600, 5400, 7200, 10800, 14400,
        21600, 28800, 43200, 64800, 86400, 129600, 172800, 259200
    ]) AS after_seconds
    FROM (SELECT answered_by, count(*) AS dialogs FROM waited GROUP BY answered_by) AS counted
)
SELECT p.answered_by, p.after_seconds, p.dialogs, coalesce(min(s.still), 1.0) AS still_waiting
FROM points AS p LEFT JOIN survival AS s ON s.answered_by = p.answered_by AND s.lasted <= p.after_seconds
GROUP BY 1, 2, 3
ORDER BY 1, 2

-- name: sla
WITH judged AS (
    SELECT period_of(asked_at, %(offset)s, %(grain)s) AS period,
           unnest(CASE WHEN is_first THEN ARRAY['first', 'every'] ELSE ARRAY['every'] END) AS wait,
           CASE WHEN epoch(coalesce(answered_at, %(until)s) - asked_at) > 300 THEN 'breached'
                WHEN answered_at IS NULL THEN 'not_due' ELSE 'met' END AS outcome
    FROM wait WHERE NOT thanked AND asked_at >= %(start)s AND asked_at < %(end)s
)
SELECT period, wait, count(*) FILTER (WHERE outcome <> 'not_due') AS offered, count(*) FILTER (WHERE outcome = 'met') AS met,
       count(*) FILTER (WHERE outcome = 'breached') AS breached, count(*) FILTER (WHERE outcome = 'not_due') AS not_due
FROM judged
GROUP BY GROUPING SETS ((period, wait), (wait))
ORDER BY period NULLS FIRST, wait

-- name: unanswered
SELECT dialog_id, chat_id, account_id, listing_id, asked_at, messages,
       epoch(least(%(until)s, %(end)s::timestamp) - asked_at) AS seconds
FROM wait
WHERE answered_at IS NULL AND NOT thanked AND asked_at >= %(start)s AND asked_at < %(end)s
ORDER BY asked_at, chat_id COLLATE "C"

-- name: leads
SELECT period_of("at", %(offset)s, %(grain)s) AS period, count(*) AS leads, count(*) FILTER (WHERE state = 'sent') AS sent,
       count(*) FILTER (WHERE state IN ('new', 'sending', 'unknown')) AS on_the_way,
       count(*) FILTER (WHERE state = 'failed') AS failed
FROM lead WHERE "at" >= %(start)s AND "at" < %(end)s
GROUP BY GROUPING SETS ((period_of("at", %(offset)s, %(grain)s)), ())
ORDER BY period NULLS FIRST

-- name: verdicts
WITH given AS (
    SELECT period_of("at", %(offset)s, %(grain)s) AS period, verdict FROM verdict WHERE "at" >= %(start)s AND "at" < %(end)s
)
SELECT period, verdict, count(*) AS messages, count(*)::float8 / sum(count(*)) OVER (PARTITION BY period)::float8 AS share
FROM given
GROUP BY GROUPING SETS ((period, verdict), (verdict))
ORDER BY period NULLS FIRST, verdict

-- name: messages_by_author
WITH written AS (
    SELECT period_of("at", %(offset)s, %(grain)s) AS period, author FROM message WHERE "at" >= %(start)s AND "at" < %(end)s
)
SELECT period, author, count(*) AS messages, count(*)::float8 / sum(count(*)) OVER (PARTITION BY period)::float8 AS share
FROM written
GROUP BY GROUPING SETS ((period, author), (author))
ORDER BY period NULLS FIRST, author

-- name: messages_by_kind
WITH written AS (
    SELECT period_of("at", %(offset)s, %(grain)s) AS period, author, kind
    FROM message WHERE "at" >= %(start)s AND "at" < %(end)s
)
SELECT period, author, kind, count(*) AS messages,
       count(*)::float8 / sum(count(*)) OVER (PARTITION BY period, author)::float8 AS share
FROM written
GROUP BY GROUPING SETS ((period, author, kind), (author, kind))
ORDER BY period NULLS FIRST, author, kind

-- name: heatmap
WITH begun AS (
    SELECT extract(isodow FROM local_time(opened_at, %(offset)s))::int AS weekday,
           extract(hour FROM local_time(opened_at, %(offset)s))::int AS hour, count(*) AS dialogs
    FROM dialog WHERE opened_at >= %(start)s AND opened_at < %(end)s GROUP BY 1, 2
),
written AS (
    SELECT extract(isodow FROM local_time("at", %(offset)s))::int AS weekday,
           extract(hour FROM local_time("at", %(offset)s))::int AS hour, count(*) AS messages
    FROM message WHERE author = 'client' AND "at" >= %(start)s AND "at" < %(end)s GROUP BY 1, 2
)
SELECT w.weekday, h.hour, coalesce(b.dialogs, 0) AS dialogs, coalesce(m.messages, 0) AS messages
FROM generate_series(1, 7) AS w (weekday) CROSS JOIN generate_series(0, 23) AS h (hour)
LEFT JOIN begun AS b ON b.weekday = w.weekday AND b.hour = h.hour
LEFT JOIN written AS m ON m.weekday = w.weekday AND m.hour = h.hour
ORDER BY w.weekday, h.hour

-- name: drafts
WITH written AS (
    SELECT period_of("at", %(offset)s, %(grain)s) AS period, fate FROM draft WHERE "at" >= %(start)s AND "at" < %(end)s
)
SELECT period, fate, count(*) AS drafts, count(*)::float8 / sum(count(*)) OVER (PARTITION BY period)::float8 AS share
FROM written
GROUP BY GROUPING SETS ((period, fate), (fate))
ORDER BY period NULLS FIRST, fate

-- name: replies_by_state
WITH meant AS (
    SELECT period_of("at", %(offset)s, %(grain)s) AS period, author, state
    FROM reply WHERE "at" >= %(start)s AND "at" < %(end)s
)
SELECT period, author, state, count(*) AS replies, count(*)::float8 / sum(count(*)) OVER (PARTITION BY period)::float8 AS share
FROM meant
GROUP BY GROUPING SETS ((period, author, state), (author, state))
ORDER BY period NULLS FIRST, author, state

-- name: queue_ages
WITH judged AS (
    SELECT period_of(v."at", %(offset)s, %(grain)s) AS period, unnest(ARRAY['all', v.verdict]) AS verdict,
           greatest(epoch(v."at" - v.received_at), 0) AS seconds
    FROM verdict AS v
    WHERE v.received_at IS NOT NULL AND v."at" >= %(start)s AND v."at" < %(end)s
)
SELECT period, verdict, count(*) AS messages, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS median_seconds,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds) AS p95_seconds,
       percentile_cont(0.99) WITHIN GROUP (ORDER BY seconds) AS p99_seconds, max(seconds) AS longest_seconds
FROM judged
GROUP BY GROUPING SETS ((period, verdict), (verdict))
ORDER BY period NULLS FIRST, verdict

-- name: webhook_completeness
WITH received AS (
    SELECT period_of("at", %(offset)s, %(grain)s) AS period, found_by, epoch(received_at - "at") AS delay
    FROM message WHERE author IN ('client', 'avito') AND "at" >= %(start)s AND "at" < %(end)s
)
SELECT period, count(*) AS messages, count(*) FILTER (WHERE found_by = 'webhook') AS by_webhook,
       count(*) FILTER (WHERE found_by = 'sweep') AS by_sweep,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY greatest(delay, 0)) AS median_delay_seconds,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY greatest(delay, 0)) AS p95_delay_seconds,
       count(*) FILTER (WHERE delay < 0) AS known_early
FROM received
GROUP BY GROUPING SETS ((period), ())
ORDER BY period NULLS FIRST

-- name: model_cost
WITH called AS (
    SELECT period_of("at", %(offset)s, %(grain)s) AS period, count(*) AS calls, count(*) FILTER (WHERE outcome <> 'ok') AS failed_calls,
           sum(tokens_in) AS tokens_in, sum(tokens_out) AS tokens_out, sum(cost_rub) AS cost_rub,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY latency_ms) FILTER (WHERE outcome = 'ok') AS median_latency_ms,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY latency_ms) FILTER (WHERE outcome = 'ok') AS p95_latency_ms,
           percentile_cont(0.99) WITHIN GROUP (ORDER BY latency_ms) FILTER (WHERE outcome = 'ok') AS p99_latency_ms
    FROM model_call WHERE "at" >= %(start)s AND "at" < %(end)s
    GROUP BY GROUPING SETS ((period_of("at", %(offset)s, %(grain)s)), ())
),
replied AS (
    SELECT period_of(sent_at, %(offset)s, %(grain)s) AS period, count(*) AS replies
    FROM reply WHERE author = 'assistant' AND sent_at >= %(start)s AND sent_at < %(end)s
    GROUP BY GROUPING SETS ((period_of(sent_at, %(offset)s, %(grain)s)), ())
),
begun AS (
    SELECT period_of(opened_at, %(offset)s, %(grain)s) AS period, count(*) AS dialogs
    FROM dialog WHERE model_calls > 0 AND opened_at >= %(start)s AND opened_at < %(end)s
    GROUP BY GROUPING SETS ((period_of(opened_at, %(offset)s, %(grain)s)), ())
),
made AS (
    SELECT period_of("at", %(offset)s, %(grain)s) AS period, count(*) AS leads
    FROM lead WHERE "at" >= %(start)s AND "at" < %(end)s
    GROUP BY GROUPING SETS ((period_of("at", %(offset)s, %(grain)s)), ())
)
SELECT c.*, r.replies, b.dialogs, m.leads
FROM called AS c
LEFT JOIN replied AS r ON r.period IS NOT DISTINCT FROM c.period
LEFT JOIN begun AS b ON b.period IS NOT DISTINCT FROM c.period
LEFT JOIN made AS m ON m.period IS NOT DISTINCT FROM c.period
ORDER BY c.period NULLS FIRST
