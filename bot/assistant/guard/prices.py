"""Every sum of a reply: known from the facts, worked out, or the client's own figure that is not agreed to."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise

from bot.assistant.guard.amounts import BARE, PCT, RUB, TIME, Amount
from bot.assistant.guard.hours import days_in
from bot.assistant.guard.rates import Rate, content
from bot.assistant.guard.reading import Clause
from bot.assistant.guard.stems import stems
from bot.assistant.guard.sums import (
    IN_PARTS,
    IS_SHARE,
    REDUCES,
    TOTAL,
    Reckoning,
    applies,
    is_money,
    is_offset,
    near,
    rooms_in,
)
from bot.assistant.guard.talk import Finding, Talk

CONCESSION = re.compile(
    r"\b(?:отда(?:м|дим|ем|ю)\w*|сдела(?:ем|ю|м)\b|уступ\w+|скин\w+|скид\w+|сброс\w+|договор(?:ились|имся|енность)|пусть будет|так и быть|"
    r"по рукам|забирайте|заберите|ладно|хорошо|ок|окей|согласен|согласна|согласны|идет|давайте|для вас|специально|"
    r"пойдем навстречу|иде(?:м|те) навстречу|подвин\w+|округл\w+|снизим|снижу|дешевле|последняя|вместо|минус|промокод\w*|акци\w+|deal|discount|off)\b"
)
_CONFIRMS = re.compile(
    r"\b(?:да|подтвержда\w+|верно|конечно|обещал\w*|договор\w+|согла\w+|хорошо|ладно|ок|yes)\b"
)


_REFUSES = re.compile(r"\b(?:уступ|скин|сброс|подвин|сниз|сбав)\w+")
_FLOOR = re.compile(r"\b(?:дешевле|меньше|ниже|до|больше|кроме)\b")
_DIFFERENCE = re.compile(
    r"\b(?:остат\w+|остал\w+|оставш\w+|остане\w+|доплати\w+|эконом\w+|выгод\w+|разниц\w+|дешевле на|переплат\w+)\b"
)


def money(talk: Talk) -> list[Amount]:
    """The sums of the reply that are not a part of a phone, an address or a link."""
    found = []
    for one in talk.reply.amounts:
        if is_money(one, talk.reply):
            if not _is_measure(talk, one):
                found.append(one)
        elif _in_thousands(talk, one) or _echoed_offer(talk, one):
            found.append(replace(one, lo=one.lo * 1000, hi=one.hi * 1000))
    return found


def _is_measure(talk: Talk, one: Amount) -> bool:
    """«при росте 115», «пробег 46 тысяч»: the client's or the facts' number, far from any price."""
    if one.unit == RUB or any(near(one.lo, rate.lo) for rate in talk.known.rates):
        return False
    if any(
        other.unit not in (RUB, BARE, PCT, TIME) and other.lo == one.lo
        for statement in talk.known.statements
        for other in statement.reading.amounts
    ):
        return True
    cheapest = min((rate.lo for rate in talk.known.rates), default=0.0)
    return not one.scaled and one.lo in talk.client_numbers and 3 * one.lo < cheapest


def _echoed_offer(talk: Talk, one: Amount) -> bool:
    """«по двадцать», after the client said «за 20»."""
    before = talk.reply.tokens[one.first - 1].text if one.first else ""
    asked = {amount.lo for amount in talk.asked.amounts if amount.unit == BARE}
    cheap = any(0.3 * rate.lo <= one.lo * 1000 < rate.lo for rate in talk.known.rates)
    return (
        one.unit == BARE
        and not one.noun
        and one.lo < 1000
        and before in ("за", "по")
        and one.lo in asked
        and bool(re.search(rf"\b(?:за|по|до)\s+{one.lo:g}\b", talk.asked.text) or one.lo >= 5)
        and cheap
    )


def _in_thousands(talk: Talk, one: Amount) -> bool:
    """«за 31 забирайте», about a thing of 34 000."""
    before = talk.reply.tokens[one.first - 1].text if one.first else ""
    if (
        one.unit != BARE
        or (one.spoken and one.lo < 5)
        or one.hi >= 1000
        or before not in ("за", "по")
        or (
            one.noun
            and not CONCESSION.search(one.noun)
            and one.noun not in ("не", "и", "никак", "забирайте")
        )
    ):
        return False
    return bool(CONCESSION.search(talk.reply.clause_at(one.start).text)) and any(
        0.3 * rate.lo <= one.lo * 1000 <= 1.2 * rate.lo for rate in talk.known.rates
    )


def prices(talk: Talk, sums: Sequence[Amount]) -> Iterator[Finding]:
    """Sums that nothing supports: a price, or a concession where it is worded as one."""
    reckoning = Reckoning(talk)
    good: list[Amount] = []
    for place, one in enumerate(sums):
        clause = talk.reply.clause_at(one.start)
        if _is_supported(talk, reckoning, sums, place, clause):
            good.append(one)
            continue
        yield _finding(talk, one, clause)


def _finding(talk: Talk, one: Amount, clause: Clause) -> Finding:
    said = talk.reply.plain.words(one.start, one.end)
    start = one.start
    concession = CONCESSION.search(clause.text)
    known = talk.known.about("discount") and re.search(r"\b(?:со|с учетом) скидк", clause.text)
    if concession and not known and _concedes(talk, one, clause):
        start = min(start, clause.start + concession.start())
        return talk.finding(
            "discount",
            start,
            max(one.end, clause.start + concession.end()),
            f"Уступки «{said}» нет в сведениях о продавце.",
        )
    return talk.finding(
        "price", start, one.end, f"Сумма «{said}» не следует из объявления и сведений о продавце."
    )


def _concedes(talk: Talk, one: Amount, clause: Clause) -> bool:
    """Whether an unsupported sum is offered as a reduction: below a known price, or named by the client."""
    if re.search(r"минус|скид|скин|уступ|сброс|дешевле|промокод", clause.text):
        return True
    below = any(one.lo < rate.lo for rate in talk.known.rates) or not talk.known.rates
    return below and not re.search(r"\b(?:стоит|цена|итого|всего|обойд\w+)\b", clause.text)


def _is_supported(
    talk: Talk, reckoning: Reckoning, sums: Sequence[Amount], place: int, clause: Clause
) -> bool:
    one = sums[place]
    sentence = talk.reply.sentence_of(clause)
    whole = talk.reply.text[sentence[0].start : sentence[-1].end]
    if _is_clients_figure(talk, one, clause):
        return True
    matching = [
        rate
        for rate in talk.known.rates
        if (near(rate.lo, one.lo) and near(rate.hi, one.hi))
        or (one.lo == one.hi and (near(one.lo, rate.lo) or near(one.lo, rate.hi)))
    ]
    stands = bool(matching)
    if _ADDED.search(talk.reply.text[: one.start]) and not REDUCES.search(whole):
        matching = [rate for rate in matching if not rate.reduction]
    if len(sums) == 1:
        matching = [rate for rate in matching if _is_named(talk, rate)]
    if near(one.lo, reckoning.minimum) and reckoning.below_minimum:
        return True
    segment = _segment(talk, sums, place, clause)
    words, inside = _beside(talk, segment, one)
    if _shown_wrong(talk, sums, place, whole):
        return False
    if _is_half(talk, one, sums[:place]):
        return True
    if _is_total(talk, sums, place):
        return (
            (reckoning.worked_out(sums, place) and reckoning.allows(one.lo))
            or _with_known(talk, reckoning, sums[:place], words, one)
            or (is_offset(whole) and (bool(matching) or _is_repeated(sums, place)))
        )
    if _takes_off(talk, reckoning, one, clause):
        return False
    if matching and all(
        _is_other_day(talk, rate) or _is_of_another(talk, rate, words, inside) for rate in matching
    ):
        return bool(place) and reckoning.worked_out(sums, place)
    if _is_alone(talk, matching, words):
        return True
    if matching and _fits(talk, reckoning, matching, words, inside, one):
        return True
    if place and (
        reckoning.worked_out(sums, place) or _is_repeated_times(talk, sums, place, inside)
    ):
        return reckoning.allows(one.lo)
    if _is_factor(talk, one):
        return True
    if _DIFFERENCE.search(clause.text) and reckoning.difference(one.lo):
        return True
    if _is_limit(talk, one, whole):
        return True
    earlier = [other for other in sums[:place] if other.start >= sentence[0].start]
    if _with_known(talk, reckoning, earlier or sums[:place], words, one):
        return True
    between = talk.reply.text[(sums[place - 1].end if place else sentence[0].start) : one.start]
    if len(earlier) >= 2 and TOTAL.search(between):
        return is_offset(whole) and (
            bool(matching) or any(near(one.lo, other.lo) for other in earlier)
        )
    if any(near(one.lo, other.lo) for other in earlier) and is_offset(whole):
        return True
    if one.unit != RUB and not one.scaled and not stands and one.lo in talk.known.numbers:
        return True
    if matching:
        elsewhere = any(_is_for_distance(talk, rate, one) for rate in matching)
        return (bool(words) or elsewhere) and reckoning.product(one.lo, words, inside)
    if reckoning.quotient(one.lo):
        return True
    if clause.negated and _REFUSES.search(clause.text) and not _FLOOR.search(clause.text):
        return True  # «уступить тысячу не сможем»
    if clause.negated and re.search(r"\bна\s*$", talk.reply.text[clause.start : one.start]):
        return True  # «на тысячу уступить не получится»
    return all(reckoning.derived(value, words, inside) for value in {one.lo, one.hi})


_HALVES = re.compile(rf"{IN_PARTS.pattern}|\b(?:пополам|на дв[ае])\b")


def _is_half(talk: Talk, one: Amount, before: Sequence[Amount]) -> bool:
    """«делится пополам: по 13 500», and what is paid at first then, where the facts let a sum be parted."""
    if not (_HALVES.search(talk.reply.text) and _HALVES.search(talk.known.text)):
        return False
    known = [rate.lo for rate in talk.known.rates]
    said = [other.lo for other in before]
    return any(near(2 * one.lo, whole) for whole in (*known, *said)) or any(
        near(one.lo, whole + part / 2) for whole in known for part in known
    )


_TAKES_OFF = re.compile(
    r"\b(?:минус|скид\w+|скин\w+|уступ\w+|сброс\w+|сбав\w+|дешевле на)\b(?:\s(?:еще|вам|вас|сразу|целых|на|до|в|размере|составит|будет))*\s*[-:]?\s*$"
)


def _takes_off(talk: Talk, reckoning: Reckoning, one: Amount, clause: Clause) -> bool:
    """«минус 3000», where 3000 is a price of something and no reduction."""
    if not _TAKES_OFF.search(talk.reply.text[clause.start : one.start]) or clause.negated:
        return False
    price = [rate for rate in talk.known.rates if near(rate.lo, one.lo)]
    named = any(rate.reduction or rate.stems & clause.stems for rate in price)
    given = reckoning.reductions | reckoning.credited
    return bool(price) and not named and not any(near(one.lo, other) for other in given)


def _is_alone(talk: Talk, matching: Sequence[Rate], words: frozenset[str]) -> bool:
    """«выезд 1500 ₽»: the words beside the sum are those of the facts, and of no other price there."""
    for rate in matching:
        own = words & rate.stems
        if own and not any(
            other.stems & own for other in talk.known.rates if not near(other.lo, rate.lo)
        ):
            return not words - own - rate.stems or bool(own - _HEADS)
    return False


def _is_repeated_times(
    talk: Talk, sums: Sequence[Amount], place: int, inside: Sequence[Amount]
) -> bool:
    """«3100 ₽ за рейс, 6200 ₽ за два»."""
    counted = [two for two in talk.reply.amounts if two.end <= sums[place].start and two.noun]
    return any(
        near(sums[place - 1].lo * one.lo, sums[place].lo)
        for one in (*inside, *counted)
        if one.unit == BARE and 1 < one.lo < 50
    )


def _is_factor(talk: Talk, one: Amount) -> bool:
    """«100 × 45 =»: the client's hundred kilometres."""
    around = talk.reply.text[: one.start].rstrip()[-1:] + talk.reply.text[one.end :].lstrip()[:1]
    return (
        one.unit == BARE
        and bool(set(around) & set("×*"))
        and one.lo in talk.known.numbers | talk.client_numbers
        and not any(near(one.lo, rate.lo) for rate in talk.known.rates)
    )


