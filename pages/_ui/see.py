"""Which number is looked behind, as a word of the address: `first_response.never~answered_by.nobody`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote

from pages._ui.i18n import _

ALL: Mapping[str, Mapping[str, str]] = {
    "first_response": {"answered_by": "all"},
    "next_reply_waiting": {"answered_by": "all"},
    "silent_clients": {"answered_by": "all"},
    "handoffs": {"reason": "all"},
    "queue_ages": {"verdict": "all"},
    "sla": {"wait": "first"},
}
"""Metrics that have a row for everything beside those of its parts: without this cell each dialog
would be behind a number twice."""

CLOSED = frozenset({"model_cost", "webhook_completeness"})
"""Metrics of machines: calls and deliveries are counted, and no dialogs stand behind a number."""

RESERVED = frozenset({"self", "con", "window", "number", "limit"})
"""Words of the question itself; no column of a metric is called so."""

_PART = re.compile(r"(?P<name>[a-z][a-z0-9_]*)(?P<kind>[.-])(?P<value>.*)")
_HEAD = re.compile(r"(?P<metric>[a-z][a-z0-9_]*)(\.(?P<number>[a-z][a-z0-9_]*))?")


@dataclass(frozen=True)
class Spot:
    """A number of a metric: its column, and where it stands by the columns that name its row."""

    metric: str
    number: str | None = None
    cell: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def code(self) -> str:
        head = self.metric + (f".{self.number}" if self.number else "")
        return "~".join([head, *(_written(name, value) for name, value in self.cell.items())])


def why_closed() -> str:
    """Said where a number of CLOSED stands."""
    return _("These are figures of the machine: no dialogs stand behind them.")


def spot(metric: str, number: str | None = None, **cell: Any) -> str:
    """The word for a number. Moments are of the window's clock; None restricts nothing."""
    where = {**ALL.get(metric, {}), **cell}
    known = {name: _plain(value) for name, value in where.items() if value is not None}
    return Spot(metric, number, known).code


def read(code: str) -> Spot | None:
    """The number that the word names; None for a word that names none."""
    head, *parts = code.split("~")
    found, cell = _HEAD.fullmatch(head), {}
    for part in parts:
        told = _PART.fullmatch(part)
        if (
            told is None
            or told["name"] in RESERVED
            or (told["kind"] == "-" and not told["value"].isdecimal())
        ):
            return None
        value = unquote(told["value"])
        cell[told["name"]] = int(value) if told["kind"] == "-" else value
    return Spot(found["metric"], found["number"], cell) if found else None


def _written(name: str, value: str | int) -> str:
    """Numbers after a dash, texts after a dot: SQL tells 7 from '7'."""
    if isinstance(value, int):
        return f"{name}-{value}"
    return f"{name}.{quote(value, safe=':').replace('~', '%7E')}"


def _plain(value: Any) -> str | int:
    if isinstance(value, datetime):
        return (
            value.strftime("%Y-%m-%d")
            if value.hour == value.minute == 0
            else f"{value:%Y-%m-%dT%H:%M}"
        )
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return int(value)
    return str(value)
