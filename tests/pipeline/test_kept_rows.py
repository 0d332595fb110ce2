"""What the sink keeps is what all events say: whatever comes, in whatever order, and however it is cut into batches."""

import itertools
from datetime import timedelta
from typing import Any

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.definitions import KEPT, SILENCE, define_anew, speak, sql_text
from pipeline.events import (
    ChatGivenBack,
    ChatHandedOff,
    ChatTaken,
    DraftDiscarded,
    Event,
    EventRow,
    LeadChanged,
    LeadCompleted,
    LeadCreated,
    ListingSeen,
    MessageAttributed,
    MessageReceived,
    MessageSent,
    ModelCalled,
    ReplyAttempted,
    ReplyDropped,
    ReplyIntended,
    ReplySent,
    body_json,
)
from pipeline.kept import Kept
from pipeline.views import define_kept
from pipeline.writer import events_table
from tests.pipeline.story import START

HOURS = [0, 1, 71, 72, 73, 100, 144, 145, 300, 372, 373, 400]
SECONDS = [0, 0, 0, 1, 2, 300, 599, 600, 601]

MOMENTS = st.tuples(st.sampled_from(HOURS), st.sampled_from(SECONDS), st.sampled_from([1, 1, -1]))
CHATS = st.sampled_from("abcd")
NUMBERS = st.integers(0, 3)

LINES = st.tuples(
    st.sampled_from(["client", "client", "call", "thanks", "avito", "assistant", "human_app", "human_dashboard"]),
    CHATS, NUMBERS, MOMENTS,
)  # fmt: skip
FACTS = st.tuples(
    st.sampled_from(
        ["handed_off", "taken", "given_back", "discarded", "called", "intended", "attempted", "sent", "dropped", "created",
         "completed", "changed", "attributed", "attributed to nobody", "seen"]
    ),
    CHATS, NUMBERS, MOMENTS,
)  # fmt: skip
STREAMS = st.lists(st.one_of(LINES, LINES, FACTS), max_size=30)
CUTS = st.lists(st.tuples(st.integers(1, 7), st.booleans()), min_size=1, max_size=5)


def event(number: int, what: str, chat: str, n: int) -> Event:
    """An event of a chat; `n` chooses which of the chat's messages, replies, leads or listings it is about."""
    place: dict[str, Any] = {"account_id": 1, "listing_id": n % 2, "chat_id": chat}
    said: dict[str, Any] = {"found_by": "webhook", "received_at": START}
    line = {"message_id": f"{chat}{number}", **place, **said}
    reply, lead = f"r{chat}{n}", f"l{chat}{n}"
    match what:
        case "client":
            return MessageReceived(**line, author="client", type="text", text="Сколько?")
        case "call":
            return MessageReceived(**line, author="client", type="call", text=None)
        case "thanks":
            return MessageReceived(**line, author="client", type="text", text="Спасибо!")
        case "avito":
            return MessageReceived(**line, author="avito", type="system", text="…")
        case "assistant" | "human_app" | "human_dashboard":
            return MessageSent(**line, author=what, type="text", text="Да")  # type: ignore[arg-type]
        case "handed_off":
            return ChatHandedOff(**place, reason=f"reason {number}")
        case "taken":
            return ChatTaken(**place, by="human_app", until=None)
        case "given_back":
            return ChatGivenBack(**place, by="owner")
        case "discarded":
            return DraftDiscarded(**place, reason="superseded")
        case "called":
            return ModelCalled(
                **place,
                model="m",
                outcome="ok",
                tokens_in=n,
                tokens_out=1,
                cost_rub=0.1 * n,
                latency_ms=5,
            )
        case "intended":
            author: Any = "human_dashboard" if n == 3 else "assistant"
            return ReplyIntended(
                **place,
                reply_id=reply,
                author=author,
                covers=1,
                prompt_version=f"p{number}",
                cost_rub=0.1,
            )
        case "attempted":
            return ReplyAttempted(**place, reply_id=reply, attempt=number)
        case "sent":
            return ReplySent(
                **place, reply_id=reply, sent_message_id=f"s{number}", how="answer", attempts=1
            )
        case "dropped":
            return ReplyDropped(**place, reply_id=reply, reason="human_wrote")
        case "created":
            return LeadCreated(
                **place, lead_id=lead, crm="x", fields=("phone",) if n else ("name",)
            )
        case "completed":
            return LeadCompleted(**place, lead_id=lead, fields=("phone",))
        case "changed":
            return LeadChanged(**place, lead_id=lead, state="sent", crm_lead_id=str(number))
        case "attributed":
            return MessageAttributed(
                chat_id=chat, message_id=f"{chat}{n * 5}", author="human_app", reply_id=None
            )
        case "attributed to nobody":
            return MessageAttributed(message_id=f"{chat}{n * 5}", author="assistant", reply_id=None)
        case _:
            return ListingSeen(
                account_id=1,
                listing_id=n % 2,
                title="…",
                price=number,
                status="active",
                category=None,
            )


