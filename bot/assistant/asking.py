"""What the assistant asks a client for: one thing at a time, never what is known, never twice."""

import re
from collections.abc import Sequence

from bot.assistant.dialog.pests import is_about_pests
from bot.assistant.dialog.talk import Talk, words
from bot.model import LeadFields

NAMES = {
    "name": "имя",
    "phone": "телефон",
    "pestType": "вредителя",
    "objectType": "вид помещения",
    "rooms": "число комнат",
    "infestation": "насколько всё серьёзно",
    "previousTreatment": "была ли обработка раньше",
    "address": "адрес",
    "expectedDate": "удобный день",
    "clientComment": "суть задачи",
}
"""Each field in the accusative, as one asks for it."""

FOR_PESTS = ("objectType", "address", "expectedDate", "phone")
FOR_SERVICES = ("address", "expectedDate", "phone")
FOR_GOODS = ("phone",)

_GOODS = words(r"продам|продаю|б/?у\b|состояни[еи]|комплект|самовывоз|пробег|размер \d")
_REQUEST = r"(?:\?|подскаж|напиш|остав|скаж|уточн|укаж|пришл|назов|скинь|дайте|сообщ|нужен|нужны|нужно знать)"
_ASKS = {
    "phone": words(
        rf"(?:{_REQUEST}[^.!?]*\b(?:телефон\w*|номер\b(?! (?:заказ|договор|карт|кварт))|контакт\w*))|\b(?:телефон|номер телефона)[^.!]*\?"
    ),
    "address": words(
        rf"{_REQUEST}[^.!?]*\bадрес\w*|\bадрес[^.!]*\?|\bкуда (?:ехать|подъехать|приехать|везти)\b[^.!]*\?|\bна какой улице\b"
    ),
    "name": words(
        rf"\bкак (?:вас зовут|к вам обращаться)\b|{_REQUEST}[^.!?]*\bимя\b|\bваше имя\b[^.!]*\?"
    ),
    "expectedDate": words(
        r"\b(?:на какой день|на какое число|какого числа|в какой день|на какую дату|когда (?:вам )?(?:удобно|приехать|ждать))\b"
    ),
    "objectType": words(
        r"\b(?:какое у вас помещение|что за помещение|тип помещения|квартира или дом|квартира, дом|какой у вас объект)\b"
    ),
    "rooms": words(
        r"\bсколько (?:у вас )?комнат\b|\bскольки ?комнатная\b|\bкакая (?:у вас )?квартира\b"
    ),
    "previousTreatment": words(
        r"\b(?:раньше|ранее|уже) (?:обрабатывали|травили)\b|\b(?:обрабатывали|травили) (?:раньше|ли|чем)"
    ),
    "pestType": words(
        r"\bкто (?:вас )?беспокоит\b|\bкакие (?:насекомые|вредители)\b|\bкого (?:видели|заметили)\b"
    ),
    "infestation": words(r"\bнасколько (?:их )?много\b|\bмного ли\b|\bсколько (?:их )?примерно\b"),
}
_SENTENCE = re.compile(r"[^.!?…\n]+(?:[.!?…]+|\n|$)\s*")


def needed(talk: Talk, lead_needs: Sequence[str] = ()) -> tuple[str, ...]:
    """The fields that make a lead, in the order to ask: the seller's rule, else what suits the trade. The phone always."""
    if lead_needs:
        return (*(name for name in lead_needs if name != "phone"), "phone")
    if is_about_pests(talk):
        return FOR_PESTS
    about = f"{talk.title} {talk.description}".lower()
    return FOR_GOODS if _GOODS.search(about) else FOR_SERVICES


def next_field(known: LeadFields, needs: Sequence[str], talk: Talk) -> str | None:
    """The one field to ask for now; None if all is known, or was asked for already."""
    asked = {field for said in talk.seller for field in asks_for(said.text)}
    return next(
        (name for name in needs if getattr(known, name) is None and name not in asked), None
    )


def told(known: LeadFields, field: str | None) -> str:
    """A rule for the model. Names of fields, never their values."""
    have = [
        word
        for name, word in NAMES.items()
        if name != "clientComment" and getattr(known, name) is not None
    ]
    lines = []
    if have:
        lines.append(f"9. Клиент уже назвал {', '.join(have)} — об этом не спрашивай.")
    ask = f"можно спросить только про {NAMES[field]}" if field else "больше ничего не спрашивай"
    lines.append(f"10. Для заявки сейчас {ask}.")
    return "\n".join(lines) + "\n"


def asks_for(text: str) -> set[str]:
    """The fields that a text asks for."""
    low = text.lower().replace("ё", "е")
    return {name for name, pattern in _ASKS.items() if pattern.search(low)}


def without_known(reply: str, known: LeadFields) -> str:
    """The reply without sentences that ask for nothing but what the client has said already.

    A model that asks again is not asked again itself: the sentence goes, the rest stays.
    """
    kept = [part for part in _SENTENCE.findall(reply) if not _is_idle(part, known)]
    text = "".join(kept).strip()
    return text if len(kept) < len(_SENTENCE.findall(reply)) and text else reply


def _is_idle(sentence: str, known: LeadFields) -> bool:
    asked = asks_for(sentence)
    return bool(asked) and all(getattr(known, name) is not None for name in asked)
