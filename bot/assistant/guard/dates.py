"""Days, hours, terms and waiting times in a reply that the facts do not support."""

import re
from collections.abc import Iterator

from bot.assistant import morphology
from bot.assistant.guard import moods
from bot.assistant.guard.amounts import CLOCK, DATE, DAY, TIME, YEAR, Amount
from bot.assistant.guard.hours import (
    ALL,
    ROUND_THE_CLOCK,
    Schedule,
    days_in,
    months_in,
)
from bot.assistant.guard.kin import part
from bot.assistant.guard.knowledge import Statement
from bot.assistant.guard.rates import content
from bot.assistant.guard.reading import Clause
from bot.assistant.guard.stems import stems
from bot.assistant.guard.sums import is_money
from bot.assistant.guard.talk import Finding, Talk

_RELATIVE = re.compile(
    r"\b(?:на (?:следующий|другой) день|сегодня\w*|завтра\w*|послезавтра|на днях|на (?:этой|следующей|той) неделе|в эту (?:субботу|пятницу|среду|неделю|ночь|минуту)|к вечеру|к обеду|к утру|до вечера|до утра|до ночи|до обеда|после обеда|"
    r"в ближайшее время|в ближайш\w+ (?:час\w*|дн\w+|минут\w*)|прямо сейчас|сию минуту|немедленно|моментально|мгновенно|сразу же|тут же|"
    r"до конца (?:дня|недели|месяца|сезона|года|лета|зимы)|в тот же день|день в день|в день (?:обращения|заказа|звонка)|ночью|поздно вечером|рано утром|"
    r"скоро|вот-вот|уже (?:едет|выехал\w*|в пути|в дороге|собирается)|сразу|tomorrow|today|tonight)\b"
)
_SOFT = re.compile(r"^(?:сразу|ночью|сегодня|в ближайшее время|сразу же|тут же)$")
_WORKING = re.compile(
    r"\b(?:работа\w+|открыт\w*|закрыва\w+|открыва\w+|на связи|на месте|принима\w+|график\w*|режим\w*|часы|выходн\w+|звоните|позвоните|наберите|приезжайте|подъезжайте|приходите|подходите|"
    r"заезжайте|забрать|забирайте|посмотреть|выезжа\w+|приезжа\w+|возим|ездим|ежедневно|дежур\w+|можно|занима\w+|занят\w+|офис\w*|склад\w*|магазин\w*|мы|открыты|убира\w+|обслужива\w+|"
    r"ждем|жду|ремонтиру\w+|дела\w+|доставля\w+|отправля\w+|заезд|выезд|заселение|салон\w*)\b"
)
_COMING = re.compile(
    r"\b(?:при(?:ед|езж|дет|дем|вез)\w*|под(?:ъед|вез)\w*|выед\w+|будет у|будем у|будут у|буд(?:ет|ем|ут)|сдела\w+|постав\w+|достав\w+|отправ(?:им|лю|ят)|успе(?:ем|ет|ю)|отгруз\w+|забер\w+|"
    r"перезвон\w+|свяж\w+|ответ(?:им|ит)|пришл\w+|закончим|начнем|ждите|запис(?:ал|али|ываю|ан)\w*|заброни\w+|ставлю|поставлю|отда(?:м|дим)|приготов\w+|испеч\w+|изготов\w+|готов\w*|верн\w+|"
    r"выполн\w+|установ\w+|почин\w+|отремонт\w+|обработа\w+|привез\w+|встрет\w+|договорились|точно|обязательно|гарантированно|собер\w+|налад\w+|поменяем|заменим|напечата\w+|отвез\w+|"
    r"отпуст\w+|покаж\w+|подготов\w+|выгрузим|погруз\w+)\b"
)
_INVITES = re.compile(
    r"\b(?:приезжайте|подъезжайте|приходите|подходите|заезжайте|забирайте|забрать|посмотреть|звоните|позвоните|пишите|подойдет|подойдёт|можно|предлага\w+|предлож\w+|можем|могу|сможем|готовы|заглядывайте|самовывоз)\b"
)
_CLOSED = re.compile(
    r"\b(?:выходной|нерабоч\w+|закрыт\w*|не работа\w+|не принима\w+|отдыха\w+|не выезжа\w+|не приезжа\w+|не возим|не ездим|занятий нет|не занима\w+|не дела\w+|не обслужива\w+|не убира\w+)\b"
)
_RETURNS = re.compile(
    r"верн|возвра|обмен|приним|повтор|передел|доработ|исправ|поправ|перемо|перечист|приед|проверк"
)
_GUARANTEE = re.compile(r"гарант|застрахов")
_QUANTITY = re.compile(r"[×*+=]|\bпо\s+\d")


