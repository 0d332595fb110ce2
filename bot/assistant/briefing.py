"""Instructions as the model reads them: facts a line each, wishes, and the seller's own words for known moments."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.assistant import templates
from bot.assistant.instructions import Instructions


@dataclass(frozen=True)
class Subject:
    """What the chat is about. `price` is in roubles, or a phrase of Avito's; `shop` is the account's name."""

    title: str | None
    price: str | None
    category: str | None
    address: str | None
    shop: str | None = None


_FACTS = {
    "about": "Сведения о продавце",
    "areas": "Где работаем",
    "address": "Адрес продавца",
    "phone": "Телефон продавца",
    "hours": "Часы работы",
    "guarantee": "Гарантия",
    "stock": "Наличие и сроки",
    "delivery": "Доставка",
    "payment": "Оплата",
}
_LISTS = {
    "prices": "Прайс-лист продавца (других цен, кроме цены объявления, нет):",
    "discounts": "Скидки (других скидок нет):",
    "never": "Никогда не обещай и не утверждай:",
    "ask": "Если этого ещё не знаешь, спрашивай по одному, в таком порядке:",
}
_NEEDS = {
    "name": "имя",
    "phone": "телефон",
    "pestType": "вредитель",
    "objectType": "вид помещения",
    "rooms": "число комнат",
    "infestation": "степень заражения",
    "previousTreatment": "была ли обработка",
    "address": "адрес клиента",
    "expectedDate": "желаемый день",
    "clientComment": "суть задачи",
}
_TEMPLATES = {
    "greeting": "Первый ответ в чате",
    "price": "На вопрос о цене",
    "address": "На вопрос об адресе",
    "hand_off": "Когда передаёшь человеку",
    "off_hours": "Сейчас нерабочее время, скажи об этом",
}


def told(said: Instructions, about: Subject, *, off_hours: bool = False) -> str:
    """The part of the prompt that the seller wrote; "" if nothing. `off_hours`: the seller is closed right now."""
    parts = [*_facts(said), *_lists(said), *_manner(said), *_words(said, about, off_hours)]
    return "\n".join(parts) + "\n" if parts else ""


def values(
    said: Instructions, about: Subject, client_name: str | None = None
) -> Mapping[str, str | None]:
    """What the variables of templates stand for in a chat."""
    return {
        "name": client_name,
        "title": about.title,
        "price": about.price,
        "address": said.address or about.address,
        "hours": said.hours,
        "phone": said.phone,
        "shop": about.shop,
    }


def words(moment: str, said: Instructions, about: Subject) -> str:
    """The seller's own words for a moment, filled in; "" if there are none, or a value is missing."""
    return templates.fill(getattr(said.templates, moment), values(said, about)) or ""


def _facts(said: Instructions) -> Iterator[str]:
    for name, title in _FACTS.items():
        if value := getattr(said, name):
            yield f"{title}: {value}"


def _lists(said: Instructions) -> Iterator[str]:
    for name, title in _LISTS.items():
        yield from _listed(title, getattr(said, name))


def _listed(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield title
        yield from (f"- {line}" for line in lines)


def _manner(said: Instructions) -> Iterator[str]:
    if said.tone:
        yield f"Тон: {said.tone}"
    if said.lead_needs:
        needed = ", ".join(_NEEDS.get(name, name) for name in ("phone", *said.lead_needs))
        yield f"Для заявки нужно узнать: {needed}"


def _words(said: Instructions, about: Subject, off_hours: bool) -> Iterator[str]:
    """The client's name is not told to the model: who greets by name does it by hand."""
    known = values(said, about)
    filled = {
        moment: templates.fill(getattr(said.templates, name), known)
        for name, moment in _TEMPLATES.items()
        if off_hours or name != "off_hours"
    }
    lines = [f"[{moment}] {text}" for moment, text in filled.items() if text]
    if lines:
        yield "Слова продавца. Когда подходит момент, говори ими:"
        yield from lines
