"""What is in stock, what fits, where the seller goes and what it takes on: said in a reply, and known from the facts?

One module, because these claims share their words (есть, берём, привезём) and are asked in one order, the surest first.
"""

import re
from collections.abc import Iterator, Sequence
from math import ceil

from bot.assistant.guard.amounts import BARE, CLOCK, DATE, PCT, RUB, TIME, YEARS, Amount
from bot.assistant.guard.common_words import EMPTY
from bot.assistant.guard.denials import affirms
from bot.assistant.guard.everyday import is_everyday
from bot.assistant.guard.hours import days_in
from bot.assistant.guard.kin import akin, part
from bot.assistant.guard.knowledge import Statement
from bot.assistant.guard.plain_words import COURSE, TALK, TIME_AND_MEASURE
from bot.assistant.guard.rates import codes_in, content
from bot.assistant.guard.reading import Clause
from bot.assistant.guard.small_talk import SMALL_TALK
from bot.assistant.guard.stems import stem, stems
from bot.assistant.guard.sums import is_money, near
from bot.assistant.guard.talk import Finding, Kind, Talk
from bot.assistant.postal_words import CITIES

_IN_STOCK = re.compile(
    r"\b(?:в наличии|наличи\w+|остал[аои]?с[ьяи]\w*|остались|осталось|(?<!то )есть|имеется|имеются|свобод(?:ен|на|ны|но|ное|ный|ная|ные)|найдется|найдутся|на складе|под заказ|доступн\w+|актуальн\w+|in stock|available)\b"
)
_FITS = re.compile(
    r"\b(?:подойд(?:ет|ут)|подход(?:ит|ят)|совместим\w*|встанет|влез(?:ет|ут)|войд(?:ет|ут)|поместится|уместится|годится|универсальн\w+)\b"
)
_DOES = re.compile(
    r"\b(?:дела(?:ем|ю|ет)|сдела(?:ем|ю)|бер(?:ем|емся|у|усь)|возьм(?:ем|емся|у|усь)|ремонтиру\w+|чин(?:им|ю)|обрабатыва\w+|обработа(?:ем|ю)|устанавлива\w+|установ(?:им|лю)|"
    r"обслужива\w+|занима(?:емся|юсь)|выполня\w+|убира(?:ем|ю)|мо(?:ем|ю)\b|трав(?:им|лю)|перевоз(?:им|ю|ит)|перевезем|оформ(?:им|ляем|лю)|изготавлива\w+|изготов(?:им|лю)|пече(?:м|т)|испечем|"
    r"снима(?:ем|ю)|собира(?:ем|ю)|соберем|монтиру\w+|прода(?:ем|ю)|принима(?:ем|ю)|привез(?:ем|у)|вывез(?:ем|у)|вывозим|возим|шь(?:ем|ю)|сда(?:ем|ю)|справимся|можем|уме(?:ем|ю)|работаем (?:с|по|и|на)|работаю (?:с|по)|"
    r"печата(?:ем|ю)|напечата(?:ем|ю)|готов(?:им|лю)|преподаю|учу|стриж(?:ем|ет|гу)|крас(?:им|ит)|лечим|лечит|чист(?:им|ит)|почист(?:им|ит)|постав(?:им|ит)|настро(?:им|ит)|подключ(?:им|ит|аем)|ставим)\b"
)
_GOES = re.compile(
    r"\b(?:достав\w+|приед\w+|приезжа\w+|подъед\w+|выезжа\w+|выед\w+|выезд\w*|ед(?:ем|ет|у)|поед\w+|приехать|подъехать|выехать|завез\w+|завоз\w+|езд(?:им|ит|жу)|отправ(?:им|лю|ляем|ить|ит|ка|ку|ляю)\w*|отвез\w+|довез\w+|привоз\w+|привез\w+|курьер\w*|сдэк\w*|cdek|пэк\w*|почт(?:ой|а|ы|у)|"
    r"боксберри|транспортн\w+|деловы\w+ линии|самовывоз\w*|подня\w+|подним\w+|занес\w+|на дом|возим|вози(?:м|т)|подгон\w+|по всей|delivery|deliver|ship\w*)\b"
)
_SENDS = re.compile(
    r"\b(?:отправ\w+|сдэк\w*|cdek|пэк\w*|почт(?:ой|а|ы|у)|боксберри|курьер\w*|транспортн\w+|деловы\w+|доставк\w+|доставл\w+|доставим|ship\w*|deliver\w*)\b"
)
_EMPTIES = stems("""
актуально актуален актуальна продаете продается дата даты число числа вопрос вопросы возможность смысл опыт промежуток чек договор документ документы оплата карта отзыв отзывы время минутка минута идея вариант варианты
проблема проблемы цена скидка скидки гарантия гарантии доставка выезд запись место информация данные сведения номер телефон заявка что-нибудь кто-то связь акция нужда необходимость
желание пожелания ограничения правило условие условия разница причина способ человек люди помощник чат
""")
_ABSTRACT = stems(f"{TALK} {COURSE} {TIME_AND_MEASURE}") - stems("окно окошко слот место запись")
_MORE = re.compile(
    r"\b(?:еще один|еще одна|второй такой|вторая такая|второе такое|такой же|такая же|такие же|много|сколько угодно|любо[ейм]\w*|любы\w*|все свободн\w+|полно|хоть отбавляй|большой выбор|весь ассортимент|сколько нужно|неограничен\w*|не ограничен\w*|без ограничени\w+)\b"
)
_ALSO = re.compile(
    r"\b(?:тоже|также|и|любы\w*|любо\w+|вс[её]|все|всех|всей|всю|куда|конечно|да|без проблем|легко|не важ\w+|неважно)\b"
)
_TOWNS = frozenset(stem(town) for town in CITIES)