def dates(talk: Talk) -> Iterator[Finding]:
    """Everything said of time that neither the facts nor the client's own wish support."""
    yield from _welcomes_late(talk)
    for clause in talk.reply.clauses:
        if clause.asked and not _COMING.search(clause.text) and not _is_statement(clause):
            continue
        if moods.supposes(clause.text) or _sentence_passes_on(talk, clause):
            continue
        yield from _in_clause(talk, clause)


def _promises(clause: Clause) -> bool:
    """Whether somebody will come or do something, and not: you may come."""
    return bool(_COMING.search(clause.text)) and not _INVITES.search(clause.text)


_WELCOMES = re.compile(
    r"^(?:да|хорошо|конечно|ок|окей|приезжайте|подъезжайте|приходите|ждем|подождем|дождемся|можно|договорились|без проблем)\b"
)


def _welcomes_late(talk: Talk) -> Iterator[Finding]:
    """«Приезжайте, подождём», to a client who comes when it is closed."""
    first, hours = talk.reply.clauses[0], talk.known.schedule
    asked = [
        one
        for one in talk.asked.amounts
        if one.unit == CLOCK and one.lo == one.hi and (one.exact or one.lo > 12)
    ]
    if not (asked and hours and _WELCOMES.match(first.text)) or any(
        one.unit == CLOCK for one in talk.reply.amounts
    ):
        return
    sentence = talk.reply.sentence_of(first)
    if any(one.negated or one.hedged for one in talk.reply.clauses) or days_in(talk.reply.text):
        return
    if not any(
        hours.admits(one.lo % 24, None) and one.lo % 24 not in hours_of(hours) for one in asked
    ):
        yield talk.finding(
            "date", first.start, sentence[-1].end, "В это время по сведениям о продавце закрыто."
        )


def _is_statement(clause: Clause) -> bool:
    return bool(re.search(r"\b(?:есть|работаем|открыты)\b", clause.text))


def _sentence_passes_on(talk: Talk, clause: Clause) -> bool:
    """Whether the clause, or one beside it, only passes a wish on or leaves the answer to somebody."""
    if clause.hedged:
        return not re.search(r"\bперезвон\w+|\bсвяж\w+", clause.text) or bool(
            re.search(r"\bкак освобод|\bподтверд", clause.text)
        )
    sentence = talk.reply.sentence_of(clause)
    return any(one.passed_on for one in sentence if one is not clause) and _only_clients_times(
        talk, clause
    )


def _only_clients_times(talk: Talk, clause: Clause) -> bool:
    """Whether every time of a clause is one that the client named."""
    known = _times(talk.client.amounts)
    return all(
        _keys(one) & known for one in clause.amounts if one.unit in (CLOCK, TIME, DATE)
    ) and not _COMING.search(clause.text)


def _times(amounts: list[Amount]) -> set[tuple[str, float]]:
    return set().union(*(_keys(one) for one in amounts)) if amounts else set()


def _keys(one: Amount) -> set[tuple[str, float]]:
    """A time and what else it may mean: seven is also seven in the evening."""
    values = {one.lo, one.hi}
    if one.unit == CLOCK:
        if not one.exact:
            values |= {value + 12 for value in values if value <= 12} | {
                value - 12 for value in values if value > 12
            }
        return {(CLOCK, value % 24) for value in values} | {("bare", value) for value in values}
    if one.unit == TIME and one.hi <= 24 * 60:  # «двенадцать часов» may be noon
        return {(one.unit, value) for value in values} | {(CLOCK, value / 60) for value in values}
    return {(one.unit, value) for value in values}


