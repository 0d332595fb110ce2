"""Stories for the metrics: more words to tell them with, and one log in memory in which all are told in turn."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.definitions import KEPT, STEPS, anew
from pipeline.events import (
    AccountConnected,
    AiToggled,
    AssistantSilenced,
    Author,
    ChatHandedOff,
    ChatTaken,
    DraftDiscarded,
    DraftSent,
    DraftThrownAway,
    DraftWritten,
    EventRow,
    LeadChanged,
    LeadCreated,
    LeadState,
    ListingSeen,
    ModelCalled,
    ModeSet,
    ReplyDropped,
    ReplyIntended,
    ReplySent,
    StatsRecorded,
    Verdict,
    VerdictGiven,
)
from pipeline.metrics import Window, metric
from tests.pipeline import story as plain
from tests.pipeline.story import DAY, START, remember

Row = dict[str, Any]
MINUTE, HOUR, NIGHTFALL = 60.0, 3600.0, 24 * 3600.0
WEEK = 7 * 24 * HOUR


class Story(plain.Story):
    """What happened in a few chats of listing 7 and account 1, unless another is named."""

    def handed_off(self, chat: str, after: float, reason: str = "complaint", **where: int) -> None:
        self.happens(ChatHandedOff(**_where(where), chat_id=chat, reason=reason), after)

    def taken(self, chat: str, after: float, by: Author = "human_dashboard") -> None:
        self.happens(ChatTaken(**_where({}), chat_id=chat, by=by, until=None), after)

    def lead(
        self,
        chat: str,
        after: float,
        lead_id: str | None = None,
        fields: str = "phone",
        **where: int,
    ) -> str:
        lead_id = lead_id or f"l{len(self.rows)}"
        made = LeadCreated(
            **_where(where), chat_id=chat, lead_id=lead_id, crm="crm", fields=tuple(fields.split())
        )
        self.happens(made, after)
        return lead_id

    def lead_moves(self, lead_id: str, state: LeadState, after: float) -> None:
        chat = next(row.chat_id for row in self.rows if f'"{lead_id}"' in row.body)
        self.happens(LeadChanged(**_where({}), chat_id=chat, lead_id=lead_id, state=state), after)

    def verdict(
        self,
        chat: str,
        after: float,
        verdict: Verdict,
        message: str | None = None,
        known: float | None = None,
        **where: int,
    ) -> None:
        """`known`: when we knew of the message, in the same seconds as `after`."""
        given = VerdictGiven(
            **_where(where),
            chat_id=chat,
            message_id=message or f"m{len(self.rows)}",
            verdict=verdict,
            reason=None,
            received_at=None if known is None else START + timedelta(seconds=known),
        )
        self.happens(given, after)

    def reply(
        self,
        chat: str,
        after: float,
        by: Author = "assistant",
        ends: str = "sent",
        prompt: str | None = None,
        cost: float | None = None,
        **where: int,
    ) -> None:
        """A reply is meant, and `sent` or `dropped` three seconds later, or nothing more is known of it."""
        at, reply_id = {**_where(where), "chat_id": chat}, f"r{len(self.rows)}"
        self.happens(
            ReplyIntended(
                **at, reply_id=reply_id, author=by, covers=1, prompt_version=prompt, cost_rub=cost
            ),
            after,
        )
        if ends == "sent":
            sent = ReplySent(**at, reply_id=reply_id, sent_message_id="x", how="answer", attempts=1)
            self.happens(sent, after + 3)
        if ends == "dropped":
            self.happens(ReplyDropped(**at, reply_id=reply_id, reason="human_wrote"), after + 3)

    def discarded(
        self, chat: str, after: float, reason: str = "newer_message", **where: int
    ) -> None:
        self.happens(DraftDiscarded(**_where(where), chat_id=chat, reason=reason), after)

    def model(
        self,
        chat: str,
        after: float,
        cost: float = 2.0,
        latency: int = 900,
        outcome: str = "ok",
        **where: int,
    ) -> None:
        called = ModelCalled(
            **_where(where),
            chat_id=chat,
            model="m",
            outcome=outcome,
            tokens_in=100,
            tokens_out=10,
            cost_rub=cost,
            latency_ms=latency,
        )
        self.happens(called, after)

    def switched(self, on: bool, after: float, **where: int) -> None:
        self.happens(AiToggled(**_where(where), enabled=on, actor="owner"), after)

    def mode(self, mode: str, after: float, **where: int) -> None:
        self.happens(ModeSet(**_where(where), mode=mode, minutes=None, actor="owner"), after)

    def silenced(self, silenced: bool, after: float) -> None:
        self.happens(AssistantSilenced(silenced=silenced, actor="owner"), after)

    def draft(self, chat: str, after: float, prompt: str = "p1", **where: int) -> None:
        """A draft that waits for a manager."""
        written = DraftWritten(
            **_where(where),
            chat_id=chat,
            draft_id="d",
            covers=1,
            prompt_version=prompt,
            model="m",
            intent="answer",
        )
        self.happens(written, after)

    def draft_sent(self, chat: str, after: float, edited: bool, prompt: str = "p1") -> None:
        """A manager lets it go: a mended one is a person's reply."""
        sent = DraftSent(
            **_where({}),
            chat_id=chat,
            draft_id="d",
            prompt_version=prompt,
            edited=edited,
            waited_s=5.0,
            actor="owner",
        )
        self.happens(sent, after)
        self.reply(chat, after, by="human_dashboard" if edited else "assistant")

    def thrown_away(self, chat: str, after: float, prompt: str = "p1") -> None:
        thrown = DraftThrownAway(
            **_where({}), chat_id=chat, draft_id="d", prompt_version=prompt, actor="owner"
        )
        self.happens(thrown, after)

    def listed(
        self, after: float, price: int | None = 2500, title: str = "Клопы", **where: int
    ) -> None:
        seen = ListingSeen(
            **_where(where), title=title, price=price, status="active", category=None
        )
        self.happens(seen, after)

    def stats(
        self,
        day: str,
        views: int | None,
        contacts: int | None,
        favorites: int | None = None,
        **where: int,
    ) -> None:
        told = StatsRecorded(
            **_where(where), day=day, views=views, contacts=contacts, favorites=favorites
        )
        self.happens(told, NIGHTFALL)

    def connected(self, account: int, zone: str) -> None:
        self.happens(AccountConnected(account_id=account, name="Магазин", zone=zone), 0)

    def until(self, after: float) -> None:
        """Nothing of interest happens, but the log goes on to here."""
        self.avito("somewhere else", after)