def offers(talk: Talk) -> Iterator[Finding]:
    """Stock and delivery promises that the facts do not bear."""
    for clause in talk.reply.clauses:
        if not (clause.asserted or clause.asked) or _is_question(talk, clause):
            continue
        if (finding := _condition(talk, clause)) is not None:
            yield finding
            continue
        if clause.negated and not (_MORE.search(clause.text) or _LIFTED.search(clause.text)):
            continue
        finding = (
            _against(talk, clause)
            or _lifted(talk, clause)
            or _delivery(talk, clause)
            or _stock(talk, clause)
            or _limits(talk, clause)
        )
        if finding:
            yield finding
    yield from _counts(talk)
    yield from _designations(talk)


def _against(talk: Talk, clause: Clause) -> Finding | None:
    """The opposite of what the facts say: «люлька в комплекте», where there is none."""
    first = talk.reply.sentence_of(clause)[0]
    for denial in talk.denials:
        if affirms(clause, first, denial):
            kind: Kind = "delivery" if "delivery" in denial.statement.topics else "stock"
            return talk.finding(
                kind,
                clause.start,
                clause.end,
                f"В сведениях о продавце: «{denial.statement.text}».",
            )
    return None


_LIFTED = re.compile(
    r"\b(?:не (?:важ\w+|имеет значения|имеют значения|ограничен\w*|обязател\w+|смотрим|проверяем)|без ограничени\w*|без разницы|неважн\w+|неограничен\w*)\b"
)


def _lifted(talk: Talk, clause: Clause) -> Finding | None:
    """«стаж не важен», «пробег не ограничен», where the facts name a limit."""
    if not _LIFTED.search(clause.text):
        return None
    words = content(clause.stems)
    for one in talk.known.statements:
        if (
            words & one.stems
            and any(amount.unit not in (RUB, PCT) for amount in one.reading.amounts)
            and not re.search(r"\bлюб", one.reading.text)
        ):
            return talk.finding(
                "delivery", clause.start, clause.end, f"В сведениях о продавце: «{one.text}»."
            )
    return None


def _is_question(talk: Talk, clause: Clause) -> bool:
    sentence = talk.reply.sentence_of(clause)
    if re.search(r"\bли\b", clause.text):
        return True
    return clause.asked and (
        len(sentence) == 1
        or not re.search(r"\bесть\b|\bсвобод", clause.text)
        or sentence[0] is clause
    )