def _in_clause(talk: Talk, clause: Clause) -> Iterator[Finding]:
    hours = talk.known.schedule
    if _stays(talk, clause):
        yield _found(talk, clause, "По сведениям о продавце нужно уйти на указанное время.")
        return
    if _TAKEN.search(clause.text) or _MOMENT.fullmatch(clause.text):
        return
    spoken = _spoken_times(clause)
    closed = bool(_CLOSED.search(_with_relative(talk, clause))) and not re.search(
        r"без выходн", clause.text
    )
    days = days_in(clause.text)
    if (days or spoken) and _other_slot(talk, clause, days, spoken):
        yield _found(talk, clause, "Такого свободного времени нет в сведениях о продавце.")
        return
    if days and not closed and not _days_hold(talk, clause, days, hours):
        yield _found(talk, clause, "Таких дней и часов нет в сведениях о продавце.")
        return
    if (
        days
        and closed
        and hours
        and hours.days() & days
        and hours.days()
        and not _known_day(talk, clause)
        and not _is_trip_day(talk, clause, days)
    ):
        yield _found(talk, clause, "По сведениям о продавце в этот день он работает.")
        return
    if _months_wrong(talk, clause):
        yield _found(talk, clause, "Такого месяца или сезона нет в сведениях о продавце.")
        return
    meant = days or _days_before(talk, clause)
    for one in spoken:
        if not (
            _holds(talk, clause, one, meant, hours, closed) or _is_clients_term(talk, clause, one)
        ):
            start, end = _with_day(talk, clause, one)
            yield talk.finding(
                "date", start, end, "Такого времени или срока нет в сведениях о продавце."
            )
            return
    if (
        ROUND_THE_CLOCK.search(clause.text)
        and not (closed or spoken)
        and not _round_the_clock(talk)
    ):
        yield _found(talk, clause, "Круглосуточно по сведениям о продавце он не работает.")
        return
    past = _PAST.search(clause.text)
    if past and _is_new_past(talk, clause, past):
        yield _found(talk, clause, "Когда это было, в сведениях о продавце не сказано.")
        return
    relative = _RELATIVE.search(clause.text)
    if relative and (days or spoken) and not _promises(clause):
        return
    if relative and not _relative_holds(talk, clause, relative.group()):
        yield talk.finding(
            "date", clause.start, clause.end, "Такого дня или срока нет в сведениях о продавце."
        )


_PAST = re.compile(
    r"\b(?:на прошлой неделе|в прошлом (?:году|месяце)|прошлым летом|позавчера|вчера|на днях|недавно|(?:недел\w+|месяц\w*|год\w*|лет|дн\w+) назад)\b"
)


def _is_new_past(talk: Talk, clause: Clause, past: re.Match[str]) -> bool:
    """«вторую поставили на прошлой неделе»: something that was done, at a time that nobody named."""
    told = any(past.group() in text for text in (talk.known.text, talk.client.text))
    told |= any(_keys(one) & _times(talk.client.amounts) for one in clause.amounts)
    return not told and any(part(one) == "past" for one in clause.words)


def _is_clients_term(talk: Talk, clause: Clause, one: Amount) -> bool:
    """«через четыре месяца гарантия ещё действует»: the client's own term in what is so, and not in what will be done."""
    if one.unit != TIME or not _keys(one) & _times(talk.client.amounts):
        return False
    agreed = _WELCOMES.match(talk.reply.clauses[0].text)
    says = any(part(word) == "state" for word in clause.words) or len(clause.amounts) > 1
    does = any(
        part(word) == "deed" or morphology.tag(word).tense == "futr" for word in clause.words
    )
    return says and not (agreed or does or _COMING.search(clause.text))


