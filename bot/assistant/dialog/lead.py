"""The lead's fields: what code read first, then what the model heard, if the client really said it."""

import re
from dataclasses import replace
from datetime import date, timedelta

from bot.assistant.dialog.reading import Reading
from bot.assistant.dialog.talk import Talk, words
from bot.assistant.morphology import lemma
from bot.model import LeadFields

_WORDS = {
    "pestType": ("tarakany", "klopy", "muravi", "gryzuny", "bleshi", "kleshchi", "plesen"),
    "objectType": ("apartment", "house", "plot", "commercial"),
    "infestation": ("low", "medium", "high"),
}
_EVIDENCE = {
    "pestType": words(
        r"насеком|жук|паразит|грызун|вредител|тварь|твари|кусают|укус|помет|норы|личинк|гнезд|bug|insect|hasharot"
    ),
    "objectType": words(
        r"квартир|комнат|дом|дач|участ|сот|офис|склад|магазин|кафе|помещен|общеж|объект|flat|house|uy|xona"
    ),
    "infestation": words(
        r"много|мало|немного|штук|везде|полно|кишат|постоянно|кажд|иногда|редко|пар[ау]|видел|ползают|бегают"
    ),
    "previousTreatment": words(
        r"травил|обраб|морил|средств|дихлофос|вызывал|раньше|помог|пшик|брызг|гел[ья]|ловушк|перв(?:ый|ая) раз"
    ),
    "expectedDate": words(
        r"сегодн|завтра|понед|вторн|сред[ау]|четв|пятн|субб|воскр|\bпн\b|\bвт\b|\bср\b|\bчт\b|\bпт\b|\bсб\b|\bвс\b|числ|недел|выходн|месяц|\d|tomorrow|today|ertaga|day|мая|июн|июл|август|сент|окт|нояб|дек|янв|фев|март|апр"
    ),
}
_ROOM = words(r"\d|одно|дву|две|тр[еи]|четыр|студи|room|xona")
_WORD = re.compile(r"[^\W_]{2,}")


def agreed(reading: Reading, heard: LeadFields, talk: Talk) -> LeadFields:
    """`heard` is the model's; a field of it that has a wrong type, or that the client never said, is not kept."""
    known = reading.lead
    text = talk.client_text
    return replace(
        known,
        name=known.name or _said(heard.name, text, share=1.0),
        pestType=known.pestType or _word("pestType", heard.pestType, text),
        objectType=known.objectType or _word("objectType", heard.objectType, text),
        rooms=known.rooms or _rooms(heard.rooms, text),
        infestation=known.infestation or _word("infestation", heard.infestation, text),
        previousTreatment=_treated(known.previousTreatment, heard.previousTreatment, text),
        address=known.address or _said(heard.address, text, share=0.7),
        expectedDate=known.expectedDate or _day(heard.expectedDate, talk),
        clientComment=_said(heard.clientComment, text, share=0.5),
    )


def _word(field: str, value: str | None, text: str) -> str | None:
    return value if value in _WORDS[field] and _EVIDENCE[field].search(text) else None


def _rooms(value: int | None, text: str) -> int | None:
    sound = type(value) is int and 1 <= value <= 4
    return value if sound and _ROOM.search(text) else None


def _treated(known: bool | None, heard: bool | None, text: str) -> bool | None:
    if known is not None or not _EVIDENCE["previousTreatment"].search(text):
        return known
    return heard


def _day(value: str | None, talk: Talk) -> str | None:
    """A real date, not past, within a year, when the client spoke of days at all."""
    try:
        day = date.fromisoformat(value or "")
    except ValueError:
        return None
    if not talk.client or not _EVIDENCE["expectedDate"].search(talk.client_text):
        return None
    first = talk.client[0].at.date()
    return day.isoformat() if first <= day <= first + timedelta(days=366) else None


def _said(value: str | None, text: str, *, share: float) -> str | None:
    """The value if so many of its words are the client's, in whatever case they stood."""
    told = [lemma(word) for word in _WORD.findall((value or "").lower().replace("ё", "е"))]
    if not told:
        return None
    own = {form for word in _WORD.findall(text) for form in (word, lemma(word))}
    return value if sum(word in own for word in told) >= share * len(told) else None
