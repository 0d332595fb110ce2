-- name: repeated_numbers
-- severity: stop
-- title_ru: Номера, которые встречаются дважды
-- title_en: Numbers that are there twice
-- means_ru: Каждое событие записано ровно один раз. Повтор значит, что журнал писали двое или его склеили из копий: все
--   счётчики этого времени завышены.
-- means_en: Every event is written down exactly once. A repeat means that two wrote the log, or that it was put together
--   from copies: all counts of that time are too high.
-- version: 1
-- Blocks of numbers first, as for the gaps.
WITH broken AS (
    SELECT min(seq) AS first, max(seq) AS last
    FROM lake.main.event_log
    WHERE seq > $after
    GROUP BY seq // 65536
    HAVING count(*) <> max(seq) - min(seq) + 1 OR sum(seq) * 2 <> (min(seq) + max(seq)) * count(*)
)

SELECT e.seq, count(*) AS times, min(e."at") AS first_at, string_agg(DISTINCT e.kind, ', ') AS kinds
FROM lake.main.event_log AS e
JOIN broken AS b ON e.seq BETWEEN b.first AND b.last
GROUP BY e.seq
HAVING count(*) > 1
ORDER BY e.seq
