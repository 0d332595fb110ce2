"""What is to be treated: a flat and its rooms, a house, a plot, a business."""

import re

from bot.assistant.dialog.talk import Talk, words

_ROOMS = {
    1: words(
        r"\bоднушк\w*|\bоднокомн\w*|\b1[\s-]?(?:но)?комн\w*|\b1-?к(?![\w])|\b1\s?кк?\b|студи[яюией]\w*|\bодна комната\b|\bодной комнате\b|1\s?xona|bir xona"
        r"|one[\s-](?:room|bedroom)|studio|\bodnushk\w*"
    ),
    2: words(
        r"\bдвушк\w*|\bдвухкомн\w*|\bдвукомн\w*|\b2[\s-]?х?[\s-]?комн\w*|\b2-?к(?![\w])|\b2\s?кк?\b|\bдв(?:е|ух|умя) комнат\w*|\bдвуш\w*|\bдвухк\b|\bдвойк[ауи]\b|2\s?xona|ikki xona"
        r"|two[\s-](?:room|bedroom)|\bdvushk\w*"
    ),
    3: words(
        r"\bтрешк\w*|\bтройк[ауи]\b|\bтрехкомн\w*|\b3[\s-]?х?[\s-]?комн\w*|\b3-?к(?![\w])|\b3\s?кк?\b|\bтр(?:и|ех|емя) комнат\w*|3\s?xona|three[\s-](?:room|bedroom)|\btreshk\w*"
    ),
    4: words(
        r"\bчетырехкомн\w*|\b4[\s-]?х?[\s-]?комн\w*|\b4-?к(?![\w])|\b4\s?кк?\b|\bчетыр(?:е|ех) комнат\w*|4\s?xona"
    ),
}
_PART_OF_A_FLAT = words(
    r"\b(?:снима\w+|сда\w+|живу в|обработать|только)\s(?:одну\s)?комнат\w*|\bкомнат\w+ (?:\d+\s?м\w*\s)?в (?:двушк|трешк|двух|трех|четырех|коммунал)\w*"
)
_OBJECTS = {
    "commercial": words(
        r"\bкафе\b|ресторан\w*|\bстолов(?:ая|ой|ую)\b|\bсклад\w*|\bмагазин\w*|\bхостел\w*|гостиниц\w*|\bотел[ьея]\w*|\bофис\w*|\bсалон\w*|производств\w*|\bцех\w*"
        r"|пекарн\w*|\bбар[еа]?\b|детск\w+ сад\w*|\bшкол[аеу]\b|клиник\w*|стоматолог\w*|медцентр\w*|\bпвз\b|кофейн\w*|пиццери\w*|общепит\w*|предприяти\w*"
        r"|супермаркет\w*|аптек\w*|ангар\w*|\bферм[аеуы]\b|зернохран\w*|\bбиблиотек\w*|фитнес\w*|спортзал\w*|автосервис\w*|мастерск(?:ая|ой)\b"
        r"|\boffice\b|\bcafe\b|\bwarehouse\b|\bshop\b|restaurant"
    ),
    "plot": words(
        r"\bучаст(?:ок|ка|ке|ку|ком)\b(?!\s\d)|\bсот(?:ок|к[аиу])\b|\bогород\w*|\bгазон\w*|\bтеррас\w* участ|\bплощадк\w* у дома|\bplot\b"
    ),
    "house": words(
        r"\b(?:част\w+|загородн\w+|деревянн\w+|дачн\w+|свой|своем|нашем|кирпичн\w+|каркасн\w+|жил\w+)\s(?:дом\w*|коттедж\w*)|\bв доме\b(?!,? \d)|\bв доме \d{2,4}\s?(?:м|кв)|\bкоттедж\w*|\bтаунхаус\w*|\bдуплекс\w*"
        r"|\bдом\s(?:\d{2,4}\s?(?:м|кв|метр)|из|в деревне|на даче|за городом|\d-?этаж)|\bна даче\b|\bдач[аеу]\b|\bизб[аеу]\b|\bдомик\w*|\bв бане\b|\bhouse\b"
    ),
    "apartment": words(
        r"\bквартир\w*|\bкв\.?\s?\d|\bкомнат[аеуы]\b|\bкоммуналк\w*|\bобщежити\w*|\bобщаг\w*|\bлоджи\w*|\bбалкон\w*|\bапартамент\w*|\bхрущ[её]?вк\w*"
        r"|\bflat\b|\bapartment\b|\bkvartir\w*|\bxonadon\w*"
    ),
}
_HOUSE_ONLY_BLOCK = words(
    r"\bподвал\w*\s(?:дом|пятиэтаж|девятиэтаж|многоэтаж|нашего дом)\w*|пятиэтажк\w*|девятиэтажк\w*|многоэтажк\w*"
)
_SHOPPING = words(
    r"\bкуп\w+ (?:\w+ )?в (?:магазин|аптек)\w*|\b(?:самовывоз|забрать|заберу|заеду)\w* (?:с|со|на) склад\w*"
)
_FLAT_NUMBER = re.compile(r"\b\d{1,3}[а-я]?\s?[-–]\s?\d{1,4}\b")


def rooms(talk: Talk) -> int | None:
    """1 to 4 if the client said so of one flat; None for a part of a flat, and for several different ones."""
    text = talk.client_text
    if _PART_OF_A_FLAT.search(text):
        return 1 if _counts_as_one(talk) else None
    found = _rooms_in(text) or ([1] if "комнат" in text and _counts_as_one(talk) else [])
    if len(found) > 1 and not _is_corrected(text):
        return None
    return found[-1] if found else None


def _rooms_in(text: str) -> list[int]:
    at = {
        number: match.start()
        for number, pattern in _ROOMS.items()
        if (match := pattern.search(text))
    }
    return sorted(at, key=lambda number: at[number])


def _is_corrected(text: str) -> bool:
    return bool(words(r"\bточнее\b|\bошибл\w+|\bто есть\b|\bоговорил\w+|\bпардон\b").search(text))


def _counts_as_one(talk: Talk) -> bool:
    """«Комнату отдельно считаем как однокомнатную»: the seller's word for a room in a hostel."""
    return any(words(r"как однокомнатн|как однушк").search(one.low) for one in talk.seller)


def object_type(talk: Talk, address: str | None) -> str | None:
    """apartment, house, plot or commercial; None if the client spoke of two different objects, or of none."""
    text = _SHOPPING.sub(" ", talk.client_text)
    found = [kind for kind, pattern in _OBJECTS.items() if pattern.search(text)]
    if _rooms_in(text) and "commercial" not in found and "apartment" not in found:
        found.append("apartment")
    if "commercial" in found:
        return "commercial"
    if _HOUSE_ONLY_BLOCK.search(text) and not _rooms_in(text):
        return None
    if _rooms_in(text):
        return "apartment"
    if "plot" in found and "house" in found:
        return "plot" if words(r"\bсот(?:ок|к)").search(text) else None
    if found:
        return _one_of(found, text)
    return _by_address((address or "").lower().replace("ё", "е"))


def _one_of(found: list[str], text: str) -> str | None:
    if len(found) == 1:
        return found[0]
    if set(found) == {"house", "apartment"}:
        flat = words(r"\bквартир\w*|\bкв\.?\s?\d").search(text)
        return "apartment" if flat and not words(r"\bна даче|\bдач[аеу]").search(text) else "house"
    return None


def _by_address(address: str) -> str | None:
    if words(r"\bкв\.?\s?\d|\bквартир").search(address) or _FLAT_NUMBER.search(address):
        return "apartment"
    return None
