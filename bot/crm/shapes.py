"""Puts what a client said into the fields that DezExpert's CRM has for it.

Its public front end shows two objects: the *lead* (slugs, all fields optional on our side) and the
*order* (free Russian strings, all of them required). What has no field, or does not fit in one,
goes into the comment, so that nothing the client said is lost and nothing is made up.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bot.model import LeadFields

UNKNOWN = "Не указано"
SOURCE = "avito"
MOST_ROOMS = 4
"""The CRM's schema takes 1 to 4; more is told in the comment."""

PESTS = {
    "tarakany": (r"таракан|прусак|roach", "Тараканы"),
    "klopy": (r"клоп|bed ?bug", "Клопы"),
    "muravi": (r"мурав|\bants?\b", "Муравьи"),
    "gryzuny": (r"грызун|мыш|крыс|\bmice\b|mouse|\brats?\b|rodent", "Грызуны"),
    "bleshi": (r"блох|блош|flea", "Блохи"),
    "kleshchi": (r"клещ|\bticks?\b|\bmites?\b", "Клещи"),
    "plesen": (r"плесен|грибок|mou?ld", "Плесень"),
}
OBJECTS = {
    "apartment": (r"кварт|студи|общежит|комнат[ауы]\b|apartment|\bflat\b", "Квартира"),
    "house": (r"(?<!жилой )\bдом(?:а|е|ик)?\b|коттедж|таунхаус|дач|house|cottage", "Дом"),
    "plot": (r"участ|огород|\bplot\b|garden", "Участок"),
    "commercial": (
        r"офис|склад|кафе|рестор|магазин|гостини|отел|хостел|помещени|салон|столов|commerc|office",
        "Коммерческое помещение",
    ),
}
DEGREES = {
    "low": (r"мало|слаб|единич|редк|немного|не много|не сильн|низк|пар[ау]\b|\blow\b", "Мало"),
    "medium": (r"средн|умерен|\bmedium\b", "Средне"),
    "high": (r"много|сильн|высок|массов|кишат|полно|\bhigh\b", "Много"),
}
Slugs = Mapping[str, tuple[str, str]]


def slug(words: str | None, slugs: Slugs) -> str | None:
    """The one slug that the words mean; None if they mean none or several."""
    if words is None:
        return None
    low = words.lower().replace("ё", "е").strip()
    if low in slugs:
        return low
    meant = [name for name, (pattern, _) in slugs.items() if re.search(pattern, low)]
    return meant[0] if len(meant) == 1 else None


def degree(words: str | None) -> str | None:
    """As `slug`, but "немного" is also "много": the lowest that fits is meant."""
    low = (words or "").lower().strip()
    fitting = (name for name, (pattern, _) in DEGREES.items() if re.search(pattern, low))
    return next(fitting, None)


def phone(words: str | None) -> str | None:
    """A Russian number as +7XXXXXXXXXX, any other as it came."""
    digits = re.sub(r"\D", "", words or "")
    if len(digits) == 11 and digits[0] in "78":
        return f"+7{digits[1:]}"
    return f"+7{digits}" if len(digits) == 10 and digits[0] == "9" else words


def as_lead(lead: LeadFields, context: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a lead; what the client did not say is left out."""
    body = {
        "name": lead.name,
        "phone": phone(lead.phone),
        "pestType": slug(lead.pestType, PESTS),
        "objectType": slug(lead.objectType, OBJECTS),
        "rooms": lead.rooms if _fits(lead.rooms) else None,
        "infestation": degree(lead.infestation),
        "previousTreatment": lead.previousTreatment,
        "address": lead.address,
        "expectedDate": lead.expectedDate,
        "source": SOURCE,
    }
    lost = {
        "Вредитель": None if body["pestType"] else lead.pestType,
        "Объект": None if body["objectType"] else lead.objectType,
        "Комнат": None if _fits(lead.rooms) else lead.rooms,
        "Заражённость": None if body["infestation"] else lead.infestation,
    }
    body["clientComment"] = comment(lead.clientComment, lost, context)
    return {key: value for key, value in body.items() if value is not None}


def as_order(lead: LeadFields, context: Mapping[str, Any]) -> dict[str, Any]:
    """The body of an order. Its strings are free, so an unsaid one says that it was not said.

    The date must be a date: without one it is the day of the contact, and the comment says so.
    `dezinsectorId` is the CRM's own and comes from the settings.
    """
    day = _day(lead.expectedDate)
    lost = {
        "Дата": None if day else (lead.expectedDate or "клиент не назвал"),
        "Комнат": None if slug(lead.objectType, OBJECTS) == "apartment" else lead.rooms,
    }
    created = context.get("created_at")
    today = created.date().isoformat() if isinstance(created, datetime) else UNKNOWN
    return {
        "service": _label(slug(lead.pestType, PESTS), PESTS) or lead.pestType or UNKNOWN,
        "object": _object(lead),
        "count": _label(degree(lead.infestation), DEGREES) or lead.infestation or UNKNOWN,
        "experience": {True: "Да", False: "Нет", None: UNKNOWN}[lead.previousTreatment],
        "address": lead.address or UNKNOWN,
        "phoneNumber": phone(lead.phone) or UNKNOWN,
        "name": lead.name or UNKNOWN,
        "expectDate": day or today,
        "clientComment": comment(lead.clientComment, lost, context),
        "dezinsectorComment": "",
    }


def _fits(rooms: int | None) -> bool:
    return rooms is not None and 1 <= rooms <= MOST_ROOMS


def _label(name: str | None, slugs: Slugs) -> str | None:
    return slugs[name][1] if name else None


def _object(lead: LeadFields) -> str:
    kind = slug(lead.objectType, OBJECTS)
    if kind == "apartment" and lead.rooms:
        return f"{lead.rooms} комнатная квартира"
    return _label(kind, OBJECTS) or lead.objectType or UNKNOWN


def _day(words: str | None) -> str | None:
    try:
        return date.fromisoformat((words or "")[:10]).isoformat()
    except ValueError:
        return None


def comment(
    said: str | None, lost: Mapping[str, object | None], context: Mapping[str, Any]
) -> str | None:
    """What the client said beside the fields, what fits in none, and where the chat is."""
    about = [context.get("listing_title"), context.get("listing_price"), context.get("listing_url")]
    where = {
        "Объявление": ", ".join(str(part) for part in about if part),
        "Чат Avito": context.get("chat_id"),
        "Клиент уже обращался, заявка": context.get("earlier_lead_id"),
    }
    told = [f"{name}: {value}" for name, value in {**lost, **where}.items() if value]
    return "\n".join([said, *told] if said else told) or None