def _is_limit(talk: Talk, one: Amount, sentence: str) -> bool:
    """«если заказ превысит 5000, скидка 10 %»: a sum that the facts name as the limit of a discount."""
    return bool(re.search(r"скидк|%|бесплатн", sentence)) and any(
        other.unit == RUB
        and near(other.lo, one.lo)
        and statement.reading.tokens[other.first - 1].text in ("от", "свыше", "более")
        for other, statement in talk.known.amounts(RUB)
        if other.first
    )


_TOTAL_OF = re.compile(
    r"(?:^|[.!]\s*)(?:получается|выходит|вместе|всё вместе|все вместе)\s*$|\b(?:итого|всего|в сумме)\b[^\d.,;]{0,25}$|\bитог\w*\s*[-:]?\s*$"
)


def _is_total(talk: Talk, sums: Sequence[Amount], place: int) -> bool:
    """«итого 10 600» after two sums: nothing but their reckoning may stand there."""
    start = sums[place - 1].end if place else 0
    between = talk.reply.text[start : sums[place].start]
    parts = [one for one in sums[:place] if one.lo >= 100]
    return len(parts) >= 2 and bool(_TOTAL_OF.search(between))


def _shown_wrong(talk: Talk, sums: Sequence[Amount], place: int, sentence: str) -> bool:
    """«к оплате 2350 ₽: 2000 + 500»: the parts that are shown right after do not make the sum."""
    if _LESS.search(sentence) or not re.match(r"\s*[:(]", talk.reply.text[sums[place].end :]):
        return False
    parts = sums[place + 1 :]
    shown = [one.lo for one in parts[:1]]
    for before, after in pairwise(parts):
        if not re.fullmatch(r"\s*(?:\+|плюс)\s*", talk.reply.text[before.end : after.start]):
            break
        shown.append(after.lo)
    return len(shown) > 1 and not near(sum(shown), sums[place].lo)


