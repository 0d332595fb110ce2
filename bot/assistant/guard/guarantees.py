"""Guarantees in a reply: how long, on what, and whether there is one at all."""

import re
from collections.abc import Iterator

from bot.assistant.guard.amounts import PCT, TIME, Amount
from bot.assistant.guard.kin import akin
from bot.assistant.guard.knowledge import Statement
from bot.assistant.guard.rates import content
from bot.assistant.guard.reading import Clause
from bot.assistant.guard.stems import stem, stems
from bot.assistant.guard.talk import Finding, Talk

_WORD = re.compile(
    r"\b(?:гарант\w+|warranty|guarantee\w*|(?:вернуть|возврат\w*|обменять|обмен\w*|сдать обратно)(?=.*\b(?:год\w*|лет|месяц\w*|недел\w+|дн\w+|день|дней|сут\w+|час\w*)\b))"
)
_PROMISE = re.compile(
    r"\b(?:гарантиру\w+|100\s?%|сто процентов|стопроцентн\w+|навсегда|пожизненн\w+|бессрочн\w+|раз и навсегда|застрахован\w*|страхов(?:ка|ку|ой)\b|"
    r"(?:купим|куплю|подарим|привезем) нов(?:ое|ый|ую|ая|ые)|заменим на нов\w+|точно (?:помож\w+|поможет|не появ\w+|не верн\w+|уйдут|исчезн\w+)|больше (?:никогда )?не (?:появ\w+|верн\w+|увид\w+|будет|полез\w+)|"
    r"не (?:появятся|вернутся|вернется|появится) (?:никогда|больше)|(?:абсолютно|полностью|совершенно|на сто) безопасн\w+|безвредн\w+|безболезнен\w+|обещаем результат|результат обещаем|сда(?:дите|дут|ст)\b[^.!?]{0,20}с первого раза|с первого раза сда\w+|ни (?:единого|малейшего|одного) след\w*|без (?:единого )?след\w*|уверяю|клянусь|ручаемся|ручаюсь)\b"
)
_SEASON = re.compile(
    r"\b(?:до (?:самой |самого |самых )?(?:следующ\w+|новой|нового|весны|осени|зимы|лета)\b|весь сезон|до конца (?:сезона|года|лета|зимы|месяца)|целый (?:год|сезон|месяц)|на весь срок|всю жизнь|круглый год)\b"
)
_NONE = re.compile(
    r"\bгарант\w+\s+(?:\S+\s+){0,2}(?:нет|не (?:да\w+|предоставл\w+|распростран\w+|действ\w+|предусмотр\w+))|\b(?:нет|без|не (?:даем|даю|дает|предоставляем))\s+(?:\S+\s+)?гарант"
)
_NONE_KNOWN = re.compile(r"гарант\w*\s+(?:\S+\s+){0,2}нет|без гарант|нет гарант|не распростран")


def guarantees(talk: Talk) -> Iterator[Finding]:
    """Guarantees against the facts or without them."""
    known = talk.known.guarantee
    for clause in talk.reply.clauses:
        if not clause.asserted and not (clause.asked and clause.amounts):
            continue
        word, none = _WORD.search(clause.text), _NONE.search(clause.text)
        if none:
            yield from _denied(talk, clause, known)
        elif word and not re.match(r"гарантиру", word.group()):
            yield from _claimed(talk, clause, word, known)
        elif (season := _SEASON.search(clause.text)) and _about_result(talk, clause):
            if not any(season.group() in one.reading.text for one in known):
                yield talk.finding(
                    "guarantee",
                    clause.start,
                    clause.end,
                    "Такой гарантии нет в сведениях о продавце.",
                )
        elif not word and _continues(talk, clause):
            yield from _claimed(talk, clause, None, known)
        promise = _PROMISE.search(clause.text) or _promised_result(talk, clause)
        if (
            promise
            and not _denies(clause, promise)
            and promise.group() not in talk.known.text
            and _is_promise(talk, clause, promise)
        ):
            yield talk.finding(
                "guarantee",
                clause.start + promise.start(),
                clause.end,
                "Такого обещания нет в сведениях о продавце.",
            )


_CERTAIN = re.compile(
    r"\b(?:точно|гарантир\w+|обеща\w+|наверняка|уверены|поруч\w+|навсегда|вс[её] будет|получится)\b"
)
_ALL_OURS = re.compile(
    r"\b(?:все|каждый|любой|сто процентов) (?:мои|наши|мой|наш|моих|наших)\b(?! (?:работ|услуг|цен|контакт|услови|мастер|данн))|\b(?:ваш\w*|и вы|он|она|сын|дочь|дочка|ребенок)\b[^.!?]{0,25}\b(?:сдаст|сдадите|поступит|поступите|научится|научитесь|похудеете|вырастет|выздоровеет|поправится)\b"
)