def _objects(talk: Talk, clause: Clause, verb: re.Match[str]) -> frozenset[str]:
    """What a clause is about, without its verb and without words of every day."""
    inside = {stem(word) for word in re.findall(r"[^\W\d_]+", verb.group())}
    inside |= {stem(word) for word in clause.words if part(word) not in ("thing", "quality")}
    inside |= {
        stem(talk.reply.tokens[place].text)
        for one in clause.amounts
        for place in range(one.first, one.last + 1)
    }
    return frozenset(
        one
        for one in content(clause.stems)
        if one not in inside
        and one not in _EMPTIES
        and one not in SMALL_TALK
        and one not in _TIME_WORDS
    )


def _known(talk: Talk, one: str) -> bool:
    return one in talk.known.stems or any(
        other.startswith(one[:4]) for other in talk.known.stems if len(one) >= 5 and len(other) >= 4
    )


def _unknown(talk: Talk, objects: frozenset[str]) -> frozenset[str]:
    return frozenset(one for one in objects if not _known(talk, one))


def _denied(talk: Talk, objects: frozenset[str]) -> bool:
    """Whether the facts say of these things that they are not there: «бежевых нет», «грунта нет до 5 мая»."""
    for statement in talk.known.statements:
        for piece_text in re.split(r"[,;]", statement.text):
            piece = Statement(piece_text, statement.topics)
            if objects & piece.stems and re.search(
                r"\bнет\b|\bне\b|\bзанят[аоы]?\b|\bбез\b|отсутств|продан", piece.reading.text
            ):
                return not any(
                    objects & Statement(other, statement.topics).stems
                    for other in re.split(r"[,;]", statement.text)
                    if other != piece_text
                )
    return False


def _stock(talk: Talk, clause: Clause) -> Finding | None:
    fits, there = _FITS.search(clause.text), _IN_STOCK.search(clause.text)
    if fits and not re.search(r"\b(?:сумм|цен|стоимост|оплат)\w+", clause.text):
        return _fit(talk, clause, fits)
    if there is None or any(one.unit == PCT for one in clause.amounts):
        return None
    if there.group() == "на складе" and any(
        part(word) in ("advice", "deed") for word in clause.words
    ):
        return None  # a place where something is done
    objects = _objects(talk, clause, there)
    if not objects and content(clause.stems) & _EMPTIES:
        return None
    reason = "О наличии этого в сведениях о продавце ничего нет."
    strong = not there.group().startswith(("есть", "имеет", "доступ", "актуал"))
    if _MORE.search(clause.text) and not _MORE.search(talk.known.text):
        return talk.finding("stock", clause.start, clause.end, reason)
    sizes = [
        one
        for one in clause.amounts
        if one.unit in ("m", "m3", "kg", "ton", "size", "piece")
        or (one.unit == BARE and one.noun and one.lo > 1 and not is_money(one, talk.reply))
    ]
    if any(not (_counted_right(talk, one) or _is_gap(talk, one)) for one in sizes):
        return talk.finding(
            "stock", clause.start, clause.end, "Такого числа в сведениях о продавце нет."
        )
    if not objects:
        asked = frozenset() if _names_time(clause) else _asked_things(talk)
        stocked = talk.known.about("stock")
        if strong and not _dates_free(talk, clause):
            return talk.finding("stock", clause.start, clause.end, reason)
        if any(
            one.unit in (BARE, "piece") and not _counted_right(talk, one) for one in clause.amounts
        ) and not any(is_money(one, talk.reply) for one in clause.amounts):
            return talk.finding(
                "stock", clause.start, clause.end, "Такого количества нет в сведениях о продавце."
            )
        if strong and not stocked:
            return talk.finding("stock", clause.start, clause.end, reason)
        if asked and (
            _denied(talk, asked) or (not asked & talk.known.stems and _affirms(talk, clause))
        ):
            return talk.finding("stock", clause.start, clause.end, reason)
        return None
    unknown = _unknown(talk, objects) - _ABSTRACT
    if unknown and (strong or _named_by_client(talk, unknown) or unknown == objects):
        return talk.finding("stock", clause.start, clause.end, reason)
    if _denied(talk, objects) or _on_order(talk, clause, objects):
        return talk.finding("stock", clause.start, clause.end, "По сведениям о продавце этого нет.")
    if (
        strong
        and not talk.known.about("stock")
        and not any(
            objects & one.stems for one in talk.known.statements if "title" not in one.topics
        )
    ):
        return talk.finding("stock", clause.start, clause.end, reason)
    return None