_LESS = re.compile(r"скид|минус|%|вычет|×|x|\*")


def _is_repeated(sums: Sequence[Amount], place: int) -> bool:
    return any(near(sums[place].lo, one.lo) for one in sums[:place])


def _with_known(
    talk: Talk, reckoning: Reckoning, said: Sequence[Amount], words: frozenset[str], one: Amount
) -> bool:
    """«500, вместе с маникюром 2100»: a sum that was said, and a known price that the words name whole."""
    base = [rate.lo for rate in talk.known.rates if not rate.stems and not rate.per]
    if words and any(
        near(sum(some) + price, one.lo)
        for size in range(1, len(said) + 1)
        for some in combinations([two.lo for two in said[-6:]], size)
        for price in base
    ):
        return reckoning.allows(one.lo)
    return any(
        near(before.lo + rate.lo, one.lo)
        for before in said
        for rate in talk.known.rates
        if rate.stems and rate.stems <= words and not rate.reduction
    ) and reckoning.allows(one.lo)


def _is_clients_figure(talk: Talk, one: Amount, clause: Clause) -> bool:
    """The client's own figure, named to refuse it, to ask about it or to pass it on."""
    if not {one.lo, one.lo * 1000 if one.lo < 1000 else one.lo} & talk.client_numbers:
        return False
    if clause.negated or clause.hedged or clause.passed_on:
        return True
    sentence = talk.reply.sentence_of(clause)
    text = talk.reply.text[sentence[0].start : sentence[-1].end]
    before = talk.reply.tokens[one.first - 1].text if one.first else ""
    if before in ("с", "со", "от", "при") and re.search(r"скидк|%|процент", text):
        return True
    if before in ("с", "от", "из", "для", "за") and _takes_share(talk):
        return True
    if _TOO_LOW.search(text):
        return True
    if _CONFIRMS.search(text) or CONCESSION.search(clause.text):
        return False
    if clause.asked or any(part.negated or part.hedged or part.passed_on for part in sentence):
        return True
    return bool(
        re.search(
            r"\b(?:у вас|ваш\w*|вы (?:писали|сказали|назвали|предлож\w+|говорите)|у них|там|дешевле не|вместо|ниже|мало|маловато)\b",
            clause.text,
        )
    )