def _with_relative(talk: Talk, clause: Clause) -> str:
    """A clause and what «когда …» right after says of it: «воскресенье – день, когда мы не работаем»."""
    after = [one for one in talk.reply.sentence_of(clause) if one.first > clause.last]
    if after and re.match(r"(?:когда|в котор\w+)\b", after[0].text):
        return f"{clause.text} {after[0].text}"
    return clause.text


def _days_before(talk: Talk, clause: Clause) -> frozenset[int] | None:
    """The day of an earlier clause of the sentence: «В субботу как обычно, до шести»."""
    named = [
        days
        for one in talk.reply.sentence_of(clause)
        if one.first < clause.first and (days := days_in(one.text))
    ]
    return named[-1] if named else None


_TAKEN = re.compile(
    r"^(?:(?!свобод).)*\b(?:занят(?:а|о|ы|ый|ая)?|расписан[аоы]?|запись (?:уже )?закрыта|мест (?:уже )?нет|нет (?:свободных )?(?:мест|окон))\b(?!.*(?:свобод|до\b))"
)
_SLOT = re.compile(
    r"\b(?:запис\w+|свобод\w+|есть|окн\w+|мест\w+|мо(?:гу|жем)|подойдет|предлож\w+|поставлю)\b"
)


_MOMENT = re.compile(
    r"(?:одну |одна |буквально |подождите )?(?:минут\w*|секунд\w*|минутк\w*|секундочк\w*)"
)
"""«Одну минуту, проверю»: no term."""


def _other_slot(
    talk: Talk, clause: Clause, days: frozenset[int] | None, spoken: list[Amount]
) -> bool:
    """Whether a time is offered that is not among the free ones, where the facts list those."""
    slots = [
        one for one in talk.known.about("stock") if re.search(r"запис|свободн|окн|мест", one.whole)
    ]
    slots = [
        one
        for one in slots
        if days_in(one.reading.text) and any(amount.unit == CLOCK for amount in one.reading.amounts)
    ]
    if not slots or not _SLOT.search(clause.text) or clause.negated:
        return False
    if days and not any(days <= (days_in(one.reading.text) or frozenset()) for one in slots):
        return True
    return any(one.unit == CLOCK and not _is_exact(talk, one) for one in spoken)


def _found(talk: Talk, clause: Clause, reason: str) -> Finding:
    return talk.finding("date", clause.start, clause.end, reason)


def _with_day(talk: Talk, clause: Clause, one: Amount) -> tuple[int, int]:
    begin = one.start
    before = talk.reply.tokens[one.first - 1] if one.first > clause.first else None
    return (before.start if before else begin), one.end


def _spoken_times(clause: Clause) -> list[Amount]:
    return [one for one in clause.amounts if one.unit in (CLOCK, TIME, DATE)]


# --- days ---------------------------------------------------------------------------------------------------------------


def _days_hold(talk: Talk, clause: Clause, days: frozenset[int], hours: Schedule | None) -> bool:
    if _client_named(talk, clause) and (clause.negated or clause.passed_on):
        return True
    if _stock_day(talk, days):
        return True
    if (
        _booked_until(talk)
        and re.search(
            r"\b(?:мо(?:жем|гу|жно)|нач\w+|есть|свобод\w+|успе\w+|готов\w+|запи\w+)\b", clause.text
        )
        and days != ALL
    ):
        return False
    if hours is None:
        return False
    if days == hours.days():
        return True
    promised = _COMING.search(clause.text) and not _INVITES.search(clause.text)
    if promised and days != ALL:
        return False
    return days <= hours.days()


def _booked_until(talk: Talk) -> bool:
    """Whether the facts say that the next free time is some way off."""
    return bool(
        re.search(
            r"ближайш\w+ (?:дат\w+|начал\w+|запис\w+|окн\w+|врем\w+|свободн\w+|выезд\w*)",
            talk.known.text,
        )
    )


def _known_day(talk: Talk, clause: Clause) -> bool:
    return any(
        days_in(one.reading.text) == days_in(clause.text) and one.denies
        for one in talk.known.statements
    )