def _on_order(talk: Talk, clause: Clause, objects: frozenset[str]) -> bool:
    """«в наличии» of what is «под заказ»."""
    if not re.search(r"в наличии|на складе|есть", clause.text) or "под заказ" in clause.text:
        return False
    parts = [
        Statement(part, one.topics)
        for one in talk.known.statements
        for part in re.split(r"[,;]", one.text)
    ]
    about = [
        one
        for one in parts
        if objects & one.stems
        and re.search(r"под заказ|в наличии|остал|\bесть\b", one.reading.text)
    ]
    return bool(about) and all("под заказ" in one.reading.text for one in about)


def _names_time(clause: Clause) -> bool:
    """«есть среда и пятница»: times are judged elsewhere."""
    return any(one.unit in (CLOCK, DATE) for one in clause.amounts) or bool(
        clause.stems & _TIME_WORDS
    )


def _dates_free(talk: Talk, clause: Clause) -> bool:
    """Whether the days that the client asks for are among those that the facts call free."""
    named = [one for one in clause.amounts if one.unit == DATE]
    asked = named or [one for one in talk.asked.amounts if one.unit == DATE]
    known = [amount for amount, _ in talk.known.amounts(DATE)]
    return (
        not asked
        or not known
        or all(any(other.lo <= one.lo and one.hi <= other.hi for other in known) for one in asked)
    )


def _affirms(talk: Talk, clause: Clause) -> bool:
    return bool(re.match(r"(?:да|конечно|есть|имеется)\b", clause.text)) or clause.text.startswith(
        "есть"
    )


def _asked_things(talk: Talk) -> frozenset[str]:
    return frozenset(
        one for one in content(talk.asked.stems) if one not in _EMPTIES and one not in SMALL_TALK
    )


def _named_by_client(talk: Talk, stems: frozenset[str]) -> bool:
    return bool(stems & talk.client.stems)


_COLOURS = stems(
    "белый черный серый синий красный зеленый желтый коричневый бежевый розовый голубой оранжевый фиолетовый серебристый золотой золотистый графитовый бордовый кремовый бирюзовый салатовый"
)
_FLAWLESS = re.compile(
    r"\b(?:идеальн\w+|как нов\w+|без (?:единой )?(?:\w+ )?(?:повреждени\w+|царапин\w*|дефект\w*|вмятин\w*|скол\w*|нарекани\w+|износ\w*|изъян\w*|потертост\w+|ремонт\w*|пробег\w*)|ни (?:одной )?(?:царапин\w+|скол\w+|вмятин\w+|пятн\w+)|"
    r"не бит\w+|небит\w+|безупречн\w+|абсолютно нов\w+|полностью (?:целый|целая|исправ\w+)|муха не сидела|(?:совершенно|абсолютно|полностью|практически) нов\w+|в пленк\w+|запечатан\w*|не вскр\w+|нераспакован\w*|не распаков\w+|не пользовались|ни разу не \w+)\b"
)


_NEW = re.compile(
    r"^(?:да |он[ао]? |это )?(?:вполне )?нов(?:ая|ый|ое|ые)\b(?!\s(?:клиент|год|врем|номер|адрес|заказ))"
)


def _condition(talk: Talk, clause: Clause) -> Finding | None:
    """Colour and condition: «белый, без царапин», where the facts say otherwise or nothing."""
    flawless = _FLAWLESS.search(clause.text)
    if flawless and flawless.group()[:9] not in talk.known.text:
        return talk.finding(
            "stock",
            clause.start,
            clause.end,
            "О таком состоянии в сведениях о продавце ничего нет.",
        )
    if clause.negated:
        return None
    if _WHOLE.search(clause.text) and (damage := _damaged(talk, clause)):
        return talk.finding(
            "stock", clause.start, clause.end, f"В сведениях о продавце: «{damage.text}»."
        )
    if whose := _whose(talk, clause):
        return talk.finding(
            "stock", clause.start, clause.end, f"В сведениях о продавце: «{whose.text}»."
        )
    if _NEW.match(clause.text) and not re.search(r"\bнов(?:ый|ая|ое|ые)\b", talk.known.text):
        return talk.finding(
            "stock",
            clause.start,
            clause.end,
            "О таком состоянии в сведениях о продавце ничего нет.",
        )
    colours = clause.stems & _COLOURS
    if colours - talk.known.stems and (
        talk.known.stems & _COLOURS or "цвет" in talk.asked.text or colours & talk.asked.stems
    ):
        return talk.finding(
            "stock", clause.start, clause.end, "Такого цвета в сведениях о продавце нет."
        )
    return None


