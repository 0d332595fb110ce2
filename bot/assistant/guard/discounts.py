"""Reductions, gifts and waivers in a reply that the facts do not give, or give on other terms."""

import re
from collections.abc import Iterator, Sequence

from bot.assistant.guard import moods
from bot.assistant.guard.amounts import BARE, PCT, RUB, TIME, Amount
from bot.assistant.guard.kin import akin, part
from bot.assistant.guard.knowledge import Statement
from bot.assistant.guard.rates import content
from bot.assistant.guard.reading import Clause
from bot.assistant.guard.stems import stem, stems
from bot.assistant.guard.sums import IN_PARTS, near
from bot.assistant.guard.talk import Finding, Kind, Talk

_REDUCED = re.compile(
    r"\b(?:скид(?:к|оч|он|ыв)\w*|скин(?:у|ем|ет|уть|ули)\b|сбро(?:шу|сим|сить)\b|уступ(?:лю|им|ить|ка|ку|ки|аю|аем)\b|промокод\w*|купон\w*|кэшб\w+|кешб\w+|бонус\w*|акци[яюией]+\b|"
    r"подар(?:ок|ка|ки|ком|им|ю|ят)\b|дарим|дарю|полцены|половин\w+ (?:цены|стоимости)|в два раза дешевле|пол цены|полцене|вполовину|половину цены|пополам|рассрочк\w+|в кредит|спецпредложени\w*|спеццен\w*|льгот\w*|дешевле|"
    r"discount|coupon|gift|\d+\s?% off)\b"
)
_FREE = re.compile(
    r"\b(?:бесплатн\w*|задаром|даром|безвозмездн\w*|за наш счет|за свой счет|за счет (?:фирмы|компании|магазина)|включен\w*|вход(?:ит|ят)(?! в (?:зон|список|перечень|район|территор|обязанност|план|чис|топ|моду))|включая|без (?:\w+\s)?(?:доплат\w*|оплат\w*|наценк\w*)|"
    r"в придачу|в нагрузку|не бер(?:ем|у|ет) (?:деньги|денег|плату|доплат\w*|ничего)|денег не (?:берем|возьмем)|(?:до)?плачивать не (?:надо|нужно|придется)|платить не (?:надо|нужно|придется)|не платите|ничего не стоит|for free|free of charge|free)\b"
)
_WAIVED = re.compile(
    r"\b(?<!в )(?:залог\w*|предоплат\w*|аванс\w*|задат\w+|доплат\w+|депозит\w*|комисси\w+)\b[^.!?]{0,20}?\b(?:нет|не (?:нуж\w+|надо|бер\w+|возьм\w+|требу\w+|прос\w+)|(?:брать|просить|требовать|взимать) не)\b"
    r"|\b(?:без|не (?:берем|возьмем|нужен|нужна|надо|требуется|просим))\s(?:\w+\s)?(?:залог\w*|предоплат\w*|аванс\w*|задат\w+|депозит\w*|комисси\w+)\b"
)
_GROUPS = re.compile(
    r"\b(пенсион|студен|инвалид|ветеран|многодет|новы[мх] клиент|постоянн|сосед|именин|медик|учител|военн|школьник|молод|своим|друзья|блогер|подписчик|перв|оптов|вс[её][мх]|любы|кажд)\w*"
)
_WIDER = re.compile(
    r"\b(?:все равно|просто так|и так|тоже|также|любы\w*|всем|всех|каждо\w+|независимо|не ?важно|без разницы|на все|и на|и для|даже|в любом случае|всегда)\b"
)
_DELIVERY = re.compile(
    r"достав|привез|довез|отвез|подъем|подня|подвез|выезд|выезж|приед|приезж|едем|ездим|отправ|самовывоз|подгон|подач|километр|мкад|кад\b"
)
_REPAIR = re.compile(
    r"гарант|повторн|еще раз|снова|опять|вновь|верн[уе]тся|появ[ия]тся|доработ|передел|исправ|перемон"
)


