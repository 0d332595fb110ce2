"""Avito's account, listings, calls and ratings."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.sandbox.answers import Answer, Refused, invalid, shape_b, shape_c
from bot.sandbox.door import Call
from bot.sandbox.records import Item

STATUSES = {"active", "removed", "old", "blocked", "rejected"}
ITEMS_PER_MINUTE, ITEM_PER_MINUTE = 25, 500
_PRAISE = (
    "Приехали вовремя, насекомых больше нет.",
    "Мастер всё объяснил, договор и гарантию дали.",
    "Цена как обещали, без доплат.",
    "Пришлось звать второй раз, но по гарантии бесплатно.",
    "Быстро и аккуратно, спасибо!",
)


def self_(call: Call) -> Answer:
    """GET /core/v1/accounts/self."""
    account = call.account
    body = {
        "id": account.id,
        "name": account.name,
        "email": account.email,
        "phone": account.phone,
        "phones": [account.phone],
        "profile_url": f"https://avito.ru/user/{account.profile}/profile",
    }
    return Answer(body=body)


def balance(call: Call) -> Answer:
    """GET /core/v1/accounts/{user_id}/balance/, in roubles."""
    return Answer(body={"real": call.account.real, "bonus": call.account.bonus})


def operations(call: Call) -> Answer:
    """POST /core/v1/accounts/operations_history/: a week at most, nothing was spent here."""
    begin, end = days(call, "dateTimeFrom", "dateTimeTo")
    if end - begin > timedelta(days=7):
        raise invalid(dateTimeTo="at most a week")
    return Answer(body={"result": {"operations": []}})


def items(call: Call) -> Answer:
    """GET /core/v1/items: a page of the account's own listings, without a total."""
    call.world.within(call.account.id, "items", ITEMS_PER_MINUTE)
    query = call.request.query_params
    try:
        per_page, page = call.number("per_page", 25, 1, 99), call.number("page", 1, 1, 10**6)
    except Refused:
        raise shape_b(400, "per_page must be 1..99, page at least 1") from None
    wanted = set(call.words("status") or ["active"])
    if unknown := sorted(wanted - STATUSES):
        raise shape_b(400, f"unknown status {','.join(unknown)}")
    since, category = query.get("updatedAtFrom", ""), query.get("category")
    found = [
        item
        for item in call.world.items_of(call.account)
        if item.status in wanted
        and item.updated >= since
        and category in {None, str(item.category_id)}
    ]
    rows = [_row(item) for item in found[(page - 1) * per_page : page * per_page]]
    return Answer(body={"meta": {"page": page, "per_page": per_page}, "resources": rows})


def item(call: Call) -> Answer:
    """GET /core/v1/accounts/{user_id}/items/{item_id}/: no title, no price."""
    call.world.within(call.account.id, "item", ITEM_PER_MINUTE)
    number = call.path["item_id"]
    found = call.world.state.items.get(int(number)) if number.isdecimal() else None
    if found is None or found.account_id != call.account.id:
        status = "not_found" if found is None else "another_user"
        return Answer(body={"status": status, "url": None, "autoload_item_id": None, "vas": []})
    started = datetime.fromisoformat(found.updated).replace(hour=10, tzinfo=UTC)
    body: dict[str, Any] = {
        "status": found.status,
        "url": found.url,
        "start_time": started.isoformat(),
        "finish_time": (started + timedelta(days=30)).isoformat(),
        "autoload_item_id": None,
        "vas": [],
    }
    return Answer(body=body)


def calls(call: Call) -> Answer:
    """POST /core/v1/accounts/{user_id}/calls/stats/: calls for each listing and day."""
    begin, end = days(call, "dateFrom", "dateTo")
    asked = call.body.get("itemIds") or [item.id for item in call.world.items_of(call.account)]
    rows = [
        {
            "itemId": number,
            "employeeId": 0,
            "days": [_called(number, day) for day in each_day(begin, end)],
        }
        for number in asked
    ]
    return Answer(body={"result": {"items": rows}})


def ratings(call: Call) -> Answer:
    """GET /ratings/v1/info."""
    rating = {"score": 4.8, "reviewsCount": 35, "reviewsWithScoreCount": 31}
    return Answer(body={"isEnabled": True, "rating": rating})


def reviews(call: Call) -> Answer:
    """GET /ratings/v1/reviews?offset&limit, both needed."""
    bounds = {}
    for name, low, high in (("offset", 0, 10**6), ("limit", 1, 50)):
        given = call.request.query_params.get(name, "")
        if not given.isdecimal():
            raise shape_c(f"Field `{name}` is not integer")
        if not low <= int(given) <= high:
            raise shape_c(f"Field `{name}` must be {low}..{high}")
        bounds[name] = int(given)
    last = min(35, bounds["offset"] + bounds["limit"])
    rows = [_review(call, n) for n in range(bounds["offset"], last)]
    return Answer(body={"total": 35, "reviews": rows})


def days(call: Call, first: str, last: str) -> tuple[date, date]:
    """Two dates from the body, in order; Refused with 400 when they are not."""
    body = call.body if isinstance(call.body, dict) else {}
    try:
        begin, end = (date.fromisoformat(str(body[name])[:10]) for name in (first, last))
    except (KeyError, ValueError):
        raise invalid(**{first: "YYYY-MM-DD", last: "YYYY-MM-DD"}) from None
    if end < begin:
        raise invalid(**{last: f"must not be before {first}"})
    return begin, end


def each_day(begin: date, end: date) -> list[date]:
    """The days from the first to the last, both included."""
    return [begin + timedelta(days=n) for n in range((end - begin).days + 1)]


def noise(*seed: int) -> int:
    """A number 0..96 that looks random and is always the same for the same question."""
    value = 17
    for part in seed:
        value = (value * 31 + part * 7919) % 1_000_003
    return value % 97


def _called(number: int, day: date) -> dict[str, Any]:
    count = noise(number, day.toordinal()) % 4
    answered = min(count, noise(number, day.toordinal(), 2) % 4)
    return {
        "date": day.isoformat(),
        "calls": count,
        "answered": answered,
        "new": count // 2,
        "newAnswered": min(answered, count // 2),
    }


def _row(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": item.title,
        "price": item.price,
        "status": item.status,
        "address": item.address,
        "category": {"id": item.category_id, "name": item.category},
        "url": item.url,
    }


def _review(call: Call, n: int) -> dict[str, Any]:
    own = call.world.items_of(call.account)
    about = own[n % len(own)]
    return {
        "id": 92312343 + n,
        "score": 5 - (n % 7 == 6),
        "stage": "done",
        "text": _PRAISE[n % len(_PRAISE)],
        "usedInScore": True,
        "canAnswer": True,
        "createdAt": 1_780_000_000 - 86_400 * n,
        "answer": None,
        "item": {"id": about.id, "title": about.title},
        "sender": {"name": ("Анна", "Илья", "Мария", "Олег")[n % 4]},
        "images": [],
        "extraParams": {},
    }
