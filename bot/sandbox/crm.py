"""DezExpert's CRM: takes leads and orders, each key once."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from bot.sandbox.answers import Answer, Refused
from bot.sandbox.records import Lead
from bot.sandbox.world import World

PHONE = re.compile(r"\+?[\d\s\-()]{10,}")
KNOWN = {
    "pestType": {"tarakany", "klopy", "muravi", "gryzuny", "bleshi", "kleshchi", "plesen"},
    "objectType": {"apartment", "house", "plot", "commercial"},
    "infestation": {"low", "medium", "high"},
}
LEAD_FIELDS = (
    "partnerId pestType objectType infestation previousTreatment phone address name expectedDate"
)
ORDER_FIELDS = "service object count experience address phoneNumber name dezinsectorId expectDate"
KEPT_HEADERS = ("idempotency-key", "content-type", "user-agent", "x-request-id")


def change(world: World, path: str, headers: Mapping[str, str], raw: bytes) -> Answer:
    """Complete a lead, or an order, by the id at the end of its path."""
    _check_key(world, headers)
    body, id = _body(raw), path.rstrip("/").rpartition("/")[2]
    lead = next((lead for lead in world.state.leads if lead.id == id), None)
    if lead is None:
        raise _nest(404, ["no such lead"])
    lead.body.update({name: value for name, value in body.items() if value is not None})
    world.changed()
    return Answer(200, _order(lead) if "order" in path else {"leadId": lead.id})


def _check_key(world: World, headers: Mapping[str, str]) -> None:
    given = headers.get("authorization", "").removeprefix("Bearer ")
    if world.config.crm_key not in {given, headers.get("x-api-key")}:
        raise _nest(401, "Unauthorized")


def receive(world: World, path: str, headers: Mapping[str, str], raw: bytes) -> Answer:
    """Take a lead, or an order when the path ends in `order`; the same key gives the same id."""
    _check_key(world, headers)
    body = _body(raw)
    order = path.rstrip("/").endswith("order")
    if problems := _problems(body, order=order, strict=world.weather.faults.crm_strict):
        raise _nest(400, problems)
    lead = _known(world, path, headers, body)
    return Answer(201, _order(lead) if order else {"leadId": lead.id})


def _known(world: World, path: str, headers: Mapping[str, str], body: dict[str, Any]) -> Lead:
    key = headers.get("idempotency-key")
    for lead in world.state.leads:
        if key is not None and lead.key == key:
            lead.attempts += 1
            world.changed()
            return lead
    kept = {name.title(): headers[name] for name in KEPT_HEADERS if name in headers}
    lead = Lead(str(UUID(hex=world.hex(32))), path, world.now(), kept, body, key)
    world.state.leads.append(lead)
    world.changed()
    return lead


def _body(raw: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(raw, type=dict[str, Any])
    except msgspec.DecodeError:
        raise _nest(400, ["body must be a JSON object"]) from None


def _problems(body: Mapping[str, Any], *, order: bool, strict: bool) -> list[str]:
    """What is wrong, in NestJS's words. A number to call is enough, unless strict."""
    phone = "phoneNumber" if order else "phone"
    needed = ((ORDER_FIELDS if order else LEAD_FIELDS) if strict else phone).split()
    problems = [f"{name} should not be empty" for name in needed if body.get(name) in (None, "")]
    given = body.get(phone)
    if given is not None and not (isinstance(given, str) and PHONE.fullmatch(given)):
        problems.append(f"{phone} must be a phone number")
    for name, words in KNOWN.items() if not order else ():
        if body.get(name) is not None and body[name] not in words:
            problems.append(f"{name} must be one of {', '.join(sorted(words))}")
    rooms = body.get("rooms")
    if not order and rooms is not None and rooms not in {1, 2, 3, 4}:
        problems.append("rooms must be 1..4")
    return problems


def _order(lead: Lead) -> dict[str, Any]:
    at = datetime.fromtimestamp(lead.at, UTC).isoformat()
    plain = {"chatId": None, "username": None, "realPrice": None, "clientComment": ""}
    made = {"id": lead.id, "orderCreated": True, "status": "New", "createdAt": at, "updatedAt": at}
    return {**plain, **lead.body, **made}


def _nest(status: int, message: str | list[str]) -> Refused:
    body: dict[str, Any] = {"message": message, "statusCode": status}
    return Refused(Answer(status, body if status == 401 else {**body, "error": "Bad Request"}))