def discounts(talk: Talk, sums: Sequence[Amount]) -> Iterator[Finding]:
    """Every reduction, gift or waiver that is offered and not known."""
    yield from _agrees(talk, sums)
    yield from _deposits(talk)
    for clause in talk.reply.clauses:
        if not (clause.asserted or clause.asked or _sets_terms(clause)):
            continue
        found = _REDUCED.search(clause.text) or _share(clause)
        if found and not _is_refused(clause, found) and not _is_open(clause):
            yield from _reduction(talk, clause, found)
        free = _FREE.search(clause.text)
        if free and not _is_refused(clause, free) and not _is_open(clause):
            yield from _gift(talk, clause, free)
        favoured = _FAVOURED.search(clause.text)
        if favoured and clause.asserted and not _knows_group(talk, favoured):
            yield talk.finding("discount", clause.start, clause.end, _NO_FAVOUR)
        waived = _WAIVED.search(clause.text)
        if waived and not clause.asked and not clause.hedged:
            yield from _waiver(talk, clause, waived)


_FAVOURED = re.compile(
    r"^(?!.*\b(?:не|нет|ни)\b).*\b(постоянн|нов|своим|пенсионер|студент|многодетн|ветеран|инвалид|медик|учител|военн)\w*(?:ым|им|ам|ям|м)\b(?=.*\b(?:без|бесплатно|подар\w+|отда\w+|дела\w+|сдела\w+|да(?:ем|дим|ю)|уступ\w+|скин\w+|дешевле|выда\w+|минус|скидк\w+)\b)"
)
"""«постоянным клиентам выдаём и без залога»: somebody is better off."""
_NO_FAVOUR = "Такого преимущества нет в сведениях о продавце."


def _knows_group(talk: Talk, favoured: re.Match[str]) -> bool:
    return bool(re.search(rf"\b{favoured[1]}", talk.known.text))


def _sets_terms(clause: Clause) -> bool:
    """«если самовывоз, скинем»: the case and what is given in it are one clause."""
    return not clause.hedged and any(one.unit in (PCT, RUB) for one in clause.amounts)


_AGREED = re.compile(
    r"^(?:(?:да|ну|ладно|хорошо|ок|окей|что ж|так и быть)\b[\s,-]*)*(?:договорились|по рукам|соглас\w+|идет|годится|ладно|хорошо|ок|окей|пойдет|устраивает|забирайте|так и быть|беру|уговорили|будь по[- ]вашему)\b"
)


def _agrees(talk: Talk, sums: Sequence[Amount]) -> Iterator[Finding]:
    """A yes to the client's own price without naming it: «Договорились, ждём вас», «Сорок так сорок»."""
    first = talk.reply.clauses[0]
    echoed = re.search(r"\b(\S+) так \1\b", first.text)
    if not (echoed or _AGREED.match(first.text)) or first.negated or not _haggled(talk):
        return
    sentence = talk.reply.sentence_of(first)
    if any(one.negated or one.hedged for one in sentence) or any(
        one.start >= sentence[0].start and one.end <= sentence[-1].end for one in sums
    ):
        return
    yield talk.finding(
        "discount", first.start, first.end, "Клиент назвал свою цену; соглашаться на неё нельзя."
    )


def _haggled(talk: Talk) -> bool:
    """Whether the client named a price of their own below the known ones."""
    if not re.search(
        r"\b(?:за|отда\w+|скин\w+|дешевле|давай\w*|торг\w*|уступ\w+|по)\b", talk.asked.text
    ):
        return False
    rates = [rate.lo for rate in talk.known.rates]
    offered = [
        value
        for one in talk.asked.amounts
        if one.unit in (BARE, RUB)
        for value in (one.lo, one.lo * 1000)
    ]
    return any(
        0.3 * price <= value < price and not any(near(value, other) for other in rates)
        for value in offered
        for price in rates
    )