_WHOLE = re.compile(r"\b(?:цел(?:ый|ая|ое|ые|ы|а|о)|невредим\w*|исправн\w+|неповрежд\w+)\b")
_DAMAGE = re.compile(
    r"слома|обломан|трещин|тресну|вмятин|царапин|повреж|разбит|порван|потерт|\bскол|неисправ|не работает|отсутств"
)


_WHOSE = re.compile(r"\b(наш|ваш|сво)(?:и|а|е|у|ими)?\b$|\bза (наш|ваш) счет\b")


_OURS = re.compile(r"\b(?:у нас|мы|\w{3,}(?:ем|им))\b")


def _whose(talk: Talk, clause: Clause) -> Statement | None:
    """«средства нужны ваши», where the facts say that they are the seller's."""
    said = _WHOSE.search(clause.text)
    if not said or clause.negated:
        return None
    things = [word for word in clause.words if part(word) == "thing" and word != "счет"]
    for one in talk.known.statements:
        known = _WHOSE.search(one.reading.text)
        if known and any(akin(word, one.reading.words, closely=True) for word in things):
            whose = said[1] or said[2]
            if whose == "сво":
                whose = "наш" if _OURS.search(clause.text) else "ваш"
            if whose != (known[1] or known[2]).replace("сво", "наш"):
                return one
    return None


def _damaged(talk: Talk, clause: Clause) -> Statement | None:
    """«все уши целые», where the facts say that one is broken."""
    things = [word for word in clause.words if part(word) == "thing"]
    for one in talk.known.statements:
        if _DAMAGE.search(one.reading.text) and any(
            akin(word, one.reading.words) for word in things
        ):
            return one
    return None


def _fit(talk: Talk, clause: Clause, fits: re.Match[str]) -> Finding | None:
    """«подойдёт на 2016 год»: what the client asks about must be in the facts."""
    numbers = {
        value
        for one in clause.amounts
        for value in (one.lo, one.hi)
        if one.unit in (BARE, YEARS, "m", "size", "kg", "label")
    }
    asked = {
        value
        for one in talk.asked.amounts
        for value in (one.lo, one.hi)
        if one.unit in (BARE, YEARS, "m", "size", "kg", "label")
    }
    objects = _objects(talk, clause, fits)
    wanted = numbers or asked
    if not objects and not numbers and not (_FITS.search(talk.asked.text) or asked):
        return None
    time = any(one.unit in (CLOCK, DATE) for one in clause.amounts) or re.search(
        r"\b(?:время|день|вариант|завтра|утром|вечером|окно)\b", clause.text
    )
    if (time and not numbers) or (days_in(clause.text) and not objects):
        return None
    if wanted and _holds_within(talk, wanted):
        return None
    if wanted and not (_in_ranges(talk, wanted) or _holds_within(talk, wanted)):
        return talk.finding(
            "stock",
            clause.start,
            clause.end,
            "Что это подойдёт, в сведениях о продавце не сказано.",
        )
    if _unknown(talk, objects) - _ABSTRACT or (
        not objects and _asked_things(talk) and not (_asked_things(talk) & talk.known.stems)
    ):
        return talk.finding(
            "stock",
            clause.start,
            clause.end,
            "Что это подойдёт, в сведениях о продавце не сказано.",
        )
    return None


def _in_ranges(talk: Talk, values: set[float]) -> bool:
    ranges = [
        amount
        for one in talk.known.statements
        for amount in one.reading.amounts
        if amount.unit in (BARE, YEARS, "m", "size", "kg", "label")
    ]
    return all(
        value in talk.known.numbers or any(one.lo <= value <= one.hi for one in ranges)
        for value in values
    )