def _promised_result(talk: Talk, clause: Clause) -> re.Match[str] | None:
    """«Все мои ученики сдают, и ваш сдаст»: a result that is nobody's to promise."""
    found = _ALL_OURS.search(clause.text)
    if clause.negated or not (_CERTAIN.search(talk.asked.text) or (found and "сда" in found[0])):
        return None
    return found


def _denies(clause: Clause, found: re.Match[str]) -> bool:
    return bool(
        re.search(r"\b(?:не|нет|ни|никто не)\b(?:\s+\S+){0,2}\s*$", clause.text[: found.start()])
    )


def _is_promise(talk: Talk, clause: Clause, found: re.Match[str]) -> bool:
    if found.group().startswith(("100", "сто проц", "стопроц")):
        return not re.search(
            r"предоплат|хлоп|состав|шерст|скид|оплат|натуральн|аккум|заряд|акрил|полиэст",
            clause.text,
        )
    return not (found.group().startswith("гарантиру") and _is_known_term(talk, clause))


def _is_known_term(talk: Talk, clause: Clause) -> bool:
    """«два месяца гарантируем только от кротов»: the known guarantee in a verb."""
    terms, parts = _terms(clause), _parts(talk.known.guarantee)
    return bool(terms) and all(
        any(_agrees(talk, clause, term, part) for part in parts) for term in terms
    )


def _about_result(talk: Talk, clause: Clause) -> bool:
    sentence = talk.reply.sentence_of(clause)
    text = talk.reply.text[sentence[0].start : sentence[-1].end]
    return bool(
        re.search(
            r"не будет|не появ|не верн|не увид|действ|хват|защит|гарант|помож",
            text + talk.asked.text,
        )
    )


def _terms(clause: Clause) -> list[Amount]:
    return [one for one in clause.amounts if one.unit == TIME]


def _continues(talk: Talk, clause: Clause) -> bool:
    """A clause with a term, where the sentence, or the client just before, spoke of the guarantee."""
    if not _terms(clause) or clause.negated or _is_of_work(talk, clause):
        return False
    if re.search(
        r"\bчерез\b|\bв течение\b.*\b(?:верн|возвр)|\bприед|\bперезвон|\bсрок\b|\bпроветр|\bзаход",
        clause.text,
    ):
        return False
    sentence = talk.reply.sentence_of(clause)
    spoken = any(
        _WORD.search(one.text) for one in sentence if one.first < clause.first
    ) and _goes_on(clause)
    asked = bool(_WORD.search(talk.asked.text)) and not re.search(r"₽|руб", clause.text)
    return spoken or (asked and not any(one.unit == "clock" for one in clause.amounts))


def _is_of_work(talk: Talk, clause: Clause) -> bool:
    """«занятие 60 минут»: how long something takes by the facts, whatever was asked."""
    takes = {other.lo for other, one in talk.known.durations if "guarantee" not in one.topics} - {
        other.lo for other, one in talk.known.durations if "guarantee" in one.topics
    }
    return all(one.lo in takes for one in _terms(clause))


def _goes_on(clause: Clause) -> bool:
    """«…, на монтаж 2 года»: nothing but a scope and a term."""
    return (
        bool(re.match(r"(?:и |а |но )?(?:на|для|по|из|из них)\s", clause.text))
        or len(clause.words) <= 2
    )


def _claimed(
    talk: Talk, clause: Clause, word: re.Match[str] | None, known: list[Statement]
) -> Iterator[Finding]:
    terms = _terms(clause)
    start, end = _span(clause, word, terms)
    if clause.negated and not terms:
        return
    if not known:
        if not _only_mentions(clause):
            yield talk.finding(
                "guarantee", start, end, "О гарантии в сведениях о продавце ничего нет."
            )
        return
    season = _SEASON.search(clause.text)
    if season and not any(season.group() in one.reading.text for one in known):
        yield talk.finding(
            "guarantee",
            start,
            max(end, clause.start + season.end()),
            "Срок гарантии не тот, что в сведениях о продавце.",
        )
        return
    if any(one.unit == PCT for one in clause.amounts) and not terms:
        yield talk.finding("guarantee", start, end, "Такой гарантии нет в сведениях о продавце.")
        return
    for term in terms:
        if _is_clients(talk, clause, term) or _is_within(talk, clause, term, known):
            continue
        if not any(_agrees(talk, clause, term, one) for one in _parts(known)):
            yield talk.finding(
                "guarantee",
                min(start, term.start),
                max(end, term.end),
                "Срок гарантии не тот, что в сведениях о продавце.",
            )
            return
    if _is_excluded(talk, known):
        yield talk.finding("guarantee", start, end, "На это гарантии по сведениям о продавце нет.")
        return
    if not terms and _all_denied(talk, clause, known):
        yield talk.finding("guarantee", start, end, "На это гарантии по сведениям о продавце нет.")