def _share(clause: Clause) -> re.Match[str] | None:
    """«минус 20 %», «студентам 10 процентов»: a reduction that is not called one."""
    said = [one for one in _percents(clause) if one.lo < 100]
    if re.search(r"\bот (?:стоимост|цен|сумм)", clause.text):
        return None  # a price that is a share of another
    if not said or re.search(
        r"предоплат|аванс|задат|этап|взнос|аккум|комисси|влажн|состав|неустойк|налог|ндс",
        clause.text,
    ):
        return None
    return re.search(
        r"\b(?:минус|снима\w+|вычт\w+|сбав\w+|сдела\w+|дад\w+|дела\w+|пол\w+|от|при|за|всем|тоже)\b|-\s?\d",
        clause.text,
    ) or _GROUPS.search(clause.text)


def _is_open(clause: Clause) -> bool:
    """Asked, or left to somebody who will tell."""
    return (clause.asked and not clause.amounts) or clause.hedged


def _is_refused(clause: Clause, found: re.Match[str]) -> bool:
    """Whether a negation stands close to the word itself."""
    before = clause.text[: found.start()]
    after = clause.text[found.end() :]
    if not clause.amounts and _NOT_GIVEN.search(clause.text):
        return True
    return bool(
        re.search(r"\b(?:не|нет|без|ни|никак\w*|нельзя)\b(?:\s+\S+){0,3}\s*$", before)
        or re.match(
            r"\s*(?:[^\s\d]+\s+){0,3}(?:нет|не|нельзя|невозможн\w+|отсутств\w+|никак\w*|ни)\b",
            after,
        )
    )


_NOT_GIVEN = re.compile(
    r"\b(?:нет|не (?:да\w+|предусм\w+|действ\w+|полож\w+|дела\w+|предоставл\w+|быва\w+|могу|можем|получ\w+|обеща\w+|назнача\w+|провод\w+|распростран\w+))$|^(?:но |а |и )?нет\b"
)
"""«льготы для ветеранов в нашем прайсе нет»: denied at the end of the clause, however far away."""


def _percents(clause: Clause) -> list[Amount]:
    return [one for one in clause.amounts if one.unit == PCT]


def _reduction(talk: Talk, clause: Clause, found: re.Match[str]) -> Iterator[Finding]:
    known = [one for one in talk.known.statements if "discount" in one.topics]
    said = _percents(clause)
    reason = "Такой скидки или подарка нет в сведениях о продавце."
    span = _span(clause, found, said or [one for one in clause.amounts if one.unit in (RUB, BARE)])
    if found.group() == "пополам" and IN_PARTS.search(clause.text):
        return  # «залог делится пополам»: nothing is taken off
    if (
        re.match(r"пол ?цен|вполовин|половин|пополам", found.group())
        and not any(amount.lo == 50 for amount, _ in talk.known.percents)
        and not _HALF.search(talk.known.text)
    ):
        yield talk.finding("discount", *span, reason)
        return
    if found.group() in ("дешевле",):
        if said and not any(_same(one, other, RUB) for one in said for other in known):
            yield talk.finding("discount", *span, reason)
        return
    if not known:
        yield talk.finding("discount", *span, reason)
        return
    fitting = [one for one in known if all(_same(amount, one, PCT) for amount in said)]
    if not fitting or not any(_on_same_terms(talk, clause, one) for one in fitting):
        yield talk.finding(
            "discount",
            *span,
            reason if not fitting else "Условия скидки не те, что в сведениях о продавце.",
        )


_HALF = re.compile(r"половин\w+ (?:цены|стоимости)|полцен|вполовину")


def _span(clause: Clause, found: re.Match[str], counted: Sequence[Amount]) -> tuple[int, int]:
    start, end = clause.start + found.start(), clause.start + found.end()
    for one in counted[:1]:
        start, end = min(start, one.start), max(end, one.end)
    return start, end


def _same(amount: Amount, statement: Statement, unit: str) -> bool:
    return any(
        near(other.lo, amount.lo) or near(other.hi, amount.hi)
        for other in statement.reading.amounts
        if other.unit == amount.unit
    )