def _holds_within(talk: Talk, values: set[float]) -> bool:
    """«шкаф 2,8 войдёт» into a van of three metres."""
    rooms = [
        amount.hi
        for one in talk.known.statements
        for amount in one.reading.amounts
        if amount.unit in ("m", "ton", "kg", "m3")
    ]
    return bool(rooms) and all(value < 50 and value <= max(rooms) for value in values)


def _counted_right(talk: Talk, one: Amount) -> bool:
    known = {
        value
        for statement in talk.known.statements
        if not statement.topics & {"address", "phone", "hours", "guarantee"}
        for amount in statement.reading.amounts
        if amount.unit == one.unit or {amount.unit, one.unit} <= {BARE, "piece", "person"}
        for value in (amount.lo, amount.hi)
    }
    return {one.lo, one.hi} <= known


def _counts(talk: Talk) -> Iterator[Finding]:
    """A quantity that the facts give otherwise: «аккумулятор 94 %», «50 снимков»."""
    for one in talk.reply.amounts:
        if one.unit in (RUB, TIME, CLOCK, DATE, "rooms", "label", "floor") or is_money(
            one, talk.reply
        ):
            continue
        if one.unit in (BARE, "times") and one.lo == one.hi == 1:
            continue  # «в одной беседке» counts nothing
        clause = talk.reply.clause_at(one.start)
        if clause.negated or not clause.asserted or _is_known_number(talk, one):
            continue
        if _rivals(talk, one, clause) or _unheard(talk, one):
            yield talk.finding(
                "stock", clause.start, clause.end, "Такого числа в сведениях о продавце нет."
            )


def _designations(talk: Talk) -> Iterator[Finding]:
    """«М350 есть», where the facts name М200 and М300."""
    known = codes_in(talk.known.text)
    letters = {one[0] for one in known}
    for clause in talk.reply.clauses:
        new = {one for one in codes_in(clause.text) - known if one[0] in letters}
        if new and clause.asserted and not clause.negated:
            yield talk.finding(
                "stock", clause.start, clause.end, "Такого обозначения в сведениях о продавце нет."
            )


def _is_known_number(talk: Talk, one: Amount) -> bool:
    """Whether the facts or the client name a number, or it follows from two of theirs: 2 × 3, 40 - 30."""
    heard = talk.known.numbers | talk.client_numbers
    if one.lo in heard and one.hi in heard:
        return True
    named = [value for value in talk.client_numbers if value < 1000]
    known = [
        amount.lo
        for statement in talk.known.statements
        for amount in statement.reading.amounts
        if amount.unit == one.unit
    ]
    if any(
        abs(whole.lo / part.lo - one.lo) < 0.01
        for whole in talk.reply.amounts
        if whole.end <= one.start and whole.unit in ("kg", "m", "m3", "ton")
        for part, _ in talk.known.amounts(whole.unit)
        if part.lo
    ):
        return True  # «180 кг, это шесть мешков» of thirty
    if _trips(talk, one) or _is_gap(talk, one) or _monthly(talk, one):
        return True
    if any(near(one.lo * 1000, rate.lo) for rate in talk.known.rates) and not one.noun:
        return True  # «туман – три с половиной»
    times = {
        two.lo / 60 if two.unit == TIME else two.lo for two in talk.reply.amounts if two is not one
    }
    counted = talk.known.numbers if one.unit == BARE else known
    if any(abs(a * b - one.lo) < 0.01 for a in times if 1 < a < 50 for b in counted):
        return True  # «40 кадров в час, за два часа 80»
    return any(
        abs(result - one.lo) < 0.01
        for a in named
        for b in (*named, *known)
        for result in (a * b, a - b, a + b, abs(a - b) * 100)
    )


def _is_gap(talk: Talk, one: Amount) -> bool:
    """«до 130 осталось два сантиметра», to a client who named 128."""
    return one.unit in ("m", "size", "kg", "m3", "sot", "km") and any(
        abs(abs(a - b) - one.lo) < 0.01
        for a in talk.client_numbers
        if one.lo < a < 1000
        for b in talk.known.numbers
        if b
    )


