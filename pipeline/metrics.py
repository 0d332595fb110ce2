"""The catalogue of metrics: each is an SQL file with a header that says what its number means."""

import importlib.resources
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

import duckdb
import pandas as pd

from pipeline.columns import Language
from pipeline.headers import read_header
from pipeline.window import Grain, Window, zone_of

__all__ = [
    "Grain",
    "Language",
    "Metric",
    "NoSuchMetric",
    "NothingBehind",
    "Window",
    "catalog",
    "metric",
    "zone_of",
]

_FOLDER = importlib.resources.files("pipeline") / "sql" / "metrics"
_PARAMETER = re.compile(r"\$(\w+)")
_MAY_LACK = ("opens", "counts")


class NoSuchMetric(ValueError):
    """There is no metric of this name; the message lists those that are."""


class NothingBehind(ValueError):
    """This number does not open; the message says which do."""


@dataclass(frozen=True)
class Metric:
    """A question with its definition and its SQL.

    `opens` names the CTE whose rows are what is counted; `counts` says which of its rows each
    number counts, as a condition. Metrics of machines open nothing.
    """

    name: str
    title_ru: str
    title_en: str
    asks_ru: str
    asks_en: str
    grain: str
    grain_ru: str
    unit: str
    unit_ru: str
    denominator: str
    denominator_ru: str
    notes_ru: str
    notes_en: str
    version: int
    sql: str = field(repr=False)
    opens: str | None = None
    counts: Mapping[str, str] = field(default_factory=dict, hash=False)

    def title(self, language: Language = "en") -> str:
        return self.title_ru if language == "ru" else self.title_en

    def asks(self, language: Language = "en") -> str:
        return self.asks_ru if language == "ru" else self.asks_en

    def notes(self, language: Language = "en") -> str:
        return self.notes_ru if language == "ru" else self.notes_en

    def facts(self, language: Language = "en") -> dict[str, str]:
        """What a row is, the unit, and what shares are of."""
        if language == "ru":
            return {
                "grain": self.grain_ru,
                "unit": self.unit_ru,
                "denominator": self.denominator_ru,
            }
        return {"grain": self.grain, "unit": self.unit, "denominator": self.denominator}

    @property
    def parameters(self) -> frozenset[str]:
        """The names that the SQL asks for: a value that it does not name would be an error."""
        return frozenset(_PARAMETER.findall(self.sql))

    def ask(self, con: duckdb.DuckDBPyConnection, window: Window) -> duckdb.DuckDBPyConnection:
        """The connection with the answer ready to be fetched."""
        return con.execute(self.sql, _needed(self.sql, window.values()))

    def run(self, con: duckdb.DuckDBPyConnection, window: Window) -> pd.DataFrame:
        """The answer, shaped as `grain` says. `period` is the beginning of the period on the clock
        of the zone."""
        return self.ask(con, window).df()

    def behind(
        self,
        con: duckdb.DuckDBPyConnection,
        window: Window,
        number: str | None = None,
        *,
        limit: int | None = None,
        **cell: Any,
    ) -> pd.DataFrame:
        """The dialogs behind one number of the answer, newest first: one row per counted thing.

        `cell` says where the number stands, by the columns of the answer that name its row
        (`period="2026-05-12"`, `answered_by="assistant"`); None restricts nothing. `number` is its
        column, without one the first that opens. The SQL is the metric's own up to the rows that it
        counts, so the two cannot disagree. Raises NothingBehind.
        """
        values = window.values()
        rows, condition = self._counted(number)
        known = _columns(con.execute(f"{rows} FROM {self.opens} LIMIT 0", _needed(rows, values)))
        inside = {name: _plain(value) for name, value in cell.items() if not pd.isna(value)}
        if strange := sorted(set(inside) - set(known)):
            raise NothingBehind(
                f"rows of {self.name} have no {', '.join(strange)}; they have {', '.join(known)}"
            )
        places = [f'"{name}" = $in_{name}' for name in inside]
        sql = f"""{rows}
            SELECT dialogs.*
            FROM (FROM {self.opens} WHERE {" AND ".join([condition, *places])}) AS counted
            {_TO_DIALOG["dialog_id" in known]}
            ORDER BY dialogs.opened_at DESC, dialogs.dialog_id
            LIMIT $limit"""  # noqa: S608 - the names are those of our own files and of their columns
        values |= {f"in_{name}": value for name, value in inside.items()} | {"limit": limit}
        return con.execute(sql, _needed(sql, values)).df()

    def _counted(self, number: str | None) -> tuple[str, str]:
        """The SQL up to the rows that are counted, and the condition of this number."""
        if self.opens is None:
            raise NothingBehind(f"no dialogs stand behind {self.name}")
        number = number or next(iter(self.counts))
        if number not in self.counts:
            raise NothingBehind(
                f"{number} of {self.name} does not open; {', '.join(self.counts)} do"
            )
        return rows_until(self.sql, self.opens), f"({self.counts[number]})"


