"""Sums in a talk: which of them are named as the price of this deal, and by whom."""

import re
from dataclasses import dataclass, replace

from bot.assistant.dialog.talk import Said, Side, Talk, words
from bot.assistant.masking import mask_chat
from bot.assistant.postal import find_addresses

_NUMBER = r"\d{1,3}(?:[  ]\d{3})+|\d{2,7}(?:[.,]\d{1,2})?|\d{1,3}"
_SUM = re.compile(
    rf"(?<![\d.,:/№#])(?<!\d\s)(?P<first>{_NUMBER})(?:[–—-](?P<last>{_NUMBER}))?"
    r"(?P<unit>\s?(?:₽|руб\w*|р\b\.?|тыс\w*|тыщ\w*|т\.\s?р\.?|тр\b|т\b|к\b|rub\w*|ming\b|so[ʻ'’`]m\w*))?(?![\d:])"
)
_THOUSANDS = re.compile(r"тыс|тыщ|т\.\s?р|тр\b|т\b|к\b|ming")
_MEASURE_AFTER = re.compile(
    r"\s?(?:м2|м²|кв|метр\w*|м\b|см\b|мм\b|км\b|кг\b|г\b|л\b|сот\w*|лет\b|год\w*|дн\w*|день|час\w*|ч\b|мин\w*|сут\w*|недел\w*|месяц\w*|мес\b|раз\w*|шт\w*|этаж\w*|эт\b|комн\w*|квартир\w*|человек|чел\b|грузчик\w*|мест\w*|номер\w*"
    r"|диван\w*|койк\w*|ящик\w*|короб\w*|под[ъь]езд|процент\w*|%|утра|вечера|дня|ночи|числ\w*|январ|феврал|март|апрел|ма[яй]\b|июн|июл|август|сентябр|октябр|ноябр|декабр|xona|room|створ\w*|ст[оу]л\w*|окн\w*|точ\w*|литр\w*|ребен|дет|штук|выстав|секц|ступен|пол\b|x\s?\d|х\s?\d|×\s?\d)"
)
_MEASURE_BEFORE = re.compile(
    r"(?:\bс|\bдо|\bпосле|\bк|\bв|\bна|\bкв\.?|\bд\.?|\bдом|\bкорп\w*|\bк\.?|\bподъезд|\bэтаж|№|\bномер|\bдоговор|\bрост|\bдиаметр|\bуч\w*|\bкомната|\bмодель|\bатлант|\batlant|\bболгарка большая|\bушм|\bошибк\w*|\bкод)\s?$"
)
_UNIT_PRICE = words(
    r"^\s?(?:₽|руб\w*|р\.?)?\s?(?:/|за|в|один|каждый)?\s?(?:метр\w*|м2|м²|кв\.?\s?м|час\w*|сутки|сутк\w*|день|километр\w*|км|створк\w*|штук\w*|шт\b|этаж\w*|мешок|грузчик\w*|человек\w*)\b"
)
_UNIT_BEFORE = words(
    r"(?:\bчас|\bсутки|\bметр|\bкилометр|\bгрузчик|\bв час|\bза час|\bв сутки|\bпо)\s?[–—:-]?\s?(?:от\s)?$"
)
_ASIDE = words(
    r"(?:залог\w*|предоплат\w*|аванс\w*|диагностик\w*|осмотр\w*|выезд мастера|доставк\w*|подъ[её]м\w*|скидк\w*|минус|штраф\w*|бонус\w*|экономи\w*|еще|ещ[её]|плюс|доплат\w*|сверху|уступ\w*|скин\w*|сборк\w*|окна отдельно|за мкад|грузчик\w*(?: в час)?|третий день по|и выезд|и грузчики|машина)\s?(?:до\s|на\s|по\s|за\s|будет\s|стоит\s|,\s?|:\s?|–\s?|-\s?|—\s?)?$"
)
_DOWN = words(
    r"^\s?(?:₽|руб\w*|р\.?)?(?:,?\s?(?:при ремонте|при отказе|засчит)|\s?(?:уступ|скин|скидк|за выезд|предоплат|залог|задат|за километр|за доставку))"
)
_RESULT = words(
    r"(?:=|итого|всего|выйдет|выходит|будет|получается|обе выйдут|то есть|в сумме)\s?:?\s?(?:от\s)?$"
)
_TERM = re.compile(r"[+×*·]\s?$|^\s?[+×*·]")
_MINIMUM = words(r"минимум|минимальн\w+|минималк\w*|не меньше|от двух часов")
_OTHER_AD = words(r"отдельное объявление|другое объявление")
_ROOM_KIND = words(
    r"\b(?:однокомн\w*|однушк\w*|двухкомн\w*|двушк\w*|трехкомн\w*|трешк\w*|четырехкомн\w*|двух|трех|четырех|студи\w*)\b"
)
_REFUSES = words(
    r"\bне (?:выйдет|получится|смогу|сможем|могу|отдам|возьмусь)|^\W*(?:нет|к сожалению)\b|меньше|дешевле не"
)
_NOT_A_BID = words(
    r"^\W*(?:то есть|итого|верно|правильно)\b|\?{2,}|\bэто (?:сколько|космос|дорого|много)|\bверно\s?\?|\bза (?:одну|два|один) \S+ \d+\?"
)
_BID = words(
    r"\bза\b|\bдавайте\b|\bотдад\w*|\bсойд[её]мся|\bпойд[её]т\b|\bи беру\b|\bи сразу\b|\bи едем\b|\bкрай\b|\bпоследнее\b|\bровно\b|\bхотя бы\b|\bдам\b|\bдадим\b|\bзаберу\b|\bторг\b|\bвозьму\b|\bможно\b|\bна руки\b|\bдоговорил\w*|\bга\b|\bga\b|\bнал\w*|\bпредлагаю\b|\bсделаем\b|\bнормально\b|\?|\bи соседей\b|\bчаса за\b"
)
_ACCEPTS = words(
    r"^\W*(?:ну\s)?(?:ладно|ок|окей|хорошо|договорились|согласн\w*|идет|годится|по рукам|устраивает|беру)\b"
)
_BUDGET = words(r"\bбюджет\b")
_YEARS = re.compile(
    r"\b(?:19|20)\d\d\s?[–—-]\s?(?:19|20)\d\d\b|\b(?:на|с|до|от) (?:19[5-9]\d|20[0-3]\d)\b|\b(?:19|20)\d\d\s?(?:г\b|года?|году)"
)
SMALLEST = 100