def _on_same_terms(talk: Talk, clause: Clause, statement: Statement) -> bool:
    """Whether whom and what for agrees with what the seller gives."""
    sentence = talk.reply.sentence_of(clause)
    groups = set(_GROUPS.findall(clause.text)) - {"перв"}
    if groups - set(_GROUPS.findall(statement.reading.text)) - {"кажд"}:
        return False
    if not _reaches(talk, clause, statement):
        return False
    words = content(clause.stems) - _ITSELF
    if not words:
        words = content(frozenset().union(*(one.stems for one in sentence))) - _ITSELF
    strange = {one for one in words if one not in talk.known.stems and one not in talk.client.stems}
    lifted = any(_LIFTS.search(one.text) for one in sentence) and not _LIFTS.search(
        statement.reading.text
    )
    if lifted and _CONDITIONED.search(statement.reading.text):
        return False
    wider = _WIDER.search(clause.text)
    if wider and wider.group()[:5] in statement.reading.text:
        wider = None  # «по 500 ₽ каждому», as the facts have it
    if wider and (strange or not words & statement.stems):
        return False
    return not _is_gift(clause.text) or (
        _is_gift(statement.reading.text) and bool(words & statement.stems)
    )


_LIFTS = re.compile(
    r"\b(?:не ?важно|без разницы|независимо|в любом случае|хоть|не имеет значения)\b"
)
_CONDITIONED = re.compile(r"\b(?:при|от|в одном|в одной|на том же|для|с \d|ночью|до|если)\b")
_ITSELF = stems(
    "скидка скидки сделаем действует дадим даем подарок подарим дарим бонус акция процент процентов дополнительно"
)


def _is_gift(text: str) -> bool:
    return bool(re.search(r"подар|дарим|дарю|бонус", text))


def _reaches(talk: Talk, clause: Clause, statement: Statement) -> bool:
    """«от трёх окон», «от 7 ночей», «от 10 000 ₽»: what the reply (else the client) names must not be less."""
    for limit in statement.reading.amounts:
        before = statement.reading.tokens[limit.first - 1].text if limit.first else ""
        if before not in ("от", "свыше", "более", "больше"):
            continue
        for _reading, amounts in (
            (
                talk.reply,
                [one for near_by in talk.reply.sentence_of(clause) for one in near_by.amounts],
            ),
            (talk.client, tuple(talk.client.amounts)),
        ):
            named = [one for one in amounts if _comparable(one, limit)]
            if named:
                if all(one.hi < limit.lo for one in named):
                    return False
                break
    return True


def _comparable(one: Amount, limit: Amount) -> bool:
    if one.unit == limit.unit and one.unit != BARE:
        return True
    if limit.unit == RUB:
        return one.unit == BARE and (one.scaled or one.lo >= 1000)
    if one.unit == BARE == limit.unit:
        return bool(one.noun) and stem(one.noun)[:4] == stem(limit.noun)[:4]
    return False


def _gift(talk: Talk, clause: Clause, found: re.Match[str]) -> Iterator[Finding]:
    sentence = talk.reply.sentence_of(clause)
    if moods.is_content_clause(clause.text) and len(clause.words) < 4:
        return  # «в то, что включено»
    text = talk.reply.text[sentence[0].start : sentence[-1].end]
    numbers = " ".join(clause.reading.text[one.start : one.end] for one in clause.amounts)
    words = content(clause.stems - stems(found.group()) - stems(numbers)) - _BECOMES
    if not words - _BARE_FREE:
        words = content(
            frozenset().union(
                *(one.stems for one in sentence if one.last < clause.first),
                _sentence_before(talk, clause)
                if _PRONOUN.search(clause.text)
                else talk.asked.stems,
            )
        )
    free = [one for one in talk.known.statements if one.is_free]
    if _supported(talk, clause, words, free):
        return
    if _REPAIR.search(text) and talk.known.guarantee:
        return
    if found.group().startswith("вход") and _is_given(talk, clause):
        return
    if _AHEAD.search(clause.text) and _PAID_AFTER.search(talk.known.text):
        return
    kind: Kind = (
        "delivery"
        if _DELIVERY.search(clause.text) or (_DELIVERY.search(text) and not words - _BARE_FREE)
        else "discount"
    )
    yield talk.finding(
        kind,
        clause.start,
        max(clause.end, clause.start + found.end()),
        "В сведениях о продавце не сказано, что это бесплатно или входит в цену.",
    )