_ADDED = re.compile(r"(?:\+|\bплюс|\bдоплата)\s*$")
_TOO_LOW = re.compile(r"\b(?:слишком|чересчур|маловато|многовато|не потян\w+|далеко от)\b")


def _takes_share(talk: Talk) -> bool:
    """Whether the seller takes a share of a sum that the client names."""
    return any(IS_SHARE.search(one.reading.text) for _, one in talk.known.percents)


def _segment(talk: Talk, sums: Sequence[Amount], place: int, clause: Clause) -> tuple[int, int]:
    """The words that say what a sum is for: those since the sum before it, and «за …» right after."""
    one = sums[place]
    start = max(sums[place - 1].end if place else 0, clause.start)
    if place and sums[place - 1].end > clause.start:
        skipped = re.match(
            r"\s*(?:за|на|для|с|при|в)\s\S+(?=\s)", talk.reply.text[start : one.start]
        )
        start += skipped.end() if skipped else 0
    after = re.match(
        r"\s*(?:за|на|для|с|при|в)\s(?!\S+\s(?:за|по)\b)[^\s,;.!?+]+(?:\s(?!и\b|или\b|а\b)[^\s,;.!?+\d]+)?",
        talk.reply.text[one.end : clause.end],
    )
    end = one.end + (after.end() if after else 0)
    if after:
        joints = list(re.finditer(r",|\bи\b|\bплюс\b|\+", talk.reply.text[start : one.start]))
        start += joints[-1].end() if joints else 0
    if place + 1 < len(sums):
        end = min(end, sums[place + 1].start)
    return start, end


