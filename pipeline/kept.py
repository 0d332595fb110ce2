"""Keeps the rows of dialogs, waits, replies and leads up to date while events arrive, in any order.

What follows from a chat's events is defined once, in `pipeline/sql/anew`. Here the same definitions are asked about the
chats that a batch touches, from their events in memory: the chats that were heard of last are *open*, with all of their
events here and their rows in one small table of the log that is written whole with every batch. When there are too many,
those that were quiet for longest are *settled*: their rows are appended to large tables, their events forgotten.

A settled chat of which something is heard becomes open from there on: of what is settled only the *ground* is known, how
many dialogs there were, and until when a new line could change something about them. When it can, the chat is *recalled*:
its settled rows are deleted and its events read from the log again.

Nothing in memory is state: all of it follows from the log, and is read from there anew after any failure.
"""

from typing import Any

import duckdb

from pipeline.definitions import STEPS, definition, sql_text

OPEN_CHATS = 500
"""So many chats may be open; half as many stay open when the others are settled."""

BUCKET = 400_000
"""So many events are computed at a time when all is computed anew."""

_OF_OTHERS = ("attributed", "prices")
_OF_CHATS = tuple(step for step in STEPS if step not in _OF_OTHERS)


class Kept:
    """The kept rows of one log, by a connection that may write to it.

    Each method works within the transaction that the caller began. After any error both the transaction and this object
    are to be thrown away.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, open_chats: int = OPEN_CHATS) -> None:
        self._con = con
        self._limit = open_chats
        self._do("memory")
        self._compute(*STEPS)
        self._table("nested", sql_text("kept/nested.sql"))

    def load(self) -> None:
        """Reads from the log what has to be known before the next batch."""
        self._do("load")
        self._compute(*_OF_OTHERS)

    def follow(self) -> None:
        """Brings the rows up to date with the events in the table `fresh`, which are not in the log yet."""
        self._do("hear")
        if self._any("fresh WHERE is_of_others(kind)"):
            self._concern_others()
        if not self._any("touched"):
            return
        self._open()
        if self._any("recalled"):
            self._do("unsettle")
        if self._any("corrected"):
            self._con.execute(
                "INSERT INTO lake.main.corrected FROM corrected WHERE greatest(seq, by_seq) >= (SELECT min(seq) FROM fresh)"
            )
        if self._any(f"opened OFFSET {self._limit}"):
            self._do("choose", stay=self._limit // 2)
            self._do("settle")
        self._do("put")

    def rebuild(self) -> None:
        """Computes all rows anew from the events of the log; afterwards every chat is settled."""
        self._do("tables")
        self._con.execute(
            "INSERT INTO remembered FROM lake.main.event_log WHERE is_of_others(kind)"
        )
        self._compute(*_OF_OTHERS)
        self._do("spans", size=BUCKET)
        buckets = self._con.execute("SELECT DISTINCT bucket FROM spans ORDER BY bucket").fetchall()
        for (bucket,) in buckets:
            self._do("bucket", bucket=bucket)
            self._compute(*_OF_CHATS)
            self._do("settle_bucket")

    def _concern_others(self) -> None:
        self._do("remember")
        if self._any("corrections WHERE heard_in IS NULL AND chat_id IS NULL"):
            self._do("look_elsewhere")
        self._con.execute("INSERT INTO touched FROM concerned")
        self._compute(*_OF_OTHERS)

    def _open(self) -> None:
        """Brings the touched chats into memory, and computes their rows."""
        self._table(
            "come_back",
            "SELECT DISTINCT chat_id FROM touched WHERE hash(chat_id) IN (SELECT chat FROM known) "
            "AND chat_id NOT IN (SELECT chat_id FROM opened)",
        )
        if self._any("come_back"):
            self._do("ground")
        if self._any("grounds WHERE chat_id IN (SELECT chat_id FROM touched)"):
            self._do("recall")
            if self._any("recalled"):
                self._do("read_again")
        self._compute(*_OF_CHATS)
        self._table("nested", sql_text("kept/nested.sql"))
        self._do("open")

    def _compute(self, *steps: str) -> None:
        for step in steps:
            self._table(step, definition(step))

    def _table(self, name: str, query: str) -> None:
        self._con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")

    def _do(self, name: str, **values: Any) -> None:
        """Runs the statements of a file; each gets those values that it names."""
        for statement in self._con.extract_statements(sql_text(f"kept/{name}.sql")):
            wanted = {key: values[key] for key in statement.named_parameters}
            self._con.execute(statement, wanted or None)

    def _any(self, what: str) -> bool:
        return self._con.execute(f"FROM {what}").fetchone() is not None
