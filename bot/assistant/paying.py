"""Pays for calls of the model: what a call may cost at most is taken from a purse before anything is asked."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Protocol

from bot.model import Cost, Grant

MESSAGE_TOKENS = 8
"""What a server adds to each message of a prompt, at most."""

PICTURE_TOKENS = 3000
"""What a picture in a prompt costs, at most."""

_RUSSIAN = re.compile("[а-яё]", re.IGNORECASE)


NOTHING = Cost(0, 0)


class Purse(Protocol):
    """Whose money it is. Several processes may take from it at once; it never gives more than there is."""

    async def reserve(self, offers: Sequence[Cost]) -> Grant | None:
        """Takes the worst that one of the offers may cost, the best offer first; None if not even the last can be paid."""
        ...

    async def settle(self, grant: Grant, cost: Cost | None) -> None:
        """Puts back what the call did not cost; all stays taken if nobody knows (None), or if nobody ever says."""
        ...


class _Bottomless:
    """Pays for everything and counts nothing."""

    async def reserve(self, offers: Sequence[Cost]) -> Grant | None:
        return Grant("", NOTHING)

    async def settle(self, grant: Grant, cost: Cost | None) -> None:
        """Nobody wants to know."""


BOTTOMLESS = _Bottomless()


@dataclass(frozen=True)
class Prices:
    """Roubles for a million tokens, which is millionths of a rouble for one."""

    tokens_in: float
    tokens_out: float

    def of(self, tokens_in: int, tokens_out: int) -> float:
        """Roubles."""
        return (tokens_in * self.tokens_in + tokens_out * self.tokens_out) / 1e6

    def cost(self, tokens_in: int, tokens_out: int) -> Cost:
        exact = tokens_in * self.tokens_in + tokens_out * self.tokens_out
        return Cost(tokens_in + tokens_out, ceil(exact))

    def worst(self, messages: Sequence[dict[str, Any]], schema: Any, longest: int) -> Cost:
        """The cost of a call with this prompt whose answer has `longest` tokens at most."""
        asked = sum(most_tokens(one["content"]) + MESSAGE_TOKENS for one in messages)
        return self.cost(asked + most_tokens(json.dumps(schema)), longest)


def most_tokens(content: Any) -> int:
    """What a text may count at most, whatever the tokenizer: a token is a Russian letter or a byte, or more.

    The real count of a Russian text is about a third of it; the difference is put back after the call. Of a message in
    parts, a part that is no text counts as a picture.
    """
    if isinstance(content, str):
        return len(content.encode(errors="replace")) - len(_RUSSIAN.findall(content))
    if isinstance(content, Sequence):
        return sum(
            most_tokens(part["text"]) if "text" in part else PICTURE_TOKENS for part in content
        )
    return 0