def _monthly(talk: Talk, one: Amount) -> bool:
    """«два раза в неделю, это восемь в месяц»."""
    if not (re.search(r"недел", talk.reply.text) and re.search(r"месяц", talk.reply.text)):
        return False
    weekly = {two.lo for two in (*talk.client.amounts, *talk.reply.amounts) if 0 < two.lo < 15}
    return any(abs(one.lo - 4 * two) < 2 for two in weekly) and one.lo >= 4


def _trips(talk: Talk, one: Amount) -> bool:
    """«12 кубов, машина берёт до восьми: два рейса»."""
    return any(
        one.lo == ceil(load.hi / most.hi)
        for load in (*talk.client.amounts, *talk.reply.amounts)
        if load.unit in ("kg", "m3", "ton", "person") and load is not one
        for most, _ in talk.known.amounts(load.unit)
        if most.hi
    )


def _is_general(one: Amount) -> bool:
    """«спуск двух предметов»: a few of nothing that could be counted again."""
    return one.hi <= 5 and bool(one.noun) and is_everyday(one.noun)


def _unheard(talk: Talk, one: Amount) -> bool:
    """A size, weight or count that nobody named: closed, as far as it is said of the goods and not in passing."""
    if one.unit in ("m", "m3", "kg", "km", "sot", "ton", "size", "times"):
        return True
    if one.unit != BARE or one.lo < 2 or stem(one.noun) in SMALL_TALK or _is_general(one):
        return False
    return bool(one.noun and _COUNTABLE.search(one.noun)) or (
        not one.noun and "сколько" in talk.asked.words
    )


_COUNTABLE = re.compile(r"^[а-я]{3,}(?:ов|ев|ей|ек|ок|а|и|ы|я)$")


def _rivals(talk: Talk, one: Amount, clause: Clause) -> bool:
    """Whether the facts count the same thing, and count it differently."""
    words = content(clause.stems)
    for statement in talk.known.statements:
        if statement.topics & {"address", "phone", "hours"}:
            continue
        if one.unit == PCT and "discount" in statement.topics:
            continue
        for other in statement.reading.amounts:
            if other.unit != one.unit or (other.unit == BARE and not one.noun):
                continue
            same_noun = one.unit == BARE and (
                stem(one.noun)[:4] == stem(other.noun)[:4] != ""
                or bool(other.noun and words & content(statement.stems))
            )
            if same_noun or (one.unit in (PCT, "size", YEARS) and words & content(statement.stems)):
                if one.unit == PCT and re.search(r"скид|дешевле|предоплат", clause.text):
                    return False
                return not other.lo <= one.lo <= other.hi
    return False


_TIME_WORDS = stems("""
понедельник вторник среда среду четверг пятница суббота воскресенье январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
утро вечер обед ночь полночь полдень неделя месяц год день сегодня завтра послезавтра час минута выходные будни течение срок
""")


