-- name: gaps
-- severity: stop
-- title_ru: Пропуски в номерах событий
-- title_en: Gaps in the numbers of events
-- means_ru: События пронумерованы подряд. Пропуск значит, что часть журнала потеряна: восстановите её из резервной
--   копии, прежде чем верить числам этого времени.
-- means_en: Events are numbered in a row. A gap means that a part of the log is lost: restore it from a backup before
--   you believe the numbers of that time.
-- version: 1
-- Blocks of numbers first, which is cheap; single numbers are looked at only where a block is not whole.
WITH blocks AS (
    SELECT seq // 65536 AS block, count(*) AS events, min(seq) AS first, max(seq) AS last, sum(seq) AS total
    FROM lake.main.event_log
    WHERE seq > $after
    GROUP BY block
),

broken AS (
    SELECT first, last, before
    FROM (SELECT *, lag(last) OVER (ORDER BY block) AS before FROM blocks)
    WHERE events <> last - first + 1 OR total * 2 <> (first + last) * events OR first <> before + 1
),

looked_at AS (
    SELECT DISTINCT e.seq
    FROM lake.main.event_log AS e
    JOIN broken AS b ON e.seq BETWEEN coalesce(b.before, b.first) AND b.last
    WHERE e.seq > $after
)

SELECT before + 1 AS first_missing, seq - 1 AS last_missing, seq - before - 1 AS missing
FROM (
    SELECT seq, lag(seq) OVER (ORDER BY seq) AS before
    FROM looked_at
)
WHERE seq - before > 1
  AND EXISTS (FROM broken AS b WHERE seq BETWEEN coalesce(b.before, b.first) AND b.last)
  AND NOT EXISTS (FROM lake.main.event_log AS e WHERE e.seq = before + 1)
ORDER BY first_missing