def ask(
    name: str, story: plain.Story, *, first: date = DAY, last: date = DAY, **more: Any
) -> list[Row]:
    """All rows of a metric's answer about a story, on days in Moscow unless a zone is given."""
    return answer(name, story, Window.of_days(first, last, **more))


def answer(name: str, story: plain.Story, window: Window) -> list[Row]:
    return metric(name).ask(told(story.rows), window).to_arrow_table().to_pylist()


def whole(name: str, story: plain.Story, **more: Any) -> list[Row]:
    """The rows of the whole window, without their empty period."""
    return without_period(row for row in ask(name, story, **more) if row["period"] is None)


def without_period(rows: Any) -> list[Row]:
    return [{k: v for k, v in row.items() if k != "period"} for row in rows]


def days(n: int) -> date:
    """So many days after the day of the stories."""
    return DAY + timedelta(days=n)


def told(rows: Sequence[EventRow]) -> duckdb.DuckDBPyConnection:
    """The one connection of this process, with a log of these rows and no others.

    A log of its own for each story would take ten times longer. What the sink would keep of the events is computed once
    for each story, by the product's own definitions.
    """
    con = _log()
    for name, table in _tables(tuple(rows)).items():
        con.register("given", table)
        if name in KEPT:
            con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM given")
        else:
            con.execute(f"DELETE FROM {name}")
            con.execute(f"INSERT INTO {name} FROM given")
        con.unregister("given")
    return con


KEPT_BY_NAME = ("lake.main.event_log", "anew.corrected", "anew.replies", "anew.leads")
"""What metrics ask for by its whole name."""


@cache
def _log() -> duckdb.DuckDBPyConnection:
    """A log in memory; each step of what is computed anew is a table here, not a view that asks all the others again."""
    con = remember([])
    con.execute("SET threads = 1")
    for step in reversed(STEPS):
        con.execute(f"DROP VIEW anew.{step}")
    _compute(con)
    return con


def _compute(con: duckdb.DuckDBPyConnection) -> None:
    for step in STEPS:
        con.execute(f"CREATE OR REPLACE TABLE anew.{step} AS {anew(step)}")


@lru_cache(maxsize=2000)
def _tables(rows: tuple[EventRow, ...]) -> dict[str, pa.Table]:
    con = _log()
    con.execute("DELETE FROM lake.main.event_log")
    plain.put(con, rows)
    _compute(con)
    sources = {name: f"memory.main.{name}" for name in KEPT}
    sources |= {name: name for name in KEPT_BY_NAME}
    return {name: con.execute(f"FROM {each}").to_arrow_table() for name, each in sources.items()}


def _where(where: dict[str, int]) -> dict[str, Any]:
    return {"account_id": where.get("account", 1), "listing_id": where.get("listing", 7)}
