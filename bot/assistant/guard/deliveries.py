"""Where to somebody goes or sends, how, and at whose cost."""

import re

from bot.assistant.guard.common_words import EMPTY
from bot.assistant.guard.reading import Clause
from bot.assistant.guard.small_talk import SMALL_TALK
from bot.assistant.guard.stems import stem, stems
from bot.assistant.guard.talk import Finding, Talk
from bot.assistant.guard.things import TIME_WORDS, is_known
from bot.assistant.postal_words import CITIES

GOES = re.compile(
    r"\b(?:достав\w+|приед\w+|приезжа\w+|подъед\w+|выезжа\w+|выед\w+|выезд\w*|ед(?:ем|ет|у)|поед\w+|приехать|подъехать|выехать|завез\w+|завоз\w+|езд(?:им|ит|жу)|отправ(?:им|лю|ляем|ить|ит|ка|ку|ляю)\w*|отвез\w+|довез\w+|привоз\w+|привез\w+|курьер\w*|сдэк\w*|cdek|пэк\w*|почт(?:ой|а|ы|у)|"
    r"боксберри|транспортн\w+|деловы\w+ линии|самовывоз\w*|подня\w+|подним\w+|занес\w+|на дом|возим|вози(?:м|т)|подгон\w+|по всей|delivery|deliver|ship\w*)\b"
)


_SENDS = re.compile(
    r"\b(?:отправ\w+|сдэк\w*|cdek|пэк\w*|почт(?:ой|а|ы|у)|боксберри|курьер\w*|транспортн\w+|деловы\w+|доставк\w+|доставл\w+|доставим|ship\w*|deliver\w*)\b"
)


_TOWNS = frozenset(stem(town) for town in CITIES)


def delivery(talk: Talk, clause: Clause) -> Finding | None:
    if _CLIENT_DOES.search(clause.text):
        return None
    goes = GOES.search(clause.text) or (
        GOES.search(talk.asked.text)
        and re.search(r"\b(?:да|тоже|также|бесплатно|конечно|\d+)\b", clause.text)
    )
    if _IN_PERSON.search(clause.text) and _carries(talk, clause):
        return talk.finding(
            "delivery", clause.start, clause.end, "По сведениям о продавце это только онлайн."
        )
    if not goes:
        return None
    known = [
        one
        for one in talk.known.statements
        if "delivery" in one.topics or GOES.search(one.reading.text)
    ]
    reason = "О доставке и выезде туда в сведениях о продавце ничего нет."
    if _SENDS.search(clause.text) and not any(
        _SENDS.search(one.reading.text) or "delivery" in one.topics for one in known
    ):
        return talk.finding("delivery", clause.start, clause.end, reason)
    if _carries(talk, clause):
        return talk.finding("delivery", clause.start, clause.end, reason)
    strange = _strange_places(talk, clause)
    if strange and not _refused_there(talk, clause) and not _paid_by_distance(talk, clause):
        return talk.finding("delivery", clause.start, clause.end, reason)
    if re.search(
        r"\b(?:куда скажете|куда угодно|в любо\w+(?! (?:врем|день|дня|час|момент))|любо\w+ (?:город|район|точк|транспортн)\w*|по всей (?:россии|стране|области)|везде|без разницы|и на дом|на дом)\b",
        clause.text,
    ) and not _phrase_known(talk, clause):
        return talk.finding("delivery", clause.start, clause.end, reason)
    if re.search(r"\bза (?:наш|свой|мой) счет\b", clause.text) and not re.search(
        r"за (?:наш|свой|счет продавца)", talk.known.text
    ):
        return talk.finding("delivery", clause.start, clause.end, reason)
    return None


_ONLY_PICKUP = re.compile(
    r"только самовывоз|самовывоз только|доставки нет|без доставки|не доставля\w+|очно не"
)


_CARRIES = re.compile(
    r"\b(?:завез(?:ем|у)|привез(?:ем|у)|довез(?:ем|у)|доставим|доставлю|отвез(?:ем|у)|подвез(?:ем|у)|приед(?:ем|у)|подъед(?:ем|у)|выед(?:ем|у)|(?:могу|можем|готов\w?) (?:приехать|подъехать|выехать|привезти|завезти|доставить))\b"
)


def _carries(talk: Talk, clause: Clause) -> bool:
    """«завезём вечером», where there is pick-up only."""
    if _IN_PERSON.search(clause.text):
        return "онлайн" in talk.known.words and not _IN_PERSON.search(talk.known.text)
    return bool(_CARRIES.search(clause.text) and _ONLY_PICKUP.search(talk.known.text))


_IN_PERSON = re.compile(r"\b(?:очно|вживую|у вас дома|у меня дома|на дому|с выездом)\b")


_CLIENT_DOES = re.compile(
    r"\b(?:оплачиваете|платите|заберете|забираете|за ваш счет|вы сами|по тариф\w+|сами (?:оплач|забер)\w+)\b"
)


def _refused_there(talk: Talk, clause: Clause) -> bool:
    """«Клин дальше 20 км, туда не выезжаем»."""
    return any(
        one.negated and (GOES.search(one.text) or "туда" in one.words)
        for one in talk.reply.sentence_of(clause)
    )


def _paid_by_distance(talk: Talk, clause: Clause) -> bool:
    """Any place may be named where the way is paid by the kilometre, and is."""
    return any(rate.per == "km" for rate in talk.known.rates) and (
        any(one.unit == "km" for one in clause.amounts)
        or bool(re.search(r"за (?:1 )?(?:км|километр)\b", clause.text))
    )


def _phrase_known(talk: Talk, clause: Clause) -> bool:
    return any(
        phrase in talk.known.text
        for phrase in ("на дом", "по всей россии", "по россии", "любой", "везде")
        if phrase in clause.text
    )


def _strange_places(talk: Talk, clause: Clause) -> list[str]:
    """Places to which somebody goes and that the facts do not name."""
    source, strange = talk.reply.plain, []
    for place in range(clause.first, clause.last + 1):
        token = talk.reply.tokens[place]
        if not token.is_word or len(token.text) < 3:
            continue
        one = stem(token.text)
        if one in TIME_WORDS:
            continue
        capital = source.words(token.start, token.end)[:1].isupper() and place > clause.first
        before = talk.reply.tokens[place - 1].text if place else ""
        if not (
            (capital and before in ("в", "во", "на", "до", "по", "из", "и", "всей", "к"))
            or one in _TOWNS
            or (
                before in ("в", "во", "по", "до")
                and one in talk.asked.stems
                and one not in EMPTY
                and one not in SMALL_TALK
            )
        ):
            continue
        if not is_known(talk, one) and not _is_region(talk, one):
            strange.append(token.text)
    return strange


_MOSCOW_TOWNS = stems("""
химки мытищи балашиха подольск люберцы королев одинцово красногорск домодедово щелково серпухов коломна электросталь долгопрудный реутов пушкино жуковский ногинск видное раменское лобня клин
дубна зеленоград котельники дзержинский ивантеевка фрязино чехов апрелевка троицк истра дмитров солнечногорск егорьевск звенигород можайск руза кашира ступино воскресенск шатура
""")


def _is_region(talk: Talk, one: str) -> bool:
    """A town of the Moscow region, where the facts say that the region is served."""
    return one in _MOSCOW_TOWNS and bool(
        re.search(r"московск\w+ област|\bобласт|подмосков|\bмо\b", talk.known.text)
    )
