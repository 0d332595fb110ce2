"""Counts after a chaotic run: what Avito and the CRM have, what the bot's database says, what its log says."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, Row, func, select

from bot.store.replies import normal
from bot.store.tables import account, event, inbox, lead, message, reply

READ_TAKES = 10.0
"""Seconds that a read of a chat's history may take: what became visible before that must be in it."""

LOG = """
SELECT
    (SELECT count(*) FROM messages WHERE author = 'client') AS "client messages",
    (SELECT count(*) FROM messages WHERE author = 'assistant') AS "messages by the assistant",
    (SELECT count(*) FROM messages WHERE author = 'human_app') AS "messages by people",
    count(*) FILTER (kind = 'verdict.given') AS "verdicts",
    count(DISTINCT body ->> '$.lead_id') FILTER (
        kind = 'lead.changed' AND (body ->> '$.state') = 'sent'
    ) AS "leads at the CRM",
    count(*) FILTER (kind = 'reply.doubted') AS "doubts",
    max(seq) AS "places",
    count(*) AS "events",
    count(DISTINCT seq) AS "distinct events",
    count(*) FILTER (kind IN ('message.received', 'message.sent'))
        - count(DISTINCT message_id) FILTER (kind IN ('message.received', 'message.sent'))
        AS "messages told twice"
FROM events
"""
"""What is asked of the log: one row of numbers."""


@dataclass(frozen=True)
class World:
    """The sandbox's own record."""

    client: Sequence[dict[str, Any]]
    assistant: Sequence[dict[str, Any]]
    people: Sequence[dict[str, Any]]
    leads: Sequence[dict[str, Any]]
    heard_at: Mapping[str, float]
    """By message: when its webhook call was first answered with success."""

    @classmethod
    def of(cls, state: dict[str, Any]) -> "World":
        client, assistant, people = [], [], []
        for chat in state["chats"]:
            for line in chat["messages"]:
                if line["author_id"] == chat["client_id"]:
                    client.append(line)
                elif line["sent_via"] == "api":
                    assistant.append(line)
                elif line["sent_via"] == "app":
                    people.append(line)
        heard: dict[str, float] = {}
        for call in state["webhooks"]:
            if call["status"] == 200:
                heard.setdefault(call["message_id"], call["at"])
        return cls(client, assistant, people, state["leads"], heard)


@dataclass(frozen=True)
class Ledger:
    """The bot's own tables."""

    messages: Sequence[Row[Any]]
    replies: Sequence[Row[Any]]
    leads: Sequence[Row[Any]]
    attempts: Sequence[Row[Any]]

    @classmethod
    def of(cls, engine: Engine) -> "Ledger":
        with engine.connect() as tx:
            tried = select(event).where(event.c.kind == "reply.attempted")
            return cls(
                tx.execute(select(message)).all(),
                tx.execute(select(reply)).all(),
                tx.execute(select(lead)).all(),
                tx.execute(tried).all(),
            )


def unsettled(engine: Engine, clients: int, people: int) -> dict[str, int]:
    """What is still under way, by name; empty when all of so many client messages came to their end."""
    waits = {
        "client messages not heard of": clients
        - _count(engine, message, message.c.author == "client"),
        "people's messages not heard of": people
        - _count(engine, message, message.c.author == "human_app"),
        "client messages without a verdict": _count(
            engine, message, message.c.author == "client", message.c.verdict.is_(None)
        ),
        "webhook calls not understood": _count(engine, inbox, inbox.c.done_at.is_(None)),
        "replies under way": _count(
            engine, reply, reply.c.state.in_(("intended", "sending", "unknown"))
        ),
        "leads under way": _count(engine, lead, lead.c.state.in_(("new", "sending", "unknown"))),
        "events not in the log": _count(engine, event, ~event.c.published),
    }
    return {name: number for name, number in waits.items() if number}


def disconnected(engine: Engine) -> list[int]:
    """Accounts whose owner must agree once more."""
    with engine.connect() as tx:
        return list(tx.scalars(select(account.c.id).where(account.c.state == "needs_reconnect")))


