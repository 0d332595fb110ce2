"""Instructions to begin with, by niche. They hold no prices, addresses or guarantees: those only the seller knows."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.assistant.instructions import Instructions, from_json

_HERE = Path(__file__).parent
_ORDER = ("pest_control", "cargo", "repair", "tool_rental", "children_goods", "car_parts")


@dataclass(frozen=True)
class StartingSet:
    """`examples` show what a seller of this niche may write into the fields that are empty, by the field's name."""

    code: str
    title: str
    instructions: Instructions
    examples: Mapping[str, Any]


@cache
def all_sets() -> tuple[StartingSet, ...]:
    """In the order in which they are offered."""
    return tuple(_read(code) for code in _ORDER)


def _read(code: str) -> StartingSet:
    raw = tomllib.loads((_HERE / f"{code}.toml").read_text(encoding="utf-8"))
    return StartingSet(code, raw["title"], from_json(raw["instructions"]), raw["examples"])
