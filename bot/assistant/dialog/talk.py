"""A dialog as the readers of this room take it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

Side = Literal["client", "seller"]


@dataclass(frozen=True)
class Said:
    """One message: who, what, and when (in the account's zone)."""

    by: Side
    text: str
    at: datetime

    @cached_property
    def low(self) -> str:
        """The text in lower case with е for ё."""
        return self.text.lower().replace("ё", "е")


@dataclass(frozen=True)
class Talk:
    """A dialog about one listing, oldest message first. `price` is the listing's, in roubles."""

    said: Sequence[Said]
    title: str = ""
    price: int | None = None
    description: str = ""

    @cached_property
    def client(self) -> list[Said]:
        return [one for one in self.said if one.by == "client"]

    @cached_property
    def seller(self) -> list[Said]:
        return [one for one in self.said if one.by == "seller"]

    @cached_property
    def client_text(self) -> str:
        """All that the client wrote, a message a line, in lower case with е for ё."""
        return "\n".join(one.low for one in self.client)

    @cached_property
    def bursts(self) -> list[list[Said]]:
        """Messages of one side in a row."""
        found: list[list[Said]] = []
        for one in self.said:
            if found and found[-1][0].by == one.by:
                found[-1].append(one)
            else:
                found.append([one])
        return found

    def before(self, burst: Sequence[Said]) -> str:
        """What the other side said right before a burst, in lower case; "" at the beginning."""
        at = next(
            n for n, one in enumerate(self.bursts) if one is burst or list(one) == list(burst)
        )
        return "\n".join(one.low for one in self.bursts[at - 1]) if at else ""


def words(pattern: str) -> re.Pattern[str]:
    """A pattern for texts in lower case with е for ё."""
    return re.compile(pattern)
