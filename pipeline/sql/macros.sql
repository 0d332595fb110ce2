-- A dialog ends after so much silence.
CREATE MACRO silence() AS INTERVAL 72 HOUR;

-- The bot's clock may be so much behind Avito's.
CREATE MACRO clock_skew() AS INTERVAL 10 MINUTE;

-- Whether a client's words are thanks or an agreement, and neither a question nor a polite no.
CREATE MACRO is_thanks(said) AS
    regexp_matches(lower(said), 'спасибо|благодар|договорились|хорошо|отлично|супер|замечательно|^[^\pL]*(ок|окей|ok|да|жду|ждём|ждем|понял|поняла|ясно|идёт|идет)([\s,.!)]|$)')
    AND NOT regexp_matches(lower(said), '\?|подума|дорог|не надо|не нужн|не подход|не интерес|отказ|передума|другой раз|другого|нашли|нашёл|нашел|нашла');

-- Words that several metrics share. A period is named by its beginning on the clock of the zone, without a zone.
CREATE MACRO local_time(moment, zone) AS timezone(zone, timezone('UTC', moment));

CREATE MACRO period_of(moment, zone, grain) AS CAST(date_trunc(grain, local_time(moment, zone)) AS TIMESTAMP);

-- All periods that the window touches, empty ones too.
CREATE MACRO periods(window_start, window_end, zone, grain) AS TABLE
SELECT unnest(generate_series(
    period_of(window_start, zone, grain),
    period_of(window_end - INTERVAL 1 MICROSECOND, zone, grain),
    CASE grain
        WHEN 'hour' THEN INTERVAL 1 HOUR
        WHEN 'day'  THEN INTERVAL 1 DAY
        WHEN 'week' THEN INTERVAL 7 DAY
        ELSE INTERVAL 1 MONTH
    END
)) AS period;

-- The 95 % interval of a share by Wilson; null when there is nothing to share.
CREATE MACRO wilson_low(hits, n) AS
CASE WHEN n > 0 THEN greatest(0.0,
    (hits / n + 1.9208 / n - 1.96 * sqrt(hits / n * (1 - hits / n) / n + 0.9604 / (n * n))) / (1 + 3.8416 / n)
) END;

CREATE MACRO wilson_high(hits, n) AS
CASE WHEN n > 0 THEN least(1.0,
    (hits / n + 1.9208 / n + 1.96 * sqrt(hits / n * (1 - hits / n) / n + 0.9604 / (n * n))) / (1 + 3.8416 / n)
) END;