@dataclass(frozen=True)
class Offer:
    """A sum that one side named as the price of the deal. `at` is the message's place in the talk."""

    by: Side
    roubles: int
    at: int
    variant: str = ""  # the words around it, by which a client may choose it later


@dataclass(frozen=True)
class _Sum:
    roubles: int
    start: int
    end: int
    marked: bool  # a rouble sign or word stands with it
    plain: str  # the digits as written


def offers(talk: Talk) -> list[Offer]:
    """All offers in their order. A sum counts for who named it first: to repeat it is to accept, refuse or question it."""
    found: list[Offer] = []
    for at, said in enumerate(_without_contacts(talk)):
        fresh = (
            _of_client(talk, said, at, found) if said.by == "client" else _of_seller(talk, said, at)
        )
        if said.by == "seller" and any(_EXTRA.search(later.low) for later in _next_of(talk, at)):
            fresh = []
        for offer in fresh:
            if all(one.roubles != offer.roubles for one in found):
                found.append(offer)
    return found


_EXTRA = words(r"\bеще \d|\bплюс \d{2,}|\+ ?\d{2,}(?! ?=)")


def _next_of(talk: Talk, at: int) -> list[Said]:
    """The same message, and the seller's next one: «9600. И за МКАД …», then «ещё 540» makes the first a part."""
    later = [one for one in talk.said[at + 1 :] if one.by == "seller"][:1]
    now = talk.said[at]
    return [one for one in [now, *later] if "ещ" in one.text.lower()]


def _of_seller(talk: Talk, said: Said, at: int) -> list[Offer]:
    text = said.low
    sums = _sums(text, talk, said)
    results = [one for one in sums if _RESULT.search(text[: one.start])]
    if results:
        last = results[-1]
        before = [one for one in sums if one.start < last.start and _stands_alone(text, one, last)]
        kept = [*before, last]
    else:
        kept = [one for one in sums if _is_offered(text, one)]
    if _is_price_list(text, kept, talk):
        return []
    return [Offer("seller", one.roubles, at, _around(text, one)) for one in kept]


def _stands_alone(text: str, one: _Sum, result: _Sum) -> bool:
    """Whether a sum before a total is an offer of its own: «27900, самовывоз минус 1500, то есть 26400»."""
    between = text[one.end : result.start]
    if (
        re.search(r"[=+×*·]", text[max(0, one.start - 3) : one.start] + between)
        or "итого" in text
        or "всего" in text
    ):
        return False
    return _is_offered(text, one) and not text[: one.start].rstrip().endswith("по")


def _is_offered(text: str, one: _Sum) -> bool:
    before, after = text[max(0, one.start - 28) : one.start], text[one.end : one.end + 24]
    if (
        _ASIDE.search(before)
        or _DOWN.search(after)
        or _TERM.search(before[-3:])
        or _TERM.search(after)
    ):
        return False
    if re.search(r"[=+×*]", after[:4]):
        return False
    clause = re.split(r"[.;!?]", text[: one.start])[-1]
    if _OTHER_AD.search(text) and _OTHER_AD.search(clause):
        return False
    if _MINIMUM.search(clause) and re.search(r"диагност|назовет|осмотр", text):
        return False
    if _MINIMUM.search(clause) and not re.search(r"минимум \d+ час|минимум два часа\W*$", clause):
        return True
    if _MINIMUM.match(after.strip()):
        return True
    return not (_UNIT_PRICE.search(after) or _UNIT_BEFORE.search(before))


def _is_price_list(text: str, kept: list[_Sum], talk: Talk) -> bool:
    """Prices of different flats in a row, before the client said which is theirs."""
    kinds = {match.group()[:4] for match in _ROOM_KIND.finditer(text)}
    return len(kept) > 1 and len(kinds) > 1 and "студи" not in text