_PRONOUN = re.compile(r"\b(?:он|она|оно|они|это|нее|него|них|сюда|туда)\b")


def _is_given(talk: Talk, clause: Clause) -> bool:
    """«консультация входит», where «консультацию даём» and nothing is said of a price."""
    things = [one for one in clause.words if part(one) == "thing" and len(one) > 3]
    return any(
        _GIVEN.search(one.reading.text)
        and not any(two.unit == RUB for two in one.reading.amounts)
        and any(akin(thing, one.reading.words, closely=True) for thing in things)
        for one in talk.known.statements
    )


_GIVEN = re.compile(r"\b(?:даем|даю|выдаем|выдаю|отдаем|отдаю|прилага\w+|делаем|есть)\b")
_AHEAD = re.compile(r"\b(?:вперед|заранее|авансом|до (?:работы|начала|выезда|приезда))\b")
_PAID_AFTER = re.compile(r"оплата[^.;\n]{0,40} после|без предоплат|предоплаты нет|оплата по факту")
"""«вперёд платить не надо», where the facts say that one pays after the work."""

_WAY = re.compile(
    r"\b(?:дорог[ауие]|выезд\w*|километр\w*|доставк\w*|достав\w+|подач\w+|прие(?:зд|д)\w*)\b"
)
_BECOMES = stems("нее него них становится станет получается является остается")
_BARE_FREE = stems(
    "бесплатно бесплатный бесплатная бесплатны входит включено включена включен даром конечно да сделаем цену стоимость"
)


_CONDITION = re.compile(r"\b(?:при|после|от|если)\s+(?:\d+\s+)?([а-я]+)")


def _conditions(text: str) -> frozenset[str]:
    """Stems of what something is given on: «при ремонте», «от двух окон»."""
    if re.match(r"(?:и |а |но )?если\b", text):
        return stems(text.partition(",")[0])
    return frozenset(stem(word) for word in _CONDITION.findall(text))


def _supported(
    talk: Talk, clause: Clause, words: frozenset[str], free: Sequence[Statement]
) -> bool:
    things = words - _BARE_FREE - _conditions(clause.text)
    if not things:
        sentence = talk.reply.sentence_of(clause)
        earlier = (one.stems for one in sentence if one.last < clause.first)
        told = talk.asked.stems.union(*earlier)
        if _PRONOUN.search(clause.text):
            told |= _sentence_before(talk, clause)
        things = content(told) | (words - _BARE_FREE)
    for one in free:
        shared = things & (one.stems - _conditions(one.reading.text) or one.stems)
        if not (shared or _counted_in(clause, one) or _of_one_meaning(talk, clause, one)):
            continue
        if _is_longer(talk, clause, one):
            continue
        if _WIDER.search(clause.text) or _DELIVERY.search(clause.text):
            strange = {word for word in words - _BARE_FREE if word not in talk.known.stems}
            if strange & _named(talk, clause):
                continue
        if not (_within_limit(talk, clause, one) and _reaches(talk, clause, one)):
            continue
        if re.search(
            r"\b(?:в любом случае|всегда|при любых|без условий|независимо|всем)\b", clause.text
        ) and re.search(r"\b(?:при|если|от|до|после)\b", one.reading.text):
            continue
        return True
    return False


_FREE_WORDS = "бесплатно включен включена выезд доставка цену подача приезд"


def _of_one_meaning(talk: Talk, clause: Clause, statement: Statement) -> bool:
    """«за дорогу доплачивать не придётся», where the visit is included; «посмотрит бесплатно», where the diagnosis is free."""
    talked = talk.client.stems | talk.reply.stems
    if _WAY.search(clause.text) and _WAY.search(statement.whole):
        return bool(content(statement.reading.stems) & talked - stems(_FREE_WORDS))
    words = frozenset(one for one in statement.reading.words if part(one) in ("thing", "quality"))
    cases = _conditions(clause.text)
    return any(
        akin(one, words, closely=True)
        for one in clause.words
        if len(one) > 5 and stem(one) not in cases
    )