def _delivery(talk: Talk, clause: Clause) -> Finding | None:
    if _CLIENT_DOES.search(clause.text):
        return None
    goes = _GOES.search(clause.text) or (
        _GOES.search(talk.asked.text)
        and re.search(r"\b(?:да|тоже|также|бесплатно|конечно|\d+)\b", clause.text)
    )
    if not goes:
        return None
    known = [
        one
        for one in talk.known.statements
        if "delivery" in one.topics or _GOES.search(one.reading.text)
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
    return bool(_CARRIES.search(clause.text) and _ONLY_PICKUP.search(talk.known.text))


_CLIENT_DOES = re.compile(
    r"\b(?:оплачиваете|платите|заберете|забираете|за ваш счет|вы сами|по тариф\w+|сами (?:оплач|забер)\w+)\b"
)


def _refused_there(talk: Talk, clause: Clause) -> bool:
    """«Клин дальше 20 км, туда не выезжаем»."""
    return any(
        one.negated and (_GOES.search(one.text) or "туда" in one.words)
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
        if one in _TIME_WORDS:
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
        if not _known(talk, one) and not _is_region(talk, one):
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


def _is_bought(talk: Talk, one: Amount) -> bool:
    """«два часа – 4000», and not «2000 в час» or «минимум три часа»."""
    return (
        _before(talk, one) in ("", ",", ".", "за", "-")
        and one.lo < 1440
        and talk.reply.tokens[one.first].text != "час"
    )


def _limits(talk: Talk, clause: Clause) -> Finding | None:
    """«от 2 кг», «минимум 5 м³», «стаж от 2 лет»: the reply agrees to less (or more)."""
    priced = any(is_money(one, talk.reply) for one in clause.amounts)
    if not (
        priced
        or _DOES.search(clause.text)
        or _GOES.search(clause.text)
        or re.search(
            r"\b(?:без проблем|можно|тоже|не важ\w+|неважно|не имеет значения)\b", clause.text
        )
    ):
        return None
    named = [
        one
        for one in clause.amounts
        if one.unit in ("kg", "m3", "m", "sot", "floor", "ton", "km", "person")
        or (one.unit == TIME and _before(talk, one) in ("на", "и"))
        or (one.unit == TIME and priced and _is_bought(talk, one))
    ] or _single_units(talk, clause)
    if (
        not named
        and re.search(r"\b(?:тоже|да|можно|конечно|без проблем)\b", clause.text)
        and not clause.negated
    ):
        named = [
            one
            for one in talk.asked.amounts
            if one.unit == "person" or (one.unit == TIME and one.lo >= 360 * 1440)
        ]
    for unit, lo, hi in _bounds(talk):
        for one in named:
            if _named_size(talk, one):
                continue
            ages = unit == TIME and lo >= 360 * 1440
            if (
                one.unit == unit
                and ages == (one.unit == TIME and one.lo >= 360 * 1440)
                and not lo <= one.lo <= hi
                and not any(
                    is_money(two, talk.reply)
                    for two in clause.amounts
                    if two.unit == RUB and unit == "km"
                )
            ):
                return talk.finding(
                    "delivery",
                    clause.start,
                    clause.end,
                    "Это за пределами того, что указал продавец.",
                )
    return None


def _named_size(talk: Talk, one: Amount) -> bool:
    """Whether the facts name this very size: «от 10 кубов дешевле», beside «машина берёт до 8»."""
    return one.unit != TIME and any(
        one.lo in (other.lo, other.hi) for other, _ in talk.known.amounts(one.unit)
    )


def _before(talk: Talk, one: Amount) -> str:
    return talk.reply.tokens[one.first - 1].text if one.first else ""


_SINGLES = {
    "килограмм": "kg",
    "кило": "kg",
    "куб": "m3",
    "кубик": "m3",
    "метр": "m",
    "сотку": "sot",
}


def _single_units(talk: Talk, clause: Clause) -> list[Amount]:
    found = []
    for place in range(clause.first, clause.last + 1):
        token = talk.reply.tokens[place]
        unit = _SINGLES.get(token.text)
        before = talk.reply.tokens[place - 1].text if place else ""
        if unit and before in ("на", "один", "и", "даже"):
            found.append(Amount(1, 1, unit, token.start, token.end, place, place))
    return found


def _bounds(talk: Talk) -> Sequence[tuple[str, float, float]]:
    """Smallest and largest orders that the facts name, by unit; prices by size are no bounds."""
    bounds: list[tuple[str, float, float]] = []
    for statement in talk.known.statements:
        for one in statement.reading.amounts:
            before = " ".join(
                token.text for token in statement.reading.tokens[max(one.first - 2, 0) : one.first]
            )
            if one.unit == TIME and one.lo >= 360 * 1440 and before.endswith("от"):
                bounds.append((TIME, one.lo, float("inf")))
            if one.unit == TIME and re.search(
                r"минимальн\w+ \w+$|минимум$|не менее$|(?:заказ|аренда) от$", before
            ):
                bounds.append((TIME, one.lo, float("inf")))
            if one.unit not in ("kg", "m3", "m", "sot", "floor", "ton", "km", "person") or any(
                two.unit in (RUB, PCT) for two in statement.reading.amounts
            ):
                continue
            if re.search(r"минимальн\w+ \w+$|минимум$|от$|не менее$", before):
                bounds.append((one.unit, one.lo, float("inf")))
            elif re.search(r"максимум$|до$|не более$", before):
                bounds.append((one.unit, 0.0, one.lo))
    return bounds
