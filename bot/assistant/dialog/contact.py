"""Whom to call: the number, the name, and where the client is."""

import re

from bot.assistant.dialog.talk import Said, Talk, words
from bot.assistant.masking import find_personal
from bot.assistant.morphology import PLACE, is_kind, lemma
from bot.assistant.name_case import nominative
from bot.assistant.phones import MESSAGE_BREAK, find_phones
from bot.assistant.postal_words import TOWN_ENDINGS

_NOT_TO_CALL = words(
    r"в объявлении|с этого номера|ваш номер|это вы (?:с|звонил)|номер мастера|это номер (?:мастера|ваш)|ваша горячая|мне звонили с|это ваш\b"
)
_FALLBACK = words(r"(?:если|запасн\w+|второй|на всякий|или)\b[^\d]{0,40}$")
_CORRECTS = words(
    r"ошиб\w*|опечат\w*|верный|правильн\w+|точнее|стало|новый|тьфу|ой\b|пардон|\bне \+?\d"
)
_OF_OTHERS = words(
    r"(?:\bу|\bбаб[аеуы]|\bтет[яиею]\w*|\bсосед\w*|\bмастер\w*|\bгрузчик\w*|\bменеджер\w*|\bвашему?|\bваш[аи]?|\bот|\bвас посоветовал\w*|\bпосоветовал\w*|\bкот\w*|\bотзыв\w*)\s$"
)
_ASKS_NAME = words(
    r"как вас зовут|ваше имя|на кого|как к вам обращ|имя\b|кто откроет|скиньте имя|контакт|спросить"
)
_ASKS_PLACE = words(
    r"адрес|район|куда ехать|куда подъехать|куда приехать|где вы находитесь|где находит|какой город|ваш город|откуда"
)
_MOVE = re.compile(
    r"(?:\bиз|\bс|\bот)\s(?P<a>[А-ЯЁ][^,.;!?→\n]{2,40}?)\s(?:\bв|\bна|\bдо)\s(?P<b>[А-ЯЁ][^,.;!?\n]{2,40}?)(?=[,.;!?\n]|\s\d{1,2}\s?(?:м|этаж)|$)"
)
_ARROW = re.compile(
    r"(?P<a>[А-ЯЁ][^,;\n]{2,40}?)\s?(?:->|→|=>|—>|–>)\s?(?P<b>[А-ЯЁ][^,;\n]{2,40}?)(?=[,;.\n]|$)"
)
_I_AM_IN = re.compile(
    r"\b(?:[Яя]|[Мм]ы|[Сс]клад\w*|[Дд]ом|[Дд]ача|[Уу]часток|[Кк]вартира|[Оо]фис|[Мм]агазин\w*|[Жж]иву|[Жж]ив[её]м|складе|на даче)\s(?:в|во|на)\s(?P<place>[А-ЯЁ][а-яё-]+(?:\s[А-ЯЁ][а-яё-]+)?)"
)
_GATHERING = words(r"\bпвз\b|\bсдэк\b|самовывоз|\bсклад\b.{0,15}(?:ваш|где)|\bв объявлении\b")
_FLOOR = re.compile(r",?\s?\d{1,2}\s?этаж\b")
_NO_PLACE = words(r"адрес (?:скажу|скину|напишу|потом|позже)|не скажу|адреса? в файле|потом скаж")


def phone_to_call(talk: Talk) -> str | None:
    """E.164, the last correct number of the person to be called; numbers of the seller's are not."""
    found: str | None = None
    for burst in talk.bursts:
        if burst[0].by != "client":
            continue
        text = MESSAGE_BREAK.join(one.text for one in burst)
        for phone in find_phones(text):
            before = text[max(0, phone.start - 60) : phone.start].lower().replace("ё", "е")
            around = (before + text[phone.end : phone.end + 40]).lower().replace("ё", "е")
            if _NOT_TO_CALL.search(around):
                continue
            spare = found is not None and _FALLBACK.search(before) and not _CORRECTS.search(around)
            if not spare:
                found = phone.e164
    return found


def name(talk: Talk) -> str | None:
    """The person to be called, if named; else whoever the client named as theirs. In the nominative."""
    best: tuple[int, str] | None = None
    for burst in talk.bursts:
        if burst[0].by != "client":
            continue
        asked = _ASKS_NAME.search(talk.before(burst))
        for said in burst:
            for rank, found in _names(said, asked is not None):
                if best is None or rank >= best[0]:
                    best = (rank, found)
    return best[1] if best else None


def _names(said: Said, asked: bool) -> list[tuple[int, str]]:
    """Names in a message, each with how surely it is whom to call."""
    found = []
    text = said.text
    has_phone = bool(find_phones(text)) or sum(sign.isdigit() for sign in text) >= 7
    for span in find_personal(text):
        if span.kind != "name":
            continue
        before = text[max(0, span.start - 24) : span.start].lower().replace("ё", "е")
        if _OF_OTHERS.search(before):
            continue
        alone = len(text.split()) <= 4
        apart = re.search(r"(?:^|[,.\n]\s?)$", before) and re.match(
            r"\W*(?:$|[,.\n])", text[span.end : span.end + 2]
        )
        rank = (
            3 * has_phone
            + 2 * asked
            + alone
            + bool(apart)
            + 2 * bool(re.search(r"зовут|\bэто |\bя |name is", before))
        )
        if rank:
            found.append((rank, nominative(text[span.start : span.end])))
    if not found and (has_phone or asked):
        found += _name_in_latin(text, asked=asked)
    return found