def _beside(
    talk: Talk, segment: tuple[int, int], one: Amount
) -> tuple[frozenset[str], list[Amount]]:
    """The words and the amounts beside a sum."""
    start, end = segment
    words = content(
        stems(talk.reply.text[start : one.start]) | stems(talk.reply.text[one.end : end])
    )
    return words, [
        amount for amount in talk.reply.amounts if start <= amount.start < end and amount is not one
    ]


def _fits(
    talk: Talk,
    reckoning: Reckoning,
    matching: Sequence[Rate],
    words: frozenset[str],
    inside: Sequence[Amount],
    one: Amount,
) -> bool:
    """Whether a known price of this value is the price of what the reply says it is for."""
    rooms = rooms_in(inside) or reckoning.rooms
    counted = [amount for amount in inside if amount.unit != RUB] or reckoning.counted
    fitting = [rate for rate in talk.known.rates if applies(rate, rooms, counted, reckoning.codes)]
    for rate in matching:
        if rate.takes and any(one.unit == TIME and one.lo == rate.takes for one in inside):
            return True
        if _is_for_distance(talk, rate, one):
            continue
        if rate.takes and not _takes_as_long(rate, inside):
            continue
        longer = rate.within and rate.within[2] == TIME
        if longer and applies(rate, rooms, reckoning.counted, reckoning.codes):
            return True
        if rate not in fitting or (
            _is_base(rate)
            and any(_is_sized(other, rooms, counted, reckoning.codes) for other in fitting)
        ):
            continue
        if not any(_rather(other, rate, words, one, rooms) for other in fitting):
            return True
    return False


