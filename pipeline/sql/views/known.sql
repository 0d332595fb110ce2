-- Until when the log knows what happened: who has no answer by then still waits.
SELECT max("at") AS until
FROM lake.main.event_log