def _of_client(talk: Talk, said: Said, at: int, known: list[Offer]) -> list[Offer]:
    text = said.low
    if _NOT_A_BID.search(text) and not _BID.search(text.split("?")[0]):
        return []
    if _ACCEPTS.search(text) and any(
        one.roubles for one in known if str(one.roubles) in text.replace(" ", "")
    ):
        return []
    sums = [one for one in _sums(text, talk, said) if _is_bid(text, one, talk, known)]
    return [Offer("client", one.roubles, at, _around(text, one)) for one in sums]


def _is_bid(text: str, one: _Sum, talk: Talk, known: list[Offer]) -> bool:
    before = text[max(0, one.start - 24) : one.start]
    if words(r"\bпо\s?$").search(before) and not re.search(r"итого|всего|дадим", text):
        return False
    if words(
        r"\b(?:оплачу|плачу|платил\w*|стоил\w*|отдал\w*|взяли|видел\w*|предлага\w+|у других|в другом месте|купил\w*|заявок за|штук за)\b"
    ).search(text[: one.start]):
        return False
    if _NOT_A_BID.search(text) and not words(r"\bза\s?$|\bдавайте\s?$").search(before):
        return False
    reference = max([o.roubles for o in known if o.by == "seller"] or [talk.price or 0])
    plausible = not reference or 0.2 * reference <= one.roubles <= 3 * reference
    if _BUDGET.search(text):
        return False
    return plausible and bool(_BID.search(text) or len(text.split()) <= 5)


def _sums(text: str, talk: Talk, said: Said) -> list[_Sum]:
    """The sums of a text; a small number is thousands where the listing's price says so."""
    found = []
    for match in _SUM.finditer(text):
        if (one := _sum(match, text, talk, said)) is not None:
            found.append(one)
    return found


def _sum(match: re.Match[str], text: str, talk: Talk, said: Said) -> _Sum | None:
    digits = re.sub(r"[  ]", "", match["first"]).replace(",", ".")
    value, unit = float(digits), match["unit"] or ""
    end = match.end("unit") if match["unit"] else match.end()
    after, before = (
        text[match.end() : match.end() + 20],
        text[max(0, match.start() - 18) : match.start()],
    )
    thousands = bool(_THOUSANDS.search(unit)) and not (unit.strip() in ("к", "т") and value > 400)
    if thousands or (
        not unit and value < 1000 and _means_thousands(value, talk, said, text, match)
    ):
        value *= 1000
    elif value < SMALLEST and not unit.strip().startswith(("₽", "р")):
        return None
    if not unit and (_MEASURE_AFTER.match(after) and not _after_is_price(after)):
        return None
    if (
        not unit
        and _MEASURE_BEFORE.search(before)
        and value < 1500
        and not words(r"\bза\s?$").search(before)
    ):
        return None
    if value < SMALLEST or value > 9_999_999:
        return None
    return _Sum(round(value), match.start(), end, bool(unit), digits)


def _after_is_price(after: str) -> bool:
    """«600 сутки», «1200 час», «400 часа за три»: prices of a unit, not lengths of time."""
    return bool(re.match(r"\s?(?:сутки|час\b|часа за|в час|за метр|метр\b)", after))


def _means_thousands(value: float, talk: Talk, said: Said, text: str, match: re.Match[str]) -> bool:
    """«15 отдадите?» of a pram for 18 500; «за 8» of a bonnet for 9 000."""
    named = [
        talk.price or 0,
        *(
            int(re.sub(r"\D", "", n))
            for s in talk.seller
            for n in re.findall(r"\d{1,3}[  ]?\d{3}", s.text)
        ),
    ]
    price = max((n for n in named if n < 1_000_000), default=0)
    if said.by != "client" or price < 3000 or not 0.4 * price <= value * 1000 <= 1.3 * price:
        return False
    after = text[match.end() : match.end() + 20]
    if _MEASURE_AFTER.match(after) or re.match(r"[-–]\d|\s?(?:сент|окт|нояб)", after):
        return False
    return bool(_BID.search(text)) or words(r"слово|космос|отда|заберу").search(text) is not None


def _without_contacts(talk: Talk) -> list[Said]:
    """The messages with phones, cards, addresses and dates of years blotted out: their digits are no sums."""
    hidden = mask_chat([[one.text for one in burst] for burst in talk.bursts]).texts
    return [
        replace(one, text=_without_places(text))
        for one, text in zip(talk.said, hidden, strict=True)
    ]


def _without_places(text: str) -> str:
    """A shop's or the seller's own address is not personal, yet its house is no sum either."""
    for start, end, _ in reversed(list(find_addresses(text))):
        text = text[:start] + " … " + text[end:]
    return _YEARS.sub(" … ", text)


def _around(text: str, one: _Sum) -> str:
    """The words of the sum's own clause."""
    left = re.split(r"(?:[,](?!\s?то есть)|[.;!?])|\bлибо\b|\bили\b", text[: one.start])[-1]
    right = re.split(r"[,.;!?]|\bлибо\b|\bили\b", text[one.end :])[0]
    return f"{left} {right}".strip()
