"""Reads what Avito tells of an account beside its chats: profile, listings, numbers."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.avito import loose
from bot.model import DayStats, ListingRow, Profile


def read_profile(data: Any) -> Profile:
    """Whose token it is. ValueError if there is no id."""
    row = loose.mapping(data)
    id = loose.whole(row.get("id"))
    if not id or id < 0:
        raise ValueError("Avito's answer has no id of the account")
    url = loose.text(row.get("profile_url"))
    return Profile(id=id, name=loose.text(row.get("name")) or str(id), url=url)


def read_listings(data: Any) -> list[ListingRow]:
    """The listings of a page; a row without an id is left out. ValueError without a list."""
    found = (_listing(loose.mapping(row)) for row in loose.rows(data, "resources"))
    return [listing for listing in found if listing]


def _listing(row: Mapping[str, Any]) -> ListingRow | None:
    id = loose.whole(row.get("id"))
    if not id:
        return None
    return ListingRow(
        id=id,
        title=loose.text(row.get("title")) or str(id),
        price=_roubles(row.get("price")),
        status=loose.text(row.get("status")) or "unknown",
        category=loose.text(loose.mapping(row.get("category")).get("name")),
        address=loose.text(row.get("address")),
        url=loose.text(row.get("url")),
    )


def _roubles(value: Any) -> int | None:
    if isinstance(value, float) and math.isfinite(value):
        value = round(value)
    return loose.whole(value)


def read_stats(data: Any) -> list[DayStats]:
    """Numbers by listing and day; a number that Avito left out is None, not zero.

    ValueError without a list of listings. Unreadable rows and days are left out.
    """
    result = loose.mapping(data).get("result", data)
    return [day for row in loose.rows(result, "items") for day in _days(loose.mapping(row))]


def _days(row: Mapping[str, Any]) -> list[DayStats]:
    id, stats = loose.whole(row.get("itemId")), row.get("stats")
    if not id or not isinstance(stats, list):
        return []
    found = (_day(id, loose.mapping(numbers)) for numbers in stats)
    return [day for day in found if day]


def _day(listing_id: int, numbers: Mapping[str, Any]) -> DayStats | None:
    try:
        day = date.fromisoformat(str(numbers.get("date"))[:10])
    except ValueError:
        return None
    return DayStats(
        listing_id=listing_id,
        day=day,
        views=loose.whole(numbers.get("uniqViews")),
        contacts=loose.whole(numbers.get("uniqContacts")),
        favorites=loose.whole(numbers.get("uniqFavorites")),
    )
