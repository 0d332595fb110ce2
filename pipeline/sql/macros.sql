-- Words that several metrics share. A moment on the clock of the zone, without a zone. `steady` is the zone's distance
-- from UTC when it is the same during the whole window: adding it is ten times faster than asking the calendar, and adding
-- microseconds four times faster than adding an interval.
CREATE MACRO local_time(moment, zone, steady) AS
CASE WHEN CAST(steady AS INTERVAL) IS NULL THEN timezone(zone, timezone('UTC', moment))
     ELSE make_timestamp(epoch_us(moment) + epoch_us(CAST(steady AS INTERVAL))) END;

-- Microseconds of a period; those of a month are told by its days.
CREATE MACRO microseconds_of(grain) AS
CASE grain WHEN 'hour' THEN 3600000000 WHEN 'week' THEN 604800000000 ELSE 86400000000 END;

-- The beginning of the period in which a moment on the clock lies: `date_trunc`, three times faster. Periods are counted
-- from a Monday so long ago (the ninth of March 1874) that nothing lies before it.
CREATE MACRO beginning_of(moment, grain) AS
make_timestamp(
    (epoch_us(moment) + 3023654400000000) // microseconds_of(grain) * microseconds_of(grain) - 3023654400000000
    - CASE grain WHEN 'month' THEN (day(moment) - 1) * 86400000000 ELSE 0 END
);

-- A period is named by its beginning on the clock of the zone.
CREATE MACRO period_of(moment, zone, steady, grain) AS beginning_of(local_time(moment, zone, steady), grain);

-- All periods that the window touches, empty ones too.
CREATE MACRO periods(window_start, window_end, zone, steady, grain) AS TABLE
SELECT unnest(generate_series(
    period_of(window_start, zone, steady, grain),
    period_of(window_end - INTERVAL 1 MICROSECOND, zone, steady, grain),
    CASE grain
        WHEN 'hour' THEN INTERVAL 1 HOUR
        WHEN 'day'  THEN INTERVAL 1 DAY
        WHEN 'week' THEN INTERVAL 7 DAY
        ELSE INTERVAL 1 MONTH
    END
)) AS period;

-- Counts that were made by period, put together: whole numbers again, and zero of nothing.
CREATE MACRO total(counts) AS CAST(coalesce(sum(counts), 0) AS BIGINT);

-- A filter of the window: null chooses all.
CREATE MACRO chosen(id, wanted) AS CAST(wanted AS BIGINT) IS NULL OR id = CAST(wanted AS BIGINT);

CREATE MACRO is_person(author) AS author IN ('human_app', 'human_dashboard');

CREATE MACRO chosen_author(author, wanted) AS
CASE CAST(wanted AS VARCHAR)
    WHEN 'assistant' THEN coalesce(author = 'assistant', false)
    WHEN 'human'     THEN coalesce(is_person(author), false)
    ELSE true
END;

-- The rows to which a wait belongs by who ended it: people are counted together, and by the way they wrote.
CREATE MACRO answerers(author) AS
CASE WHEN author IS NULL     THEN ['all', 'nobody']
     WHEN is_person(author)  THEN ['all', 'human', author]
     ELSE ['all', author] END;

-- Seconds of work from the first Monday of 2001 to a moment on the clock. A shift belongs to the day on which it opens;
-- so the clock is put back by the opening, and every shift begins at midnight.
CREATE MACRO worked_days(shifted, weekdays) AS
(datediff('day', DATE '2001-01-01', CAST(shifted AS DATE)) // 7) * len(weekdays)
+ len(list_filter(weekdays, lambda day: day < isodow(shifted)));

CREATE MACRO worked_until(shifted, shift, weekdays) AS
worked_days(shifted, weekdays) * shift
+ CASE WHEN list_contains(weekdays, isodow(shifted))
       THEN least(epoch(shifted) - epoch(CAST(shifted AS DATE)), shift) ELSE 0 END;

-- How long it is from one moment to another, in seconds: by the calendar, or of working hours when they are given.
CREATE MACRO seconds_between(since, until, zone, steady, opens, closes, weekdays) AS
CASE WHEN CAST(opens AS BIGINT) IS NULL THEN epoch(until) - epoch(since)
     ELSE worked_until(
              local_time(until, zone, steady) - to_seconds(CAST(opens AS BIGINT)),
              CASE WHEN closes > opens THEN closes - opens ELSE closes - opens + 86400 END,
              weekdays)
        - worked_until(
              local_time(since, zone, steady) - to_seconds(CAST(opens AS BIGINT)),
              CASE WHEN closes > opens THEN closes - opens ELSE closes - opens + 86400 END,
              weekdays)
END;

-- The 95 % interval of a share by Wilson; null when there is nothing to share.
CREATE MACRO wilson_low(hits, n) AS
CASE WHEN n > 0 THEN greatest(0.0,
    (hits / n + 1.9208 / n - 1.96 * sqrt(hits / n * (1 - hits / n) / n + 0.9604 / (n * n))) / (1 + 3.8416 / n)
) END;

CREATE MACRO wilson_high(hits, n) AS
CASE WHEN n > 0 THEN least(1.0,
    (hits / n + 1.9208 / n + 1.96 * sqrt(hits / n * (1 - hits / n) / n + 0.9604 / (n * n))) / (1 + 3.8416 / n)
) END;

-- The span in which a wait ended, by its longest; the steps that people know.
CREATE MACRO span_of(seconds) AS CASE
    WHEN seconds IS NULL  THEN 'never'
    WHEN seconds <= 60    THEN 'within_1_min'
    WHEN seconds <= 300   THEN 'within_5_min'
    WHEN seconds <= 900   THEN 'within_15_min'
    WHEN seconds <= 3600  THEN 'within_60_min'
    WHEN seconds <= 86400 THEN 'within_24_h'
    ELSE 'longer'
END;

-- The quantile of values of which each comes many times, as `quantile_cont` finds it in all of them: `so_far` counts those
-- up to and including this value, `n` all. Doubles, because products of decimals are slow.
CREATE MACRO value_at(value, so_far, place) AS min(value) FILTER (so_far > 0 AND so_far > CAST(place AS BIGINT));

CREATE MACRO quantile_of(value, so_far, n, share) AS
value_at(value, so_far, floor((n - 1) * CAST(share AS DOUBLE)))
+ (
    value_at(value, so_far, ceil((n - 1) * CAST(share AS DOUBLE)))
    - value_at(value, so_far, floor((n - 1) * CAST(share AS DOUBLE)))
) * any_value((n - 1) * CAST(share AS DOUBLE) - floor((n - 1) * CAST(share AS DOUBLE)));

-- The same time of day so many days before, on the clock of the zone.
CREATE MACRO days_earlier(moment, days, zone) AS
timezone('UTC', timezone(zone, local_time(moment, zone, NULL) - to_days(CAST(days AS INTEGER))));