def _is_trip_day(talk: Talk, clause: Clause, days: frozenset[int]) -> bool:
    """«по пятницам не ездим», where the trips have days of their own."""
    named = [days_in(one.reading.text) for one in talk.known.about("delivery")]
    return any(one and not one & days for one in named) and bool(
        re.search(r"\b(?:езд\w+|воз\w+|выезжа\w+|доставля\w+)\b", clause.text)
    )


def _stock_day(talk: Talk, days: frozenset[int]) -> bool:
    """Whether the facts name these very days in another connection: «занят до пятницы», «вторник 16:00»."""
    return any(
        days <= (days_in(one.reading.text) or frozenset())
        for one in talk.known.statements
        if "hours" not in one.topics or "stock" in one.topics
    )


def _client_named(talk: Talk, clause: Clause) -> bool:
    named = days_in(talk.client.text)
    mine = days_in(clause.text)
    return bool(named and mine and mine <= named)


def _months_wrong(talk: Talk, clause: Clause) -> bool:
    said = months_in(talk.reply, clause.first, clause.last)
    if not said or clause.negated or clause.passed_on:
        return False
    return not said <= talk.known.months and not said <= {
        int(day // 100) for day in talk.known.dates
    }


# --- hours and terms ----------------------------------------------------------------------------------------------------


def _holds(
    talk: Talk,
    clause: Clause,
    one: Amount,
    days: frozenset[int] | None,
    hours: Schedule | None,
    closed: bool,
) -> bool:
    match one.unit:
        case "clock":
            return _clock_holds(talk, clause, one, days, hours)
        case "date":
            return _date_holds(talk, clause, one)
        case _:
            return _term_holds(talk, clause, one)


def _clock_holds(
    talk: Talk, clause: Clause, one: Amount, days: frozenset[int] | None, hours: Schedule | None
) -> bool:
    coming = _COMING.search(clause.text) and not _INVITES.search(clause.text)
    if clause.negated and _keys(one) & _times(talk.client.amounts):
        return True
    before = talk.reply.tokens[one.first - 1].text if one.first else ""
    if before == "после" and hours is not None and (clause.negated or _CLOSED.search(clause.text)):
        return {value % 24 for _, value in _keys(one)} & hours.edges(
            days, opening=False
        ) != set() or not _admitted(one, days, hours)
    shut = re.search(r"\b(?:закрыт\w*|не работа\w+|не принима\w+)\b", clause.text)
    if shut and hours is not None and one.lo == one.hi:
        return not _admitted(one, days, hours)
    if coming and not _is_exact(talk, one):
        return False
    if hours is None:
        return _is_exact(talk, one)
    edge = _edge(one, before, clause)
    if edge:
        wanted = {value % 24 for _, value in _keys(one)}
        if one.lo != one.hi:
            return _range_holds(one, days, hours) or _is_exact(talk, one)
        if {value % 24 for value in hours.edges(days, opening=edge == "opens")} & wanted:
            return True
        if edge == "opens" and days is None and one.lo >= 12 and _is_exact(talk, one):
            return True
        return _is_other_clock(talk, one) or _same_bound(talk, one, before)
    if _is_exact(talk, one):
        return True
    return bool(_INVITES.search(clause.text) or _WORKING.search(clause.text)) and _admitted(
        one, days or _asked_days(talk), hours
    )


def _asked_days(talk: Talk) -> frozenset[int] | None:
    """The one day that the client asks about."""
    days = days_in(talk.asked.text)
    return days if days and len(days) == 1 else None


def _edge(one: Amount, before: str, clause: Clause) -> str:
    """Whether a clock time is said to be when work begins or ends."""
    if one.lo != one.hi:
        return "both"
    if before in ("до", "по"):
        return "closes"
    if before in ("с", "со", "от"):
        return "opens"
    return ""


def _range_holds(one: Amount, days: frozenset[int] | None, hours: Schedule) -> bool:
    readings = (
        ((one.lo, one.hi),)
        if one.exact
        else ((one.lo, one.hi), (one.lo, one.hi + 12), (one.lo + 12, one.hi + 12))
    )
    for lo, hi in readings:
        if {lo % 24} & {value % 24 for value in hours.edges(days, opening=True)} and {hi % 24} & {
            value % 24 for value in hours.edges(days, opening=False)
        }:
            return True
    return False


def _admitted(one: Amount, days: frozenset[int] | None, hours: Schedule) -> bool:
    values = (
        {one.lo}
        if one.exact or one.lo >= 12 or one.lo in hours_of(hours)
        else {one.lo, one.lo + 12}
    )
    return any(hours.admits(value % 24, days) for value in values)


def hours_of(hours: Schedule) -> set[float]:
    return hours.edges(None, opening=True) | hours.edges(None, opening=False)


def _is_exact(talk: Talk, one: Amount) -> bool:
    """Whether the facts name this very time."""
    known = {(CLOCK, value % 24) for value in talk.known.clocks}
    return all(bool(_one_key(value, exact=one.exact) & known) for value in {one.lo, one.hi})


def _one_key(value: float, *, exact: bool) -> set[tuple[str, float]]:
    values = {value} | ({value + 12} if value <= 12 and not exact else set())
    return {(CLOCK, other % 24) for other in values}


def _same_bound(talk: Talk, one: Amount, before: str) -> bool:
    """Whether the facts have this time after the same word: «выезд до 12:00», «берёт до 8 кубов»."""
    number = f"{one.lo:g}(?::00)?"
    return before in ("до", "с", "к") and bool(
        re.search(rf"\b{before} {number}(?![\d:])", talk.known.text)
    )


def _is_other_clock(talk: Talk, one: Amount) -> bool:
    """A time that the facts name outside the working hours: «при заявке до 15:00»."""
    for amount, statement in talk.known.amounts(CLOCK):
        if "hours" not in statement.topics and _one_key(one.lo, exact=one.exact) & {
            (CLOCK, amount.lo % 24),
            (CLOCK, amount.hi % 24),
        }:
            return True
    return False


def _date_holds(talk: Talk, clause: Clause, one: Amount) -> bool:
    if {one.lo, one.hi} <= talk.known.dates:
        return True
    ranges = [amount for amount, _ in talk.known.amounts(DATE)]
    if any(other.lo <= one.lo and one.hi <= other.hi for other in ranges if other.hi > other.lo):
        return True
    return (clause.negated or clause.passed_on) and {("date", one.lo)} <= _times(
        talk.client.amounts
    )


def _term_holds(talk: Talk, clause: Clause, one: Amount) -> bool:
    if _is_named_length(clause, one) and _lasts_otherwise(talk, clause):
        return any(_equal_term(one, other) for other, _ in talk.known.durations)
    if _GUARANTEE.search(clause.text) or _is_price_quantity(talk, clause, one):
        return True
    if _is_year(talk, one):
        return True
    about_guarantee = _GUARANTEE.search(talk.reply.text + talk.asked.text)
    for other, statement in talk.known.durations:
        if (
            "guarantee" in statement.topics
            and not about_guarantee
            and not content(_part_with(statement, other)) & clause.stems
            and not _RETURNS.search(_whole(talk, clause))
        ):
            continue
        if _equal_term(one, other) or (
            other.lo < other.hi and other.lo <= one.lo and one.hi <= other.hi
        ):
            return True
    if _is_known_age(talk, one) or _is_rest(talk, one):
        return True
    says = any(part(word) in ("deed", "state", "past") for word in clause.words)
    if not clause.negated and _lasts_otherwise(talk, clause):
        return False
    return (clause.negated or not says) and _keys(one) <= _times(talk.client.amounts)


def _is_named_length(clause: Clause, one: Amount) -> bool:
    """«занятие 60 минут»: nothing but a name and how long it takes."""
    return one.first == clause.first + 1 and one.last == clause.last


def _lasts_otherwise(talk: Talk, clause: Clause) -> bool:
    """«занятие 60 минут», where the facts give the lesson another length."""
    return any(
        clause.words
        and clause.words[0] in statement.reading.words
        and "guarantee" not in statement.topics
        for _, statement in talk.known.durations
    )


def _part_with(statement: Statement, one: Amount) -> frozenset[str]:
    """The stems of the part of a statement in which a term stands: «14 дней без установки»."""
    begin = 0
    for piece in re.split(r"(?<=[,;])", statement.reading.text):
        if begin <= one.start < begin + len(piece):
            return stems(piece)
        begin += len(piece)
    return frozenset()


def _whole(talk: Talk, clause: Clause) -> str:
    sentence = talk.reply.sentence_of(clause)
    return talk.reply.text[sentence[0].start : sentence[-1].end]


def _is_known_age(talk: Talk, one: Amount) -> bool:
    """«младше 16 лет», where the facts say «с детьми до 16 не работаю»."""
    return one.lo % YEAR == 0 and one.lo / YEAR in talk.known.numbers and one.lo >= 3 * YEAR


def _is_rest(talk: Talk, one: Amount) -> bool:
    """«через месяц», where the facts say three months and the client two."""
    asked = {two.lo for two in talk.asked.amounts if two.unit == TIME}
    return any(
        abs(abs(known.lo - two) - one.lo) < 1 for known, _ in talk.known.durations for two in asked
    )


def _equal_term(one: Amount, other: Amount) -> bool:
    return all(abs(a - b) <= 0.02 * b + 1 for a, b in ((one.lo, other.lo), (one.hi, other.hi)))


def _is_year(talk: Talk, one: Amount) -> bool:
    """«год 2021» is no term."""
    after = talk.reply.tokens[one.last + 1 : one.last + 2]
    return bool(after) and bool(
        re.fullmatch(
            r"(?:19|20)\d\d|выпуска|рождения|постройки|издания|производства|изготовления|модели",
            after[0].text,
        )
    )


def _is_price_quantity(talk: Talk, clause: Clause, one: Amount) -> bool:
    """«три часа – 3600», «600 в сутки», «за две ночи»: a term that a sum is for, not a promise."""
    before = talk.reply.tokens[one.first - 1].text if one.first else ""
    single = one.first == one.last and not talk.reply.tokens[one.first].is_number
    if single and before in ("в", "за", "/", "на") and _after_money(talk, one):
        return True
    if (
        single
        and re.match(r"^(?:час|сутки|день|месяц|неделю)$", talk.reply.tokens[one.first].text)
        and (_after_money(talk, one) or before in ("плюс", "/"))
    ):
        return True
    sentence = talk.reply.sentence_of(clause)
    text = talk.reply.text[sentence[0].start : sentence[-1].end]
    has_sum = any(is_money(amount, talk.reply) for part in sentence for amount in part.amounts)
    costs = re.search(r"\b(?:будет|выйдет|обойд\w+|составит|стоит)\b[^.]*\d", clause.text)
    if not has_sum or (_COMING.search(clause.text) and not costs and before in ("через", "за")):
        return False
    asked = {
        value
        for _, value in _times([amount for amount in talk.client.amounts if amount.unit == TIME])
    }
    bare = {amount.lo for amount in talk.client.amounts}
    mine = {one.lo, one.hi}
    minutes = {one.lo / 60, one.lo / DAY, one.lo / (7 * DAY), one.lo / (30 * DAY)}
    if mine <= asked or minutes & bare:
        return True
    return bool(_QUANTITY.search(text)) or (
        before not in ("через", "за", "до", "течение", "срок")
        and bool(talk.known.durations)
        and not _COMING.search(clause.text)
        and bool(re.search(r"[-–]|вместо|итого|будет|обойд", text))
    )


def _after_money(talk: Talk, one: Amount) -> bool:
    return any(
        0 <= one.start - amount.end <= 6 and is_money(amount, talk.reply)
        for amount in talk.reply.amounts
        if amount is not one
    )


# --- other words ----------------------------------------------------------------------------------------------------------


def _meets(talk: Talk, clause: Clause, statement: Statement) -> bool:
    """«при заявке до 15:00»: the reply says so too, or the client wrote earlier than that."""
    until = [one.lo for one in statement.reading.amounts if one.unit == CLOCK]
    sentence = talk.reply.sentence_of(clause)
    said = {one.lo for part in sentence for one in part.amounts if one.unit == CLOCK}
    now = [
        one.lo
        for one in talk.asked.amounts
        if one.unit == CLOCK and re.search(r"сейчас", talk.asked.text)
    ]
    return not until or bool(said & set(until)) or any(hour < min(until) for hour in now)


_STAYS = re.compile(
    r"\b(?:можно (?:вообще |совсем |даже |и )?(?:не уходить|не выходить|оставаться|остаться|никуда не уходить)|(?:уходить|выходить|уезжать|ждать|выжидать|проветривать|освобождать|покидать) (?:вообще |совсем |ничего )?не (?:нужно|надо|обязательно|придется|требуется)|не (?:нужно|надо|обязательно|придется) (?:вообще |ничего |никуда )?(?:уходить|выходить|уезжать|ждать|выжидать|покидать))\b"
)
_MUST_LEAVE = re.compile(
    r"\b(?:уйти|не заходить|покинуть|выйти из|уехать|не быть дома|можно через|через \S+ \S+ можно)\b"
)


def _stays(talk: Talk, clause: Clause) -> bool:
    """«можно не уходить», where the facts say for how long one must."""
    return (
        bool(_STAYS.search(clause.text))
        and bool(_MUST_LEAVE.search(talk.known.text))
        and not re.search(r"можно оставаться|не уходить", talk.known.text)
    )


_COME_IN = re.compile(
    r"\b(?:заходите|входите|возвращайтесь|гуляйте|выходите|пользуйтесь|жарьте|живите|отдыхайте|загорайте|сажайте)\b"
)
_RETURNED = re.compile(r"\bвер(?:нем|нут|нется)\b|\bвозвраща\w+|\bотда(?:ем|дим)\b")
_LEFT = re.compile(r"паспорт|залог|документ")
"""What the client leaves and gets back at once."""


def _round_the_clock(talk: Talk) -> bool:
    hours = talk.known.schedule
    return bool(ROUND_THE_CLOCK.search(talk.known.text)) or bool(
        hours and any(one.opens == 0 and one.closes == 24 for one in hours.spans)
    )


def _relative_holds(talk: Talk, clause: Clause, word: str) -> bool:
    known = talk.known.text
    ends = re.search(r"\bне (?:будет|останется|увидите)\b", clause.text)  # «к утру не будет»
    if re.search(r"\b(?:поздно|рано|не успе\w+)\b", clause.text):
        return True
    if (clause.negated and not (ends and word.startswith("к "))) or word in known:
        return True
    if re.search(r"\bсвобод|\bзанят|\bосвобод|в наличии", clause.text) and talk.known.about(
        "stock"
    ):
        return True
    if word in ("сегодня", "в тот же день", "день в день"):
        return any(
            re.search(r"в день (?:обращения|заказа|звонка)|сегодня|срочн", one.reading.text)
            and _meets(talk, clause, one)
            for one in talk.known.statements
        )
    if word == "завтра" and re.search(r"на (?:следующий|другой) день", known):
        return "сегодня" in _whole(talk, clause)
    if word == "ночью":
        hours = talk.known.schedule
        return (
            _round_the_clock(talk)
            or bool(re.search(r"ноч", known))
            or bool(hours and hours.admits(2, None))
        )
    if word == "сразу" and _MUST_LEAVE.search(known) and _COME_IN.search(clause.text):
        return False
    if _SOFT.match(word) and _RETURNED.search(clause.text) and _LEFT.search(known):
        return True
    if _SOFT.match(word):
        return not (
            _COMING.search(clause.text)
            or re.search(
                r"\bможно (?:гулять|заходить|выходить|жить|вернуться|пользоваться|войти)",
                clause.text,
            )
        )
    if clause.passed_on and word in talk.client.text:
        return True
    working = (
        _WORKING.search(clause.text)
        and not _COMING.search(clause.text)
        and talk.known.schedule is not None
    )
    return bool(working and re.match(r"сегодня|завтра|послезавтра", word))
