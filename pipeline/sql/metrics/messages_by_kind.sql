-- name: messages_by_kind
-- title_ru: Сообщения по видам
-- title_en: Messages by kind
-- asks_ru: Что присылают: текст, фото, голос, звонки?
-- asks_en: What is sent: text, photos, voice, calls?
-- grain: one row per period, author and kind; one per author and kind for the whole window, where period is null
-- grain_ru: одна строка на период, автора и вид; одна на автора и вид за весь срок, в ней period пуст
-- unit: messages
-- unit_ru: сообщения
-- denominator: all messages of the same author in the same period, for `share`
-- denominator_ru: для `share` — все сообщения того же автора в том же периоде
-- notes_ru: Вид — как его называет Авито: text, image, voice, call и другие. Удалённые сообщения посчитаны.
-- notes_en: The kind is Avito's word for it: text, image, voice, call and others. Messages that were taken back count.
-- version: 1
-- opens: written
-- counts: messages
WITH written AS (
    SELECT chat_id, "at", period_of("at", $zone, $offset, $grain) AS period, author, kind
    FROM messages
    WHERE "at" >= $start AND "at" < $end
      AND chosen(account_id, $account) AND chosen(listing_id, $listing)
),

counted AS (
    SELECT period, author, kind, count(*) AS messages
    FROM written
    GROUP BY ALL
)

SELECT
    period,
    author,
    kind,
    total(messages) AS messages,
    total(messages) / sum(total(messages)) OVER (PARTITION BY period, author) AS share
FROM counted
GROUP BY GROUPING SETS ((period, author, kind), (author, kind))
ORDER BY period NULLS FIRST, author, kind
