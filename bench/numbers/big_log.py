"""The log of a large seller over years: a made-up month, many times over, so that making it takes minutes."""

import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

from pipeline import Lake, sample
from pipeline.writer import SCHEMA, LakeWriter, events_table

MONTHS = 36
"""About so many, of four weeks: what happens on a weekday stays on it. A log for trying out has fewer."""

DAYS, SEED, END = 28, 3, datetime(2024, 1, 1, tzinfo=UTC)
_ROOT = Path(__file__).parents[2]
_REPLICA = (Path(__file__).parent / "replica.sql").read_text(encoding="utf-8")
_MONTH = """
CREATE TABLE month AS
SELECT
    *,
    -- What a kind of event does not have is looked for as a character that no text has.
    coalesce(body ->> '$.reply_id', chr(1))         AS reply_id,
    coalesce(body ->> '$.sent_message_id', chr(1))  AS sent_id,
    coalesce(body ->> '$.lead_id', chr(1))          AS lead_id,
    coalesce(body ->> '$.received_at', chr(1))      AS received_at,
    coalesce(CAST(body ->> '$.received_at' AS TIMESTAMP), TIMESTAMP '2000-01-01') AS received
FROM given
"""


class LargeSeller:
    """Makes months of events, one after the other; `position` is the last place that it gave."""

    def __init__(self, events: int) -> None:
        rows = sample.make(DAYS, SEED, END).rows
        in_chats = sum(row.chat_id is not None for row in rows)
        more = round((events / MONTHS - len(rows)) / in_chats)
        self._copies = max(1, 1 + more)
        self._months = math.ceil(events / (len(rows) + (self._copies - 1) * in_chats))
        self._made = self.position = 0
        self._con = duckdb.connect()
        self._con.register("given", events_table(rows))
        self._con.execute(_MONTH)
        self._con.execute("CREATE TABLE vocabulary (word VARCHAR)")
        self._con.executemany("INSERT INTO vocabulary VALUES (?)", [[word] for word in _words()])

    def months(self) -> Iterator[pa.Table]:
        """So many events as were wanted, and at most a month's more."""
        for _ in range(self._months):
            yield self.month()

    def month(self) -> pa.Table:
        """The events of the next month, in columns, at the next places of the log."""
        values = {"month": self._made, "copies": self._copies, "position": self.position}
        found = self._con.execute(_REPLICA, values).to_arrow_table().cast(SCHEMA)
        self._made += 1
        self.position += len(found)
        return found


def make(lake: Lake, events: int) -> LargeSeller:
    """So many events over about three years, maintained as the sink would have."""
    seller, writer = LargeSeller(events), LakeWriter(lake)
    bounded(writer)
    try:
        writer.fill(seller.months())
        while writer.maintain(keep=timedelta(0))["files_merged"]:
            pass
    finally:
        writer.close()
    return seller


def bounded(writer: LakeWriter) -> None:
    """So much memory at most for what computes all rows: else DuckDB takes four fifths of the machine's."""
    con, _ = writer._open()
    con.execute("SET memory_limit = '8GB'")


def _words() -> list[str]:
    """Words that clients use, from the corpora of the tests."""
    texts = (file.read_text("utf-8") for file in sorted((_ROOT / "tests/corpus").glob("*.jsonl")))
    return sorted({word for text in texts for word in re.findall("[а-яё]{2,}", text)})
