"""A small language for telling what happened in a few chats, so that a test of a number reads like a chat."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb

from pipeline.definitions import sql_text
from pipeline.events import (
    Author,
    Event,
    EventRow,
    MessageAttributed,
    MessageReceived,
    MessageSent,
)
from pipeline.views import create_views
from pipeline.writer import events_table

START = datetime(2026, 5, 12, 6, 0, tzinfo=UTC)
"""A Tuesday, nine in the morning in Moscow."""

DAY = date(2026, 5, 12)


class Story:
    """What happened, in the order in which it became known. `after` is in seconds from START."""

    def __init__(self) -> None:
        self.rows: list[EventRow] = []

    def client(self, chat: str, after: float, kind: str = "text", **more: Any) -> str:
        """A client writes; the id of the message."""
        return self._says(MessageReceived, "client", chat, after, kind, **more)

    def avito(self, chat: str, after: float, **more: Any) -> str:
        return self._says(MessageReceived, "avito", chat, after, "system", **more)

    def assistant(self, chat: str, after: float, **more: Any) -> str:
        return self._says(MessageSent, "assistant", chat, after, "text", **more)

    def person(self, chat: str, after: float, by: Author = "human_app", **more: Any) -> str:
        return self._says(MessageSent, by, chat, after, "text", **more)

    def attributed(self, message_id: str, author: Author, after: float) -> None:
        self.happens(MessageAttributed(message_id=message_id, author=author, reply_id=None), after)

    def happens(self, event: Event, after: float) -> None:
        """Any event."""
        self.rows.append(EventRow.of(event, len(self.rows) + 1, START + timedelta(seconds=after)))

    def _says(
        self,
        cls: type[MessageReceived] | type[MessageSent],
        author: Author,
        chat: str,
        after: float,
        kind: str,
        *,
        listing: int = 7,
        account: int = 1,
        found_by: Any = "webhook",
        delay: float = 1,
        text: str | None = "…",
    ) -> str:
        message_id = f"m{len(self.rows) + 1}"
        event = cls(
            account_id=account,
            listing_id=listing,
            chat_id=chat,
            message_id=message_id,
            author=author,
            type=kind,
            text=text,
            found_by=found_by,
            received_at=START + timedelta(seconds=after + delay),
        )
        self.happens(event, after)
        return message_id


def remember(rows: Sequence[EventRow]) -> duckdb.DuckDBPyConnection:
    """A connection like `pipeline.connect`'s, over a log in memory."""
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    con.execute("ATTACH ':memory:' AS lake")
    con.execute(sql_text("log.sql"))
    put(con, rows)
    create_views(con)
    return con


def put(con: duckdb.DuckDBPyConnection, rows: Sequence[EventRow]) -> None:
    """Adds the rows to a log in memory."""
    con.register("new_events", events_table(rows))
    con.execute(sql_text("fresh.sql"))
    con.execute("INSERT INTO lake.main.event_log FROM fresh")


def part(row: dict[str, Any], *names: str) -> dict[str, Any]:
    """Some of the columns of a row."""
    return {name: row[name] for name in names}
