"""Finds in a client's words what a lead needs: pest, rooms, phone, address, day."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TypeVar

T = TypeVar("T")

PHONE = re.compile(r"(?<!\d)(?:\+?7|8)?[\s\-(]*9\d\d[\s\-)]*\d{3}[\s\-]*\d\d[\s\-]*\d\d(?!\d)")
HIDDEN_PHONE = re.compile(r"[\[<{⟨](?:телефон|phone|номер)[^\]>}⟩]*[\]>}⟩]", re.IGNORECASE)
_HIDDEN = {word: re.compile(rf"\[({word} \d+)[^\]]*\]") for word in ("телефон", "имя", "адрес")}
"""Places where the bot hides personal data from its model: «[имя 1]», or a part of one."""
_PESTS = {
    "klopy": r"клоп", "tarakany": r"таракан", "muravi": r"мурав", "gryzuny": r"мыш|крыс|грызун",
    "bleshi": r"блох|блош", "kleshchi": r"клещ", "plesen": r"плесен|грибок",
}  # fmt: skip
_OBJECTS = {
    "apartment": r"квартир|однушк|двушк|тр[её]шк|студи|комнат|\d-?к\b",
    "house": r"\bдом\b|дома\b|дач|коттедж|таунхаус",
    "plot": r"участ|соток|сотк",
    "commercial": r"офис|кафе|ресторан|склад|магазин|хостел|гостиниц|производств",
}
_ROOMS = {1: r"однушк|однокомн|\b1-?к|студи", 2: r"двушк|двухкомн|\b2-?к|две комнат|двух комнат|\b2 комн",
          3: r"тр[её]шк|тр[её]хкомн|\b3-?к|три комнат|\b3 комн", 4: r"четыр[её]х|\b4-?к|\b4 комн"}  # fmt: skip
_MUCH = {"high": r"очень много|кишат|кишит|полно|кошмар", "medium": r"много|каждый день|постоянно",
         "low": r"пару штук|немного|пока мало|одного|несколько"}  # fmt: skip
_BEFORE = {
    False: r"не травил|не обрабатывал|перв(?:ый|ая) раз",
    True: r"травил|обрабатывал|вызывал",
}
_STREET = re.compile(
    r"(?:(?:ул(?:ица|\.)?|просп(?:ект|\.)?|пр-т|шоссе|пер(?:еулок|\.)|бульвар|наб(?:ережная|\.))"
    r"\s+[А-ЯЁа-яё\-]+(?:\s+[А-ЯЁ][а-яё\-]+)?|[А-ЯЁ][а-яё\-]+(?:ая|ое|ий|ый)?\s+(?:улица|ул\.?|"
    r"проспект|шоссе|бульвар)|(?<=адрес )[А-ЯЁ][а-яё\-]+|[А-ЯЁ][а-яё\-]+(?=[\s,]+\d+[\s,]+кв))[\s,]*(?:д(?:ом|\.)?\s*)?\d+[А-Яа-я]?"
    r"(?:[\s,]*(?:к(?:орп(?:ус|\.)?|\.)?|кв(?:артира|\.)?|под(?:ъезд|\.)?)\s*\d+)*"
)
_NAME = re.compile(r"(?:меня зовут|зовут|это|имя)[\s:,]+([А-ЯЁ][а-яё]{2,15})\b")
_WEEKDAYS = ("понедельник", "вторник", "сред", "четверг", "пятниц", "суббот", "воскресен")


def phone_in(text: str) -> str | None:
    """The first mobile number, as +7 and ten digits."""
    found = PHONE.search(text)
    return hidden("телефон", text) if found is None else "+7" + re.sub(r"\D", "", found[0])[-10:]


def hidden(word: str, text: str) -> str | None:
    """The first placeholder of that kind, whole."""
    found = _HIDDEN[word].search(text)
    return f"[{found[1]}]" if found else None


def gives_phone(text: str) -> bool:
    """Whether there is a number, or the place where one was masked."""
    return bool(PHONE.search(text) or HIDDEN_PHONE.search(text))


def name_in(text: str) -> str | None:
    """The name by which the client introduced themselves, or that stands beside the number."""
    if found := _NAME.search(text):
        return found[1]
    beside = re.search(r"\d[\s,.\-–]{1,4}([А-ЯЁ][а-яё]{2,12})\s*[.!)]*\s*$", text, re.MULTILINE)
    return beside[1] if beside else hidden("имя", text)


def address_in(text: str) -> str | None:
    """A street with a house."""
    found = _STREET.search(text)
    return found[0].strip(" ,") if found else hidden("адрес", text)


def lead_in(text: str, brief: str = "") -> dict[str, str | int | bool | None]:
    """Every field of a lead that the text holds, None for the others."""
    low = text.lower()
    return {
        "name": name_in(text),
        "phone": phone_in(text),
        "pestType": _first(_PESTS, low),
        "objectType": _first(_OBJECTS, low),
        "rooms": _first(_ROOMS, low),
        "infestation": _first(_MUCH, low),
        "previousTreatment": _first(_BEFORE, low),
        "address": address_in(text),
        "expectedDate": _day(low, brief),
        "clientComment": None,
    }


def _first(patterns: Mapping[T, str], text: str) -> T | None:
    return next((word for word, pattern in patterns.items() if re.search(pattern, text)), None)


def _day(low: str, brief: str) -> str | None:
    """The day that is meant, when the prompt says which day it is today."""
    known = re.search(
        r"(?:сегодня|сейчас|дата|today)[^\n]{0,40}?(\d{4}-\d\d-\d\d)", brief, re.IGNORECASE
    )
    if known is None:
        return None
    today = date.fromisoformat(known[1])
    for word, ahead in (("послезавтра", 2), ("завтра", 1), ("сегодня", 0), ("срочно", 0)):
        if word in low:
            return (today + timedelta(days=ahead)).isoformat()
    for number, word in enumerate(_WEEKDAYS):
        if word in low:
            return (today + timedelta(days=(number - today.weekday()) % 7 or 7)).isoformat()
    return None
