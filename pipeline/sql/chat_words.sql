-- Words of what is computed from chats. `silence()`, after which a dialog ends, is a setting of the log.

-- The kinds of events from which dialogs, waits, replies and leads follow.
CREATE MACRO is_line(kind) AS kind IN ('message.received', 'message.sent');

CREATE MACRO is_of_chats(kind) AS kind IN (
    'message.received', 'message.sent',
    'chat.handed_off', 'chat.taken', 'chat.given_back', 'draft.discarded', 'model.called',
    'reply.intended', 'reply.attempted', 'reply.refused', 'reply.doubted', 'reply.sent', 'reply.dropped',
    'lead.created', 'lead.completed', 'lead.changed'
);

-- Those that say something about other events: who wrote a line, what a listing cost.
CREATE MACRO is_of_others(kind) AS kind IN ('message.attributed', 'listing.seen');

-- Whether a reply was made by the seller's instructions, and not by what is said of itself: a follow-up, a kind request.
CREATE MACRO is_by_instructions(version) AS version NOT LIKE 'follow-up-%' AND version NOT LIKE 'courtesy-%';

-- The bot's clock may be so much behind Avito's.
CREATE MACRO clock_skew() AS INTERVAL 10 MINUTE;

-- Whether a client's words are thanks or an agreement, and neither a question nor a polite no.
CREATE MACRO is_thanks(said) AS
    regexp_matches(lower(said), 'спасибо|благодар|договорились|хорошо|отлично|супер|замечательно|^[^\pL]*(ок|окей|ok|да|жду|ждём|ждем|понял|поняла|ясно|идёт|идет)([\s,.!)]|$)')
    AND NOT regexp_matches(lower(said), '\?|подума|дорог|не надо|не нужн|не подход|не интерес|отказ|передума|другой раз|другого|нашли|нашёл|нашел|нашла');