def _is_within(talk: Talk, clause: Clause, term: Amount, known: list[Statement]) -> bool:
    """«полгода – это в пределах годовой гарантии»: the client's term beside the known one."""
    if not any(one.lo == term.lo for one in talk.client.amounts):
        return False
    if _WITHIN.search(clause.text) and not _COVERS_NOT.search(clause.text):
        longest = max((one.lo for one in _amounts_of(known)), default=0.0)
        return term.lo <= longest
    return any(
        other.lo > term.lo and _agrees(talk, clause, other, part)
        for other in _terms(clause)
        for part in _parts(known)
    )


_WITHIN = re.compile(
    r"\b(?:уклад\w+|укладыва\w+|в предел\w+|попада\w+|покрыва\w+|меньше|еще (?:на|в|по) гарант\w+|еще действу\w+)\b"
)
_COVERS_NOT = re.compile(r"\bне (?:уклад|попада|покрыва)")


def _amounts_of(known: list[Statement]) -> list[Amount]:
    return [one for part in _parts(known) for one in part.reading.amounts if one.unit == TIME]


def _is_clients(talk: Talk, clause: Clause, term: Amount) -> bool:
    """«Пять лет, возможно, о самом кондиционере»: the client's own term, in doubt."""
    return any(one.hedged for one in talk.reply.sentence_of(clause)) and any(
        one.unit == TIME and one.lo == term.lo for one in talk.client.amounts
    )


def _span(clause: Clause, word: re.Match[str] | None, terms: list[Amount]) -> tuple[int, int]:
    if word is None and not terms:
        return clause.start, clause.end
    start = clause.start + word.start() if word else terms[0].start
    end = clause.start + word.end() if word else terms[-1].end
    for term in terms:
        start, end = min(start, term.start), max(end, term.end)
    return start, end


def _only_mentions(clause: Clause) -> bool:
    """«по гарантии – к менеджеру», «про гарантию …»: the word, without giving one."""
    return bool(
        re.search(
            r"\b(?:про|о|об|насчет|вопрос\w*)\s+гарант|гарантийн\w+ (?:случа|вопрос|талон)",
            clause.text,
        )
    )


def _parts(known: list[Statement]) -> list[Statement]:
    """Each part of the guarantee as a statement of its own: «6 месяцев на туман», «на гель гарантии нет»."""
    parts: list[Statement] = []
    for one in known:
        parts += [
            Statement(text.strip(), one.topics, one.head)
            for text in re.split(r"[,;]", one.text)
            if text.strip()
        ]
    return parts


def _agrees(talk: Talk, clause: Clause, term: Amount, part: Statement) -> bool:
    """Whether a part of the known guarantee has this term, and is not for another thing than the reply names."""
    if not any(
        abs(term.lo - other.lo) <= 0.03 * other.lo and abs(term.hi - other.hi) <= 0.03 * other.hi
        for other in part.reading.amounts
        if other.unit == TIME
    ):
        return False
    if _WAIVES.search(clause.text) and _has_condition(talk, part):
        return False
    if re.search(
        r"\bна вс[её]\b|\bна любы|\bтоже\b|\bтакже\b|\bвключая\b", clause.text
    ) and _scoped(talk):
        return not _strange_scope(talk, clause, part)
    return not _other_scope(talk, clause, part, term)


_WAIVES = re.compile(
    r"\b(?:при|в|у|с|от|для|после) (?:любо\w+|каком угодно|всех)\b|\b(?:независимо|где угодно|даже если|даже при|не ?важно|без разницы|в любом случае)\b"
)