_HEADS = stems("доставка скидка гарантия")


def _is_named(talk: Talk, rate: Rate) -> bool:
    """Whether the reply or the client speaks of what a price is for: another thing may cost as much."""
    roots = {stem[:4] for stem in talk.reply.stems | talk.client.stems}
    return (
        not rate.stems
        or any(stem[:4] in roots for stem in rate.stems)
        or any(one.startswith(stem) for one in roots for stem in rate.stems)
        or bool(rate.rooms or rate.codes or rate.takes or rate.per or rate.within)
        or rate.reduction
        or "скид" in rate.stems
    )


def _is_other_day(talk: Talk, rate: Rate) -> bool:
    """«2500 за субботу и воскресенье», to a client who comes on Monday."""
    if rate.days is None:
        return False
    asked = days_in(talk.reply.text) or days_in(talk.client.text)
    return asked is not None and not asked & rate.days


def _is_of_another(talk: Talk, rate: Rate, words: frozenset[str], inside: Sequence[Amount]) -> bool:
    """«залог за генератор 7000»: the deposit of another thing on the list."""
    named = {one.lo for one in inside}
    alike = [
        other
        for other in talk.known.rates
        if other is not rate and other.stems == rate.stems and not near(other.lo, rate.lo)
    ]
    if rate.numbers and not named & rate.numbers and any(named & one.numbers for one in alike):
        return True
    same = [other for other in alike if other.subject != rate.subject]
    ours = rate.subject - frozenset().union(*(other.subject for other in same))
    return not ours & words and any((one.subject - rate.subject) & words for one in same)


def _is_for_distance(talk: Talk, rate: Rate, one: Amount) -> bool:
    """«40 км, это 800 за дорогу»: not the price of a thing that nobody speaks of, where kilometres have a price."""
    sentence = talk.reply.sentence_of(talk.reply.clause_at(one.start))
    return (
        bool(rate.stems)
        and not rate.per
        and not rate.stems & (talk.reply.stems | talk.client.stems)
        and any(amount.unit == "km" for clause in sentence for amount in clause.amounts)
        and any(other.per == "km" for other in talk.known.rates)
    )


def _takes_as_long(rate: Rate, inside: Sequence[Amount]) -> bool:
    """«45 минут – 1000» is no price of an hour."""
    terms = [one for one in inside if one.unit == TIME]
    return not terms or any(one.lo == rate.takes for one in terms)


def _is_base(rate: Rate) -> bool:
    """Whether it is the price of the listing as such."""
    return not (rate.stems or rate.rooms or rate.within or rate.per or rate.codes or rate.takes)


def _is_sized(
    rate: Rate, rooms: frozenset[float], counted: Sequence[Amount], codes: frozenset[str]
) -> bool:
    """Whether it is the price for just the size that was named."""
    if rate.within and any(one.unit == rate.within[2] for one in counted):
        return not rate.stems
    if rate.takes and any(one.unit == TIME for one in counted):
        return not rate.stems
    return bool(rate.codes & codes)


def _rather(
    other: Rate, rate: Rate, words: frozenset[str], one: Amount, rooms: frozenset[float]
) -> bool:
    """Whether the words name another thing on the price list, which costs something else."""
    if (
        "скид" in other.stems
        or ("скид" in rate.stems and bool(rate.within) and bool(rate.stems & other.stems))
        or near(other.lo, one.lo)
        or near(other.hi, one.lo)
        or (rate.rooms & rooms and not rate.stems)
    ):
        return False
    theirs, ours = other.stems - rate.stems, rate.stems - other.stems
    return (
        bool(words & theirs)
        and not (words & ours)
        and len(words & other.stems) > len(words & rate.stems)
    )


def percents(talk: Talk) -> list[Amount]:
    return [one for one in talk.reply.amounts if one.unit == PCT]
