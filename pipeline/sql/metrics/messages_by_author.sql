-- name: messages_by_author
-- title_ru: Сообщения по авторам
-- title_en: Messages by author
-- asks_ru: Кто пишет в чатах и сколько?
-- asks_en: Who writes in the chats, and how much?
-- grain: one row per period and author; one per author for the whole window, where period is null
-- grain_ru: одна строка на период и автора; одна на автора за весь срок, в ней period пуст
-- unit: messages
-- unit_ru: сообщения
-- denominator: all messages of the same period, for `share`
-- denominator_ru: для `share` — все сообщения того же периода
-- notes_ru: Автор: клиент, ассистент, человек в приложении Авито, человек в этом кабинете, сам Авито. Удалённые
--   сообщения посчитаны: они были написаны.
-- notes_en: The author is the client, the assistant, a person in the Avito app, a person in the dashboard, or Avito
--   itself. Messages that were taken back count: they were written.
-- version: 1
-- opens: written
-- counts: messages
WITH written AS (
    SELECT chat_id, "at", period_of("at", $zone, $offset, $grain) AS period, author
    FROM messages
    WHERE "at" >= $start AND "at" < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing)
),

counted AS (
    SELECT period, author, count(*) AS messages
    FROM written
    GROUP BY ALL
)

SELECT
    period,
    author,
    total(messages) AS messages,
    total(messages) / sum(total(messages)) OVER (PARTITION BY period) AS share
FROM counted
GROUP BY GROUPING SETS ((period, author), (author))
ORDER BY period NULLS FIRST, author