def _has_condition(talk: Talk, part: Statement) -> bool:
    """Whether this term holds in one case, and another term in another: «30 дней при установке у нас, 14 без»."""
    terms = {
        one.lo
        for other in _parts(talk.known.guarantee)
        for one in other.reading.amounts
        if one.unit == TIME
    }
    return len(terms) > 1 and bool(re.search(r"\b(?:при|без|если|с|от)\b", part.reading.text))


def _scoped(talk: Talk) -> bool:
    return any(content(one.stems) - _GENERAL for one in _parts(talk.known.guarantee))


_GENERAL = stems(
    "гарантия гарантии договор договору бесплатно бесплатная повторная обработка доработка год месяц дней возврат работа работы услуги чек акт него нее них нему ней ним это этом"
)


_ON = re.compile(r"\bна ([а-я]{4,})")


def _scope(clause: Clause) -> frozenset[str]:
    return content(clause.stems) - _GENERAL


def _strange_scope(talk: Talk, clause: Clause, part: Statement) -> bool:
    scope = _scope(clause)
    if re.search(r"\bна вс[её]\b|\bна любы", clause.text):
        return True
    named = _ON.search(clause.text)
    if named and _ON.search(part.reading.text) and stem(named[1]) not in part.stems:
        return True
    return bool(scope) and not scope <= part.stems


def _scope_before(talk: Talk, clause: Clause) -> frozenset[str]:
    """«на тараканов, как и на клопов, один год»: what earlier clauses without a term name."""
    if _scope(clause):
        return frozenset()
    found: set[str] = set()
    for one in talk.reply.sentence_of(clause):
        if one.first < clause.first:
            found = set() if _terms(one) else found | _scope(one)
    return frozenset(found)


def _is_for_another(talk: Talk, thing: str, term: Amount, ours: frozenset[str]) -> bool:
    """Whether a thing has a guarantee of its own with another term."""
    theirs = [one for one in _parts(talk.known.guarantee) if thing in one.stems]
    return thing not in ours and any(
        other.unit == TIME and other.lo != term.lo
        for one in theirs
        for other in one.reading.amounts
    )


def _other_scope(talk: Talk, clause: Clause, part: Statement, term: Amount) -> bool:
    """Whether the words name what another part of the guarantee is for."""
    scope = _scope(clause)
    if not scope:
        scope = (
            content(talk.asked.stems) - _GENERAL
            if len(_terms(clause)) == 1 and not _has_scope(talk, clause)
            else frozenset()
        )
    ours = content(part.stems) - _GENERAL
    if any(_is_for_another(talk, thing, term, ours) for thing in _scope_before(talk, clause)):
        return True
    if scope & ours:
        return False
    for other in _parts(talk.known.guarantee):
        theirs = content(other.stems) - _GENERAL - ours
        if scope & theirs:
            return True
    return False


def _has_scope(talk: Talk, clause: Clause) -> bool:
    sentence = talk.reply.sentence_of(clause)
    return any(_scope(one) & talk.known.stems for one in sentence)


def _all_denied(talk: Talk, clause: Clause, known: list[Statement]) -> bool:
    earlier = [one for one in talk.reply.sentence_of(clause) if one.first < clause.first]
    told = content(frozenset().union(*(one.stems for one in earlier))) - _GENERAL
    scope = _scope(clause) or (told & talk.known.stems) or content(talk.asked.stems) - _GENERAL
    for part in _parts(known):
        if _NONE_KNOWN.search(part.reading.text) and scope & (content(part.stems) - _GENERAL):
            return not clause.negated
    return False


def _is_excluded(talk: Talk, known: list[Statement]) -> bool:
    """«восстановим с гарантией 30 дней» to a client whose telephone drowned, where «после воды гарантии нет»."""
    told = talk.asked.words | talk.reply.words
    for part in [*_parts(known), *talk.known.statements]:
        case = re.search(r"\bпосле ([а-я]{3,})\b", part.reading.text)
        if case and _NONE_KNOWN.search(part.reading.text) and akin(case[1], told, closely=True):
            return True
    return False


def _denied(talk: Talk, clause: Clause, known: list[Statement]) -> Iterator[Finding]:
    """«гарантии нет», where there is one for just this."""
    parts = [
        one for one in _parts(known) if any(amount.unit == TIME for amount in one.reading.amounts)
    ]
    if not parts or any(_NONE_KNOWN.search(one.reading.text) for one in known):
        return
    if not _scope(clause) - talk.known.stems and not any(
        _terms(one) for one in talk.reply.sentence_of(clause)
    ):
        yield talk.finding(
            "guarantee", clause.start, clause.end, "По сведениям о продавце гарантия есть."
        )