def duplicates(world: World, ledger: Ledger) -> Iterator[str]:
    """Texts that stand in a chat more often than replies with that text were sent, and leads under two keys."""
    there, sent = _at_avito(world), _sent(ledger)
    yield from (f"{chat}: {text[:40]!r}" for chat, text in (there - sent).elements())
    keys = Counter(one["key"] for one in world.leads)
    yield from (f"lead {key} is there {n} times" for key, n in keys.items() if n > 1)


def losses(world: World, ledger: Ledger) -> Iterator[str]:
    """Client messages without a verdict, answers and replies that are not in the chat, leads that the CRM lacks."""
    known = {row.id: row for row in ledger.messages}
    states = {row.id: row.state for row in ledger.replies}
    for line in world.client:
        row = known.get(line["id"])
        if row is None or row.verdict is None:
            yield f"{line['chat_id']}: {line['id']} {'has no verdict' if row else 'was never heard of'}"
        elif row.verdict in ("answered", "merged") and states.get(row.reply_id) != "sent":
            yield f"{line['chat_id']}: {line['id']} counts as answered without a reply"
    for chat, text in (_sent(ledger) - _at_avito(world)).elements():
        yield f"{chat}: {text[:40]!r} counts as sent and is not there"
    keys = {one["key"] for one in world.leads}
    yield from (f"lead {r.id} is {r.state}" for r in ledger.leads if r.idempotency_key not in keys)


def talked_over(world: World, ledger: Ledger, pause: float) -> Iterator[str]:
    """Assistant messages that Avito accepted although the bot could know that a person has the chat.

    It could know when a webhook call with the person's message was acknowledged before the attempt was committed, or
    when the message was visible in the chat's history ten seconds before: the bot reads the history before each attempt,
    and a read that takes longer is given up. `pause` seconds after a person's message the assistant may speak again.
    """
    accepted = {row.id for row in ledger.replies if row.state == "sent"}
    authors = {row.id: row.author for row in ledger.replies}
    attempts = [
        (row.chat_id, row.at.replace(tzinfo=UTC).timestamp(), _reply_of(row)) for row in ledger.attempts
    ]  # fmt: skip
    for line in world.people:
        known_at = min(
            world.heard_at.get(line["id"], float("inf")), line["shown_from"] + READ_TAKES
        )
        for chat, at, reply_id in attempts:
            theirs = reply_id in accepted and authors[reply_id] == "assistant"
            if theirs and chat == line["chat_id"] and known_at < at < line["created"] + pause:
                heard = _moment(world.heard_at.get(line["id"]))
                yield f"{chat}: {reply_id} tried at {_moment(at)} after a person's {line['id']}, heard at {heard}"


def differences(world: World, log: Mapping[str, int]) -> Iterator[str]:
    """Where the log and the world outside count differently."""
    expected = {
        "client messages": len(world.client),
        "messages by the assistant": len(world.assistant),
        "messages by people": len(world.people),
        "verdicts": len(world.client),
        "leads at the CRM": len({one["key"] for one in world.leads}),
        "places": log["events"],
        "distinct events": log["events"],
        "messages told twice": 0,
    }
    for name, number in expected.items():
        if log[name] != number:
            yield f"{name}: {number} outside, {log[name]} in the log"


def _at_avito(world: World) -> Counter[tuple[str, str]]:
    """How often each text of the assistant stands in each chat. A deleted message has lost its text."""
    there = [line for line in world.assistant if line["type"] == "text"]
    return Counter((line["chat_id"], normal(line["content"]["text"])) for line in there)


def _sent(ledger: Ledger) -> Counter[tuple[str, str]]:
    sent = [row for row in ledger.replies if row.state == "sent"]
    return Counter((row.chat_id, normal(row.text)) for row in sent)


def _reply_of(row: Row[Any]) -> str:
    return str(json.loads(row.body)["reply_id"])


def _count(engine: Engine, table: Any, *where: Any) -> int:
    with engine.connect() as tx:
        return tx.scalar(select(func.count()).select_from(table).where(*where)) or 0


def _moment(seconds: float | None) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%H:%M:%S.%f}" if seconds else "never"
