"""Reads single values out of JSON that may lack them or hold something else there."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

EPOCH = datetime.fromtimestamp(0, UTC)
"""Stands for a moment that Avito did not tell."""

EARLIEST, LATEST = 946_684_800, 4_102_444_800
"""The years 2000 and 2100: a moment outside them is no moment of Avito's."""

INT64 = 2**63
LONGEST_ID = 255


def mapping(value: Any) -> Mapping[str, Any]:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def rows(data: Any, key: str) -> list[Any]:
    """The list, bare or under `key`; Go writes an empty one as null. ValueError if there is none."""
    found = data.get(key, data) if isinstance(data, dict) else data
    if found is None and isinstance(data, dict):
        return []
    if isinstance(found, list):
        return found
    raise ValueError(f"Avito's answer has no list of {key}")


def text(value: Any) -> str | None:
    """The words without what no database takes; None if there are none."""
    if not isinstance(value, str):
        return None
    return value.encode("utf-8", "replace").decode().replace("\x00", "").strip() or None


def whole(value: Any) -> int | None:
    """A whole number that fits in 64 bits; Avito's own examples write some in quotes."""
    if isinstance(value, str) and value.strip(" ,").isascii():
        value = int(digits) if (digits := value.strip(" ,")).isdigit() else None
    if isinstance(value, float) and abs(value) < INT64:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if -INT64 <= value < INT64 else None


def moment(value: Any) -> datetime | None:
    """Unix seconds as a moment."""
    seconds = whole(value)
    if seconds is None or not EARLIEST <= seconds < LATEST:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def secret(value: Any) -> str | None:
    """A token, if it can stand in a header."""
    return (
        value
        if isinstance(value, str) and value.isascii() and value.isprintable() and value.strip()
        else None
    )


def identifier(value: Any) -> str | None:
    """One of Avito's opaque ids, if it can stand in an address and in a database."""
    if isinstance(value, str) and 0 < len(value) <= LONGEST_ID and value.isprintable():
        return value if value.strip() == value else None
    return None