def _name_in_latin(text: str, *, asked: bool) -> list[tuple[int, str]]:
    """A name in Latin letters beside the number, that no list has: «+7 966 114 30 05 Bobur»."""
    rest = re.sub(r"[+\d()\s.-]{7,}", " ", text)
    match = re.search(r"(?:^|[,.]\s*|\s)([A-Z][a-z]{2,14})\W*$", rest) or re.search(
        r"\b([A-Z][a-z]{2,14}),?\s*$", text[:20]
    )
    ordinary = {
        "Thanks",
        "Hello",
        "Telefon",
        "Please",
        "Tomorrow",
        "Today",
        "Yes",
        "Rahmat",
        "Salom",
    }
    return [(3, match[1])] if match and match[1] not in ordinary else []


def address(talk: Talk) -> str | None:
    """Where the client is to be visited, as the client wrote it; a route as «откуда → куда»."""
    best: str | None = None
    for burst in talk.bursts:
        if burst[0].by != "client":
            continue
        asked = _ASKS_PLACE.search(talk.before(burst)) is not None
        best = _best(best, _of_burst(burst, asked=asked))
    return best or _somewhere(talk)


def _of_burst(burst: list[Said], *, asked: bool) -> str | None:
    for said in burst:
        if route := _route(said.text):
            return route
    found = [piece for said in burst if (piece := _of_message(said, asked=asked))]
    if not found:
        return None
    with_house = [one for one in found if re.search(r"\d", one)]
    if (
        len(found) > 1
        and with_house
        and not re.search(r"\d", found[0])
        and found[0] not in with_house[0]
    ):
        return f"{found[0]}, {with_house[0]}"
    return (with_house or found)[-1]


def _of_message(said: Said, *, asked: bool) -> str | None:
    text = said.text
    spans = [span for span in find_personal(text) if span.kind == "address"]
    if spans and not _GATHERING.search(text[: spans[0].start].lower()):
        return _with_dwelling(text, spans[0].start, spans[0].end)
    if asked and not _NO_PLACE.search(said.low):
        return _short_place(text)
    return None


def _with_dwelling(text: str, start: int, end: int) -> str:
    """The address with «общага на» before it, which says how to find the room."""
    match = re.search(r"(?:общаг\w|общежити\w)\s(?:на\s)?$", text[:start], re.IGNORECASE)
    return text[match.start() if match else start : end]


def _short_place(text: str) -> str | None:
    """What is said in answer to «какой район?»: a place with a capital, an underground station, a floor with it."""
    head = re.split(
        r"[.!?\n]", re.sub(r"^(?:м|г|п|с|д)\.\s?", lambda m: m.group().replace(".", "\0"), text)
    )[0].replace("\0", ".")
    match = re.match(
        r"(?:адрес:?\s|мы в\s|я в\s|в\s|это\s)?(?P<place>(?:м\.|метро|г\.|город|пос\.|поселок|посёлок|деревня|д\.|р-н|район|мкр\.?)?\s?[А-ЯЁ][а-яё-]+(?:\s[А-ЯЁ][а-яё-]+)?(?:,?\s\d{1,2}\s?этаж)?)",
        head.strip(),
    )
    if match is None:
        return None
    place = match["place"].strip()
    last = re.sub(
        r"^(?:м\.|метро|г\.|город|пос\.|поселок|посёлок|деревня|д\.|р-н|район|мкр\.?)\s?",
        "",
        _FLOOR.sub("", place),
    )
    known = place != last or all(is_kind(word, PLACE) for word in last.split()[:1])
    return place if known else None


def _route(text: str) -> str | None:
    if arrow := _ARROW.search(text):
        return f"{arrow['a'].strip()} → {arrow['b'].strip()}"
    move = _MOVE.search(text)
    if move is None:
        return None
    a, b = (re.sub(r",?\s\d[\d\s()+-]{8,}.*", "", part).strip() for part in (move["a"], move["b"]))
    if re.search(r"\d", a + b):
        return f"{a} → {b}" if re.search(r"\d", a) else None
    return f"{_town(a)} → {_town(b)}" if _is_place(a) and _is_place(b) else None


def _is_place(word: str) -> bool:
    first = word.split()[0]
    return is_kind(first, PLACE) or TOWN_ENDINGS.search(first.lower().replace("ё", "е")) is not None


def _town(word: str) -> str:
    """A town in the nominative; one that the dictionary does not decline stays."""
    first = lemma(word)
    return first[:1].upper() + first[1:] if " " not in word else word


def _somewhere(talk: Talk) -> str | None:
    for said in talk.client:
        match = _I_AM_IN.search(said.text)
        if match and _is_place(match["place"]):
            return _town(match["place"])
    return None


def _best(known: str | None, fresh: str | None) -> str | None:
    """The fuller one: with a flat before with a house before a mere place; the later of equals."""
    if fresh is None or known is None:
        return fresh or known
    return fresh if _fullness(fresh) >= _fullness(known) else known


def _fullness(text: str) -> int:
    return 2 * bool(re.search(r"\d", text)) + bool(re.search(r"кв|→|\d-\d", text))