_TO_DIALOG = {
    True: "LEFT JOIN dialogs ON dialogs.dialog_id = counted.dialog_id",
    False: "ASOF LEFT JOIN dialogs ON dialogs.chat_id = counted.chat_id "
    """AND dialogs.began_at - clock_skew() <= counted."at" """,
}
"""What is counted knows its dialog, or else its chat and moment: then the newest that had begun."""


@cache
def catalog() -> dict[str, Metric]:
    """All metrics by name, in the order of their names."""
    files = sorted(
        (each for each in _FOLDER.iterdir() if each.name.endswith(".sql")), key=lambda f: f.name
    )
    metrics = [read_metric(each.read_text(encoding="utf-8")) for each in files]
    return {metric.name: metric for metric in metrics}


def metric(name: str) -> Metric:
    """The metric of this name. Raises NoSuchMetric."""
    try:
        return catalog()[name]
    except KeyError:
        raise NoSuchMetric(
            f"there is no metric {name!r}; there are {', '.join(catalog())}"
        ) from None


def read_metric(text: str) -> Metric:
    """A metric from its file: the header, then the SQL. Raises ValueError when a word of the header
    is missing, unknown or wrong."""
    lines = text.splitlines()
    length = next((n for n, line in enumerate(lines) if not line.startswith("--")), len(lines))
    words, _ = read_header(text)
    name = words.get("name", "a metric")
    wanted = [each.name for each in fields(Metric) if each.name != "sql"]
    if missing := [each for each in wanted if each not in _MAY_LACK and not words.get(each)]:
        raise ValueError(f"the header of {name} lacks {', '.join(missing)}")
    if strange := sorted(set(words) - set(wanted)):
        raise ValueError(f"the header of {name} has words that nobody knows: {', '.join(strange)}")
    if ("opens" in words) != ("counts" in words):
        raise ValueError(f"the header of {name} needs both opens and counts, or neither")
    sql = "\n".join(lines[length:]).strip()
    if "opens" in words:
        rows_until(sql, words["opens"])
    given: dict[str, Any] = words | {"version": int(words["version"]), "sql": sql}
    return Metric(**given | {"counts": _counts(words.get("counts", ""))})


def rows_until(sql: str, name: str) -> str:
    """The SQL up to the end of the CTE of this name. Raises ValueError when there is none.

    A CTE begins with a line `name AS (`, or `WITH name AS (`, and ends with a line `)`.
    """
    found = re.search(rf"^(?:WITH )?{re.escape(name)} AS \($.*?^\)", sql, re.MULTILINE | re.DOTALL)
    if not found:
        raise ValueError(f"there is no CTE {name} to open")
    return sql[: found.end()]


def _counts(text: str) -> dict[str, str]:
    """Of `dialogs; leads: is_lead`: which rows each number counts, as a condition."""
    pairs = (each.partition(":") for each in text.split(";") if each.strip())
    return {name.strip(): condition.strip() or "true" for name, _, condition in pairs}


def _needed(sql: str, values: dict[str, Any]) -> dict[str, Any]:
    """A value that the SQL does not name would be an error."""
    return {name: values[name] for name in _PARAMETER.findall(sql)}


def _columns(con: duckdb.DuckDBPyConnection) -> list[str]:
    return [str(each[0]) for each in con.description or ()]


def _plain(value: Any) -> Any:
    """A value of a frame as DuckDB takes it."""
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    return value.item() if hasattr(value, "item") else value
