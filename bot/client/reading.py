"""Values from the JSON of an answer: unknown names are left out, missing ones get their default."""

import functools
import types
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from bot.client.errors import BotUnavailable

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list, 1-based; `total` counts all rows, `total_pages` all pages."""

    rows: tuple[T, ...]
    page: int
    total: int
    total_pages: int


def rows(cls: type[T], answer: Any) -> tuple[T, ...]:
    """All values of an answer that has them under `data`."""
    return tuple(read(cls, row) for row in answer["data"])


def page_of(cls: type[T], answer: Any) -> Page[T]:
    """One page of values, with what the answer says of the others."""
    about = answer["pagination"]
    return Page(rows(cls, answer), about["page"], about["total"], about["totalPages"])


def read(cls: type[T], raw: Mapping[str, Any]) -> T:
    """A value of `cls` from JSON; unknown names are left out, missing ones get their default."""
    values = {}
    shape = _shape(cls)  # type: ignore[arg-type]  # every class is hashable
    for name, (hint, optional) in shape.items():
        if name in raw:
            values[name] = _value(hint, raw[name])
        elif not optional:
            raise BotUnavailable(f"The bot's answer has no {name!r}; is it another version?")
    return cls(**values)


@functools.cache
def _shape(cls: type) -> dict[str, tuple[Any, bool]]:
    """Name → (type, whether it may be missing) of a dataclass's fields."""
    hints = get_type_hints(cls)
    return {
        f.name: (hints[f.name], f.default is not MISSING or f.default_factory is not MISSING)
        for f in fields(cls)
    }


def _value(hint: Any, raw: Any) -> Any:
    if raw is None:
        return None
    if isinstance(hint, types.UnionType):
        [hint, *_] = [h for h in get_args(hint) if h is not types.NoneType]
    if hint is datetime:
        return datetime.fromisoformat(raw)
    if is_dataclass(hint):
        return read(hint, raw)  # type: ignore[arg-type]  # is_dataclass allows instances too
    origin, args = get_origin(hint), get_args(hint)
    if origin is tuple:
        return tuple(_value(args[0], one) for one in raw)
    if origin is Mapping and is_dataclass(args[1]):
        return {key: _value(args[1], one) for key, one in raw.items()}
    return raw