def rows_of(stream: list[tuple[str, str, int, tuple[int, int, int]]]) -> list[EventRow]:
    """The stream as rows of the log, in the order in which it became known."""
    rows = []
    for number, (what, chat, n, (hours, seconds, sign)) in enumerate(stream):
        happened = event(number, what, chat, n)
        at = START + timedelta(hours=hours, seconds=sign * seconds)
        head = {
            name: getattr(happened, name)
            for name in ("account_id", "listing_id", "chat_id", "message_id")
        }
        rows.append(
            EventRow(seq=number + 1, at=at, kind=happened.kind, body=body_json(happened), **head)
        )
    return rows


class Sink:
    """The sink's tables over a log in memory, without files; `reader` sees what is kept and what is computed anew."""

    def __init__(self, open_chats: int) -> None:
        self.con = duckdb.connect()
        self.con.execute("SET TimeZone = 'UTC'; SET threads = 1; ATTACH ':memory:' AS lake")
        self.con.execute(sql_text("log.sql"))
        speak(self.con, SILENCE)
        self.open_chats = open_chats
        self.rebuild()
        self.reader = self.con.cursor()
        define_kept(self.reader)
        define_anew(self.reader)

    def append(self, rows: list[EventRow]) -> None:
        self.con.execute("BEGIN")
        self.con.register("new_events", events_table(rows))
        self.con.execute(sql_text("fresh.sql"))
        self.kept.follow()
        self.con.execute("INSERT INTO lake.main.event_log FROM fresh")
        self.con.execute("COMMIT")

    def restart(self) -> None:
        """Forgets everything that is in memory."""
        self.kept = Kept(self.con, self.open_chats)
        self.kept.load()

    def rebuild(self) -> None:
        self.kept = Kept(self.con, self.open_chats)
        self.kept.rebuild()
        self.restart()


def differences(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[Any, ...]]]:
    """Rows that are kept and not computed, or the other way round, by table."""
    found = {}
    for name in (*KEPT, "corrected"):
        sql = """(SELECT 'kept', * FROM kept.{0} EXCEPT ALL SELECT 'kept', * FROM anew.{0})
            UNION ALL (SELECT 'anew', * FROM anew.{0} EXCEPT ALL SELECT 'anew', * FROM kept.{0})"""
        found[name] = con.execute(sql.format(name)).fetchall()
    return {name: rows for name, rows in found.items() if rows}


@settings(max_examples=12, deadline=None)
@given(STREAMS, CUTS, st.sampled_from([1, 2, 50]))
def test_rows_are_kept_as_they_are_computed(
    stream: list[Any], cuts: list[tuple[int, bool]], open_chats: int
) -> None:
    """
    Lines, facts, replies, leads, corrections and prices of four chats in any order, with moments around the silence and the
    skew of clocks, in batches of any size, with restarts, and with room for a single open chat: the rows are always those
    that all events give.
    """
    sink, rows = Sink(open_chats), rows_of(stream)
    for size, restart in itertools.cycle(cuts):
        if not rows:
            break
        sink.append(rows[:size])
        rows = rows[size:]
        if restart:
            assert {} == differences(sink.reader)
            sink.restart()
    sink.rebuild()
    assert {} == differences(sink.reader)


def test_a_late_line_joins_two_dialogs() -> None:
    """
    Two dialogs, both settled; a line that comes late fills the silence between them, and a last one splits nothing.
    """
    sink = Sink(open_chats=1)
    for hours, chat in [(0, "a"), (100, "a"), (0, "b"), (50, "a"), (60, "b"), (200, "a")]:
        sink.append(told(sink, "client", chat, hours))

    assert {} == differences(sink.reader)
    assert [("a", 1, 3), ("a", 2, 1), ("b", 1, 2)] == sink.reader.execute(
        "SELECT chat_id, dialog_number, client_messages FROM kept.dialogs ORDER BY ALL"
    ).fetchall()


def test_a_client_who_comes_back_leaves_what_is_settled_where_it_is() -> None:
    """
    The new dialog is open beside the settled one; only a line that may change that one brings it back.
    """
    sink = Sink(open_chats=2)
    settled = "SELECT chat_id, dialog_number FROM lake.main.settled_dialogs ORDER BY ALL"
    for hours, chat in [(0, "a"), (0, "b"), (0, "c"), (400, "a")]:
        sink.append(told(sink, "client", chat, hours))
    assert [("a", 1), ("b", 1)] == sink.reader.execute(settled).fetchall()
    assert {} == differences(sink.reader)

    sink.append(told(sink, "assistant", "a", 10))
    assert [("b", 1)] == sink.reader.execute(settled).fetchall()
    assert {} == differences(sink.reader)


def told(sink: Sink, what: str, chat: str, hours: int) -> list[EventRow]:
    """One more event for a sink."""
    [(seq,)] = sink.con.execute("SELECT count(*) FROM lake.main.event_log").fetchall()
    stream = [("avito", "d", 0, (0, 0, 1))] * seq + [(what, chat, 0, (hours, 0, 1))]
    return rows_of(stream)[-1:]
