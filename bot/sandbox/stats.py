"""Avito's statistics, made up but steady: the same day always has the same numbers."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.sandbox.answers import Answer, invalid
from bot.sandbox.core import days, each_day, noise
from bot.sandbox.door import Call

DEPTH = timedelta(days=270)
FIELDS = {"uniqViews", "uniqContacts", "uniqFavorites", "views", "contacts", "favorites"}
GROUPINGS = {"totals", "item", "day", "week", "month"}
MONEY = {"spending", "allSpending", "presenceSpending", "promoSpending", "restSpending"}


def v1(call: Call) -> Answer:
    """POST /stats/v1/accounts/{user_id}/items: at most 200 listings, 270 days back."""
    begin, end = _window(call)
    numbers = call.body.get("itemIds")
    if not isinstance(numbers, list) or not 0 < len(numbers) <= 200:
        raise invalid(itemIds="1..200 ids")
    wanted = call.body.get("fields") or ["uniqViews", "uniqContacts", "uniqFavorites"]
    if set(wanted) - FIELDS:
        raise invalid(fields=f"known are {sorted(FIELDS)}")
    period = _period(call.body.get("periodGrouping", "day"), {"day", "week", "month"})
    own = {item.id for item in call.world.items_of(call.account)}
    rows = [
        {"itemId": number, "stats": _series(number, begin, end, wanted, period)}
        for number in numbers
        if number in own
    ]
    return Answer(body={"result": {"items": rows}})


def v2(call: Call) -> Answer:
    """POST /stats/v2/accounts/{user_id}/items: once a minute, money in kopecks."""
    call.world.within(call.account.id, "stats_v2", 1)
    begin, end = _window(call)
    metrics, grouping = call.body.get("metrics"), call.body.get("grouping")
    limit, offset = call.body.get("limit"), call.body.get("offset")
    if not isinstance(metrics, list) or not metrics or grouping not in GROUPINGS:
        raise invalid(metrics="a list is needed", grouping=f"one of {sorted(GROUPINGS)}")
    if not isinstance(limit, int) or not 0 <= limit <= 1000 or not isinstance(offset, int):
        raise invalid(limit="0..1000", offset="a number is needed")
    groups = _groups(call, begin, end, str(grouping))
    rows = [
        {
            "id": key,
            "type": grouping,
            "metrics": [{"slug": m, "value": _measure(m, parts)} for m in metrics if _known(m)],
        }
        for key, parts in groups[offset : offset + limit]
    ]
    stamp = datetime.fromtimestamp(call.world.now(), UTC).strftime("%Y-%m-%d %H:%M:%S")
    return Answer(
        body={"result": {"dataTotalCount": len(groups), "groupings": rows, "timestamp": stamp}}
    )


Cell = tuple[int, date]


def _groups(call: Call, begin: date, end: date, grouping: str) -> list[tuple[int, list[Cell]]]:
    items = [item.id for item in call.world.items_of(call.account) if item.status == "active"]
    dates = each_day(begin, end)
    groups: dict[int, list[Cell]] = {}
    first_day = _period(grouping, {"day", "week", "month"}) if grouping in _FIRST_DAY else None
    for number in items:
        for day in dates:
            key = number if grouping == "item" else 0
            if first_day is not None:
                midnight = datetime.combine(max(first_day(day), begin), datetime.min.time(), UTC)
                key = int(midnight.timestamp())
            groups.setdefault(key, []).append((number, day))
    return list(groups.items())


def _window(call: Call) -> tuple[date, date]:
    begin, end = days(call, "dateFrom", "dateTo")
    today = datetime.fromtimestamp(call.world.now(), UTC).date()
    if begin < today - DEPTH:
        raise invalid(dateFrom="at most 270 days ago")
    return begin, end


_FIRST_DAY: dict[str, Callable[[date], date]] = {
    "day": lambda day: day,
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
}


def _period(name: Any, allowed: set[str]) -> Callable[[date], date]:
    if name not in allowed:
        raise invalid(periodGrouping=f"one of {sorted(allowed)}")
    return _FIRST_DAY[name]


def _series(
    number: int, begin: date, end: date, wanted: list[str], period: Callable[[date], date]
) -> list[dict[str, Any]]:
    sums: dict[date, dict[str, int]] = {}
    for day in each_day(begin, end):
        row = sums.setdefault(period(day), dict.fromkeys(wanted, 0))
        for name in wanted:
            row[name] += _count(name, number, day)
    return [{"date": day.isoformat(), **row} for day, row in sums.items()]


def _count(slug: str, number: int, day: date) -> int:
    """How much of something a listing had on a day: views most, favourites least."""
    views = 5 + noise(number, day.toordinal()) // 2
    low = slug.lower()
    if "impression" in low:
        return views * 11
    if "view" in low:
        return views
    if "favorite" in low:
        return views // 15
    if low == "contactsmessenger":
        return views // 14
    if low == "contactsshowphone":
        return views // 10 - views // 14
    if "contact" in low:
        return views // 10
    return 0


def _known(slug: Any) -> bool:
    return slug in MONEY or (
        isinstance(slug, str) and any(w in slug.lower() for w in ("view", "contact", "favorite"))
    )


def _measure(slug: str, cells: list[Cell]) -> float:
    if slug in MONEY:
        return float(sum(100 * (50 + noise(number, 3)) for number, _ in cells))
    if slug == "viewsToContactsConversion":
        views = sum(_count("views", *cell) for cell in cells)
        return round(100 * sum(_count("contacts", *cell) for cell in cells) / views, 2)
    return float(sum(_count(slug, *cell) for cell in cells))