_FIRST = re.compile(r"\bперв\w+ (час|день|сутки|неделя|неделю|месяц)\b")
_FIRST_MINUTES = {
    "час": 60,
    "день": 1440,
    "сутки": 1440,
    "неделя": 10080,
    "неделю": 10080,
    "месяц": 43200,
}


def _is_longer(talk: Talk, clause: Clause, statement: Statement) -> bool:
    """«первый час бесплатно», where half an hour is."""
    first = _FIRST.search(clause.text)
    near_by = [two for one in talk.reply.sentence_of(clause) for two in one.amounts]
    said = [one.hi for one in near_by if one.unit == TIME and one.first <= clause.last]
    said += [_FIRST_MINUTES[first[1]]] if first else []
    given = [one.hi for one in statement.reading.amounts if one.unit == TIME]
    return bool(said and given) and max(said) > max(given)


def _sentence_before(talk: Talk, clause: Clause) -> frozenset[str]:
    """The stems of the sentence before, of which «она» speaks."""
    before = [one for one in talk.reply.clauses if one.sentence < clause.sentence]
    if not before:
        return talk.asked.stems
    last = [one.stems for one in before if one.sentence == before[-1].sentence]
    return frozenset().union(*last)


def _counted_in(clause: Clause, statement: Statement) -> bool:
    """«тридцать километров входят в стоимость», where thirty are included."""
    return any(
        one.unit == other.unit
        and one.unit not in (RUB, BARE, PCT)
        and (one.hi == other.hi if one.unit == TIME else one.hi <= other.hi)
        for one in clause.amounts
        for other in statement.reading.amounts
    )


def _named(talk: Talk, clause: Clause) -> frozenset[str]:
    """Stems of proper names of a clause, and of «всей», «любой»."""
    found = set()
    for place in range(clause.first, clause.last + 1):
        token = talk.reply.tokens[place]
        if token.is_word and place > 0:
            capital = talk.reply.plain.words(token.start, token.end)[:1].isupper()
            if (capital and place > clause.first) or re.match(r"вс(?:ей|ю|ем)|любо", token.text):
                found.add(stem(token.text))
    return frozenset(found)


def _within_limit(talk: Talk, clause: Clause, statement: Statement) -> bool:
    """«до 30 км бесплатно» is not «50 км бесплатно»."""
    for limit in statement.reading.amounts:
        before = statement.reading.tokens[limit.first - 1].text if limit.first else ""
        if before == "до" and limit.unit not in (RUB, TIME):
            named = [one for one in clause.amounts if one.unit == limit.unit]
            if any(one.hi > limit.hi for one in named):
                return False
    return True


def _deposits(talk: Talk) -> Iterator[Finding]:
    """«предоплата 30 %», where the facts name another share, or none."""
    known = {value for amount, _ in talk.known.percents for value in (amount.lo, amount.hi)}
    for clause in talk.reply.clauses:
        if re.search(r"предоплат|аванс|задат|комисси|вперед", clause.text) and not (
            clause.asked or clause.hedged or clause.negated
        ):
            for one in _percents(clause):
                if one.lo not in known and one.lo != 100 - max(known, default=100):
                    yield talk.finding(
                        "price", one.start, one.end, "Такой доли нет в сведениях о продавце."
                    )


def _names_other_way(talk: Talk, statement: Statement) -> bool:
    """«без залога: по договору с паспортом», where the facts ask for one or the other."""
    _, either, other = statement.reading.text.partition(" или ")
    return bool(either) and bool(content(stems(other)) & talk.reply.stems)


def _waiver(talk: Talk, clause: Clause, found: re.Match[str]) -> Iterator[Finding]:
    """«без предоплаты» where the facts ask for one."""
    word = re.search(r"залог|предоплат|аванс|задат|доплат|депозит|комисси", found.group())
    if word is None:
        return
    asked = [
        one
        for one in talk.known.statements
        if word.group() in one.reading.text
        and not re.search(r"без|\bне\b|\bнет\b", one.reading.text)
        and not _names_other_way(talk, one)
    ]
    if asked:
        yield talk.finding(
            "discount",
            clause.start + found.start(),
            clause.start + found.end(),
            "По сведениям о продавце это требуется.",
        )
