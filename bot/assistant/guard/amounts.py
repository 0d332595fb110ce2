"""What the numbers of a text count: roubles, per cent, minutes, hours of the day, dates, metres, floors, rooms."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.assistant.guard.numbers import Number, Token, numbers

MINUTE, HOUR, DAY, WEEK, MONTH, YEAR = 1, 60, 1440, 7 * 1440, 30 * 1440, 360 * 1440

RUB, PCT, TIME, CLOCK, DATE, YEARS, BARE, ROOMS = (
    "rub",
    "pct",
    "time",
    "clock",
    "date",
    "years",
    "bare",
    "rooms",
)


@dataclass(frozen=True, slots=True)
class Amount:
    """`lo` to `hi` of `unit`; durations in minutes, clock times in hours, dates as month * 100 + day.

    `start` and `end` are places in the plain text, unit included. `noun` is the word after it, if it counts something
    that has no unit of its own.
    """

    lo: float
    hi: float
    unit: str
    start: int
    end: int
    first: int  # tokens
    last: int
    scaled: bool = False
    spoken: bool = False
    noun: str = ""
    exact: bool = False  # a clock time that cannot mean another: «19:00», «7 вечера»

    def holds(self, value: float) -> bool:
        return self.lo <= value <= self.hi


_TIME = (
    (re.compile(r"^(?:мин|минут[аыуе]?|минуточ\w*|минуток)$"), MINUTE),
    (re.compile(r"^(?:час(?:а|ов|у|ик\w*|ок|очк\w*)?|ч|hours?)$"), HOUR),
    (
        re.compile(
            r"^(?:сутк\w*|суток|сут|дн(?:я|ей|и|ю|ем|ях|ям)|день|денек|деньк\w*|ноч(?:ь|и|ей|ам|ами|ах|ью|ку|ки)|days?|nights?)$"
        ),
        DAY,
    ),
    (re.compile(r"^(?:недел[яиьюей]{1,3}|неделек|недельк\w*|нед|weeks?)$"), WEEK),
    (re.compile(r"^(?:мес|месяц(?:а|ев|у|ем|ы)?|месяч\w+|months?)$"), MONTH),
    (re.compile(r"^(?:год(?:а|у|ом|ик\w*)?|лет|years?)$"), YEAR),
)
_MEASURES = (
    (re.compile(r"^(?:р|руб\w*|₽|рэ|rub\w*|rur|деревян\w+|целков\w+)$"), RUB),
    (re.compile(r"^(?:%|процент\w*|проц|percent|pct)$"), PCT),
    (re.compile(r"^(?:куб\w*|м3)$"), "m3"),
    (re.compile(r"^(?:м|м2|кв|квм|квадрат\w*|метр\w*|пм|м/п)$"), "m"),
    (re.compile(r"^(?:км|километр\w*)$"), "km"),
    (re.compile(r"^(?:мм|см|сантиметр\w*|миллиметр\w*|дюйм\w*|mm|cm)$"), "size"),
    (re.compile(r"^(?:сот(?:ок|ки|ка|ку|кам|ках)|гектар\w*|га)$"), "sot"),
    (re.compile(r"^(?:кг|кило|килограмм\w*)$"), "kg"),
    (
        re.compile(
            r"^(?:грамм\w*|гр|мл|л|литр\w*|вт|ватт\w*|квт|вольт\w*|ампер\w*|гб|gb|тб|мб|гц|мач|атм|градус\w*|°)$"
        ),
        "size",
    ),
    (re.compile(r"^(?:т|тонн\w*)$"), "ton"),
    (re.compile(r"^(?:этаж\w*|эт)$"), "floor"),
    (re.compile(r"^(?:шт|штук\w*|штуч\w*|экземпляр\w*)$"), "piece"),
    (re.compile(r"^(?:комн|комнат\w*|комн\w*|ккв)$"), ROOMS),
    (re.compile(r"^(?:человек\w*|чел|грузчик\w*|мастер(?:а|ов)|рабочих|рабочие)$"), "person"),
    (re.compile(r"^(?:раз|раза|разик\w*)$"), "times"),
    (re.compile(r"^(?:год[аув]?(?:го)?)$"), YEARS),
)
_ADJECTIVE = re.compile(
    r"^(?:рабоч|календар|полн|погон|кв$|квадратн|кубич|ближайш|дополнит|цел|люб|астроном|российск|отдельн|учебн|гарант|тариф|бесплатн|включенн|оплаченн)\w*$"
)
_SUFFIX = frozenset(
    (
        "х",
        "ти",
        "и",
        "й",
        "го",
        "я",
        "е",
        "ми",
        "ю",
        "м",
        "ух",
        "ех",
        "ом",
        "ой",
        "ого",
        "ая",
        "ый",
        "ое",
        "ые",
    )
)
_MONTHS = (
    r"январ[ьяюе]\w?", r"феврал[ьяюе]\w?", r"март[аеу]?\w?", r"апрел[ьяюе]\w?", r"ма[йяею]м?", r"июн[ьяюе]\w?", r"июл[ьяюе]\w?",
    r"август[аеу]?\w?", r"сентябр[ьяюе]\w?", r"октябр[ьяюе]\w?", r"ноябр[ьяюе]\w?", r"декабр[ьяюе]\w?",
)  # fmt: skip
MONTH_WORDS = tuple(re.compile(f"^{one}$") for one in _MONTHS)
_PART_OF_DAY = re.compile(r"^(?:утра|вечера|дня|ночи)$")
_CLOCK_BEFORE = frozenset(
    (
        "в",
        "к",
        "с",
        "со",
        "до",
        "после",
        "около",
        "примерно",
        "ровно",
        "часов",
        "часам",
        "часа",
        "по",
        "раньше",
        "позже",
        "час",
        "не",
    )
)
_COMPOUND = re.compile(
    r"^(одно|дву[хш]?|двух|трех|тр[еи]|четырех|четыр|пяти|шести|семи|восьми|девяти|десяти|двенадцати|пятнадцати|двадцати|тридцати|сорока"
    r"|шестидесяти|девяноста|ста|сто|пол|полутора|много|еже)"
    r"(летн|годичн|годов|годи|год|месячн|месяц|недельн|дневн|суточн|сут|часов|час|минутн|процентн|комнатн|комн|этажн|кубов|метров|километров|тысячн|дня|дн)\w*$"
)
_PREFIX_VALUES = {
    "одно": 1, "дву": 2, "двух": 2, "двуш": 2, "трех": 3, "тре": 3, "три": 3, "четырех": 4, "четыр": 4, "пяти": 5, "шести": 6,
    "семи": 7, "восьми": 8, "девяти": 9, "десяти": 10, "двенадцати": 12, "пятнадцати": 15, "двадцати": 20, "тридцати": 30,
    "сорока": 40, "шестидесяти": 60, "девяноста": 90, "ста": 100, "сто": 100, "пол": 0.5, "полутора": 1.5,
}  # fmt: skip
_ROOM_WORDS = (
    (
        re.compile(
            r"^(?:однуш\w+|однокомн\w*|однокомнатк\w*|студи[яюиейо]+|однёшк\w*|гостинк\w*)$"
        ),
        1,
    ),
    (re.compile(r"^(?:двуш\w+|двухкомн\w*|двухкомнатк\w*)$"), 2),
    (re.compile(r"^(?:треш\w+|трехкомн\w*|трехкомнатк\w*|трёшк\w*)$"), 3),
    (re.compile(r"^(?:четыреш\w+|четырехкомн\w*|четверк[аиуе]\w*)$"), 4),
)
_WHOLE_TIMES = {
    "полгода": 0.5 * YEAR, "полугода": 0.5 * YEAR, "полугодия": 0.5 * YEAR, "полугодие": 0.5 * YEAR, "полчаса": 30, "получаса": 30,
    "полчасика": 30, "полдня": 0.5 * DAY, "квартал": 3 * MONTH, "сутки": DAY,
}  # fmt: skip
_NAMED_HOURS = {
    "полуночи": 24.0,
    "полночь": 24.0,
    "полудня": 12.0,
    "полдень": 12.0,
    "полудню": 12.0,
}
_SINGLE_TIME = re.compile(
    r"^(?:час(?:ик|ок)?|часа|часу|день|денек|сутки|суток|ночь|неделю|неделя|недели|недельку|неделька|месяц|месяца|год|года|году|годик|годовую|годовая|годовой|минуту|минутку)$"
)
_HALF_HOUR = re.compile(r"^(?:пол|половин[аеу])$")
_HALF_OF = [
    "первого",
    "второго",
    "третьего",
    "четвертого",
    "пятого",
    "шестого",
    "седьмого",
    "восьмого",
    "девятого",
    "десятого",
    "одиннадцатого",
    "двенадцатого",
]


def amounts(found: Sequence[Token]) -> list[Amount]:
    """Everything counted among the tokens, in order."""
    listed: list[Amount] = []
    counted = numbers(found)
    taken = 0
    by_first = {one.first: one for one in counted}
    at = 0
    while at < len(found):
        one = _clock_sign(found, at) or _worded(found, at, listed)
        if one is None and at in by_first and at >= taken:
            one = _counted(found, by_first[at], by_first, taken)
        if one:
            listed.append(one)
            at = taken = max(one.last + 1, at + 1)
        else:
            at += 1
    return _shared_units(found, listed)


def _make(
    found: Sequence[Token], first: int, last: int, lo: float, hi: float, unit: str, **more: object
) -> Amount:
    return Amount(lo, hi, unit, found[first].start, found[last].end, first, last, **more)  # type: ignore[arg-type]


def _clock_sign(found: Sequence[Token], at: int) -> Amount | None:
    """«14:00», and the range «9:00-20:00»."""
    hour = _hour(found[at].text)
    if hour is None:
        return None
    if at + 2 < len(found) and found[at + 1].text in ("-", "до", "по"):
        until = _hour(found[at + 2].text)
        if until is not None:
            return _make(found, at, at + 2, hour, until, CLOCK, exact=True)
    return _make(found, at, at, hour, hour, CLOCK, exact=True)


def _hour(text: str) -> float | None:
    if ":" not in text:
        return None
    hours, minutes = text.split(":")
    if not hours.isdigit():
        return None
    value = int(hours) + int(minutes) / 60
    return value if value <= 24 and int(minutes) < 60 else None


def _worded(found: Sequence[Token], at: int, before: Sequence[Amount]) -> Amount | None:
    """«двушка», «полгода», «двухнедельный», «год», «половине седьмого», «час дня»: amounts in a single word."""
    word = found[at].text
    for pattern, rooms in _ROOM_WORDS:
        if pattern.match(word):
            return _make(found, at, at, rooms, rooms, ROOMS)
    if word in ("полкило", "полкилограмма", "полкилограмм"):
        return _make(found, at, at, 0.5, 0.5, "kg")
    if word in _WHOLE_TIMES:
        minutes = float(_WHOLE_TIMES[word])
        return _make(found, at, at, minutes, minutes, TIME)
    if word in _NAMED_HOURS:
        return _make(found, at, at, _NAMED_HOURS[word], _NAMED_HOURS[word], CLOCK)
    half = _half_past(found, at)
    if half:
        return half
    compound = _COMPOUND.match(word)
    if compound and compound[1] in _PREFIX_VALUES:
        return _compound(found, at, _PREFIX_VALUES[compound[1]], compound[2])
    if _SINGLE_TIME.match(word):
        return _single_time(found, at, word)
    return None


def _half_past(found: Sequence[Token], at: int) -> Amount | None:
    word = found[at].text
    glued = next((place for place, hour in enumerate(_HALF_OF, 1) if word == "пол" + hour), None)
    if glued:
        return _make(found, at, at, glued - 0.5, glued - 0.5, CLOCK)
    if _HALF_HOUR.match(word) and at + 1 < len(found) and found[at + 1].text in _HALF_OF:
        hour = _HALF_OF.index(found[at + 1].text) + 0.5
        return _evening(found, _make(found, at, at + 1, hour, hour, CLOCK))
    return None


def _compound(found: Sequence[Token], at: int, value: float, root: str) -> Amount | None:
    scale = {
        "летн": YEAR, "годичн": YEAR, "годов": YEAR, "годи": YEAR, "год": YEAR, "месячн": MONTH, "месяц": MONTH, "недельн": WEEK,
        "дневн": DAY, "суточн": DAY, "сут": DAY, "часов": HOUR, "час": HOUR, "минутн": MINUTE, "дня": DAY, "дн": DAY,
    }.get(root)  # fmt: skip
    if scale:
        return _make(found, at, at, value * scale, value * scale, TIME)
    unit = {
        "процентн": PCT,
        "комнатн": ROOMS,
        "комн": ROOMS,
        "этажн": "floor",
        "кубов": "m3",
        "метров": "m",
        "километров": "km",
    }.get(root)
    return _make(found, at, at, value, value, unit) if unit else None


def _single_time(found: Sequence[Token], at: int, word: str) -> Amount | None:
    """«за неделю», «через час», «гарантия год», «в час дня»: one of it, where no number says otherwise."""
    before = found[at - 1].text if at else ""
    after = found[at + 1].text if at + 1 < len(found) else ""
    if word == "часу" and before != "по":
        return None
    if word == "часа" and after in ("два", "три", "четыре", "2", "3", "4"):
        return None  # «часа три»: about so long
    if word == "час" and _PART_OF_DAY.match(after):
        return _make(
            found,
            at,
            at + 1,
            13.0 if after == "дня" else 1.0,
            13.0 if after == "дня" else 1.0,
            CLOCK,
        )
    generic = before in ("каждый", "каждую", "каждые", "весь", "всю", "этот", "эту", "тот", "какой", "какую", "удобный", "любой", "любую",
                         "следующую", "этой", "следующей", "на", "какое", "первый", "выходной", "рабочий", "целый", "добрый", "третий", "второй")  # fmt: skip
    if word in (
        "день",
        "ночь",
        "денек",
        "часа",
        "недели",
        "суток",
        "месяца",
        "года",
        "году",
    ) and before not in (
        "за",
        "через",
        "около",
        "течение",
        "менее",
        "больше",
        "более",
        "меньше",
        "целых",
        "целого",
    ):
        return None
    if (
        generic
        and not (before == "на" and word in ("год", "неделю", "месяц", "сутки", "час"))
        and before != "целый"
    ):
        return None
    for pattern, scale in _TIME:
        if pattern.match(word):
            return _make(found, at, at, scale, scale, TIME)
    if word.startswith("годов"):
        return _make(found, at, at, YEAR, YEAR, TIME)
    return None


def _counted(
    found: Sequence[Token], number: Number, by_first: dict[int, Number], taken: int
) -> Amount:
    """A number, or two that make a range, with the unit that stands after or before."""
    lo, last, hi = number.value, number.last, number.value
    scaled = number.scaled
    second = _second(found, number, by_first)
    if second:
        hi, last, scaled = second.value, second.last, second.scaled or scaled
        if second.scaled and not number.scaled and lo < 1000:
            lo *= 1000
    amount = _make(found, number.first, last, lo, hi, BARE, scaled=scaled, spoken=number.spoken)
    return _with_unit(found, amount, taken, ranged=second is not None)


def _second(found: Sequence[Token], number: Number, by_first: dict[int, Number]) -> Number | None:
    """The upper end of «7-10», «от семи до десяти», «с 9 до 20», «с 2010 по 2017»."""
    join = number.last + 1
    if join >= len(found):
        return None
    if found[join].text == "-" and _suffix_at(found, join):
        join += 2
    if join >= len(found):
        return None
    sign = found[join].text
    dashed = sign == "-" and not (found[join].start > found[number.last].end and number.scaled)
    opened = number.first > 0 and found[number.first - 1].text in ("от", "с", "со", "между")
    if not (
        dashed
        or (
            sign in ("до", "по", "и")
            and opened
            and (sign != "и" or found[number.first - 1].text == "между")
        )
    ):
        return None
    second = by_first.get(join + 1)
    if second is None:
        return None
    spaced = found[join].start > found[number.last].end
    upper = second.value
    if second.scaled and not number.scaled:
        return second if number.value * 1000 <= upper else None
    if dashed and spaced and number.first and found[number.first - 1].text in ("по", "×", "*"):
        return None  # «два по 1200 - 2400» tells the total
    if dashed and spaced and not (number.value < upper <= number.value * 3):
        return None
    return second if upper > number.value or opened else None


def _suffix_at(found: Sequence[Token], dash: int) -> bool:
    """«2-х», «5-го»: an ending that is written after the digits."""
    return (
        found[dash].text == "-"
        and dash + 1 < len(found)
        and found[dash + 1].start == found[dash].end
        and found[dash + 1].text in _SUFFIX
    )


def _with_unit(found: Sequence[Token], amount: Amount, taken: int, *, ranged: bool) -> Amount:
    at = amount.last + 1
    if at < len(found) and found[at].text == "-" and _suffix_at(found, at):
        at += 2
        amount = replace(amount, last=at - 1, end=found[at - 1].end)
    if at < len(found) and found[at].text in _SUFFIX and found[at].start == found[at - 1].end:
        at += 1
    dashed = at < len(found) and found[at].text == "-" and found[at].start == found[at - 1].end
    if dashed:
        at += 1
    if at < len(found) and found[at].text == "\n":
        return _without_unit(found, amount, taken, ranged=ranged)
    for skip in (0, 1):
        place = at + skip
        if place >= len(found) or (skip and not _ADJECTIVE.match(found[at].text)):
            break
        measured = _measured(found, amount, place)
        if measured:
            return measured
    return _without_unit(found, amount, taken, ranged=ranged)


def _measured(found: Sequence[Token], amount: Amount, place: int) -> Amount | None:
    word = found[place].text
    if (
        word in ("утра", "вечера", "дня", "ночи")
        and amount.lo <= 12
        and (word not in ("дня", "ночи") or _before(found, amount) in _CLOCK_BEFORE)
    ):
        return _part_of_day(
            found, replace(amount, unit=CLOCK, last=place, end=found[place].end), word
        )
    year = (
        word in ("год", "года", "году", "г", "гг", "годов", "годах", "годы") and amount.lo >= 1900
    )
    if year:
        return replace(amount, unit=YEARS, last=place, end=found[place].end)
    if amount.lo < 1900 and not amount.scaled:
        for month, pattern in enumerate(MONTH_WORDS, 1):
            if pattern.match(word) and 1 <= amount.hi <= 31:
                return replace(
                    amount,
                    lo=month * 100 + amount.lo,
                    hi=month * 100 + amount.hi,
                    unit=DATE,
                    last=place,
                    end=found[place].end,
                )
    if word in ("числа", "число") and 1 <= amount.hi <= 31:
        return replace(amount, unit=DATE, last=place, end=found[place].end)
    if _is_clock_hour(found, amount, place):
        return _evening(found, replace(amount, unit=CLOCK, last=place, end=found[place].end))
    if amount.lo >= 100 and word in ("час", "сутки", "день", "ночь", "месяц", "неделя", "смена"):
        return replace(amount, unit=RUB)  # «1200 час» is a price: of hours it would be «часов»
    for pattern, scale in _TIME:
        if pattern.match(word):
            return replace(
                amount,
                lo=amount.lo * scale,
                hi=amount.hi * scale,
                unit=TIME,
                last=place,
                end=found[place].end,
            )
    for pattern, unit in _MEASURES:
        if pattern.match(word):
            if word == "р" and place + 2 < len(found) and found[place + 1].text == "/":
                break
            if word == "т" and place + 2 < len(found) and found[place + 2].text == "р":
                return replace(
                    amount,
                    lo=amount.lo * 1000,
                    hi=amount.hi * 1000,
                    unit=RUB,
                    last=place + 2,
                    end=found[place + 2].end,
                    scaled=True,
                )
            if word == "кв" and place + 1 < len(found) and found[place + 1].is_number:
                return None
            return replace(amount, unit=unit, last=place, end=found[place].end)
    return None


def _before(found: Sequence[Token], amount: Amount) -> str:
    return found[amount.first - 1].text if amount.first else ""


def _is_clock_hour(found: Sequence[Token], amount: Amount, place: int) -> bool:
    """«в 9 часов», «к 7 часам», «с 9 до 20 часов», but not «2 часа» or «через 3 часа»."""
    if not re.match(r"^час(?:ов|ам|а|у)?$", found[place].text) or amount.hi > 24:
        return False
    before = _before(found, amount)
    if before in ("в", "к", "ровно", "до", "после", "с") and found[place].text in (
        "часов",
        "часа",
        "часам",
        "час",
    ):
        return True
    return before == "с" and amount.hi > amount.lo


def _turned(found: Sequence[Token], amount: Amount) -> bool:
    """«часа через два», «минут за десять»: about so long."""
    return amount.first >= 2 and found[amount.first - 2].text in (
        "часа", "часика", "часов", "часиков", "минут", "минуток", "дня", "дней", "недели", "недель", "месяца", "месяцев",
    )  # fmt: skip


def _without_unit(found: Sequence[Token], amount: Amount, taken: int, *, ranged: bool) -> Amount:
    """A bare number: an hour after «до» or «к», a unit that stands before it, a year, or money by its size."""
    before = (
        _before(found, amount) if amount.first > taken else ""
    )  # a unit belongs to one number only
    after = found[amount.last + 1].text if amount.last + 1 < len(found) else ""
    if before == "часа" and 2 <= amount.lo == amount.hi <= 4:
        first = amount.first - 1
        hours = amount.lo * HOUR
        return replace(amount, lo=hours, hi=hours, unit=TIME, first=first, start=found[first].start)
    if (before in ("часов", "часа", "часам") or _after_hour(found, amount)) and amount.hi <= 24:
        return _evening(found, replace(amount, unit=CLOCK))
    for pattern, scale in _TIME:
        if pattern.match(before) and before not in ("год", "года", "ч", "день", "сутки", "месяц"):
            return replace(
                amount,
                lo=amount.lo * scale,
                hi=amount.hi * scale,
                unit=TIME,
                first=amount.first - 1,
                start=found[amount.first - 1].start,
            )
    if before in ("через", "за") and _turned(found, amount):
        scale = next(
            scale for pattern, scale in _TIME if pattern.match(found[amount.first - 2].text)
        )
        return replace(amount, lo=amount.lo * scale, hi=amount.hi * scale, unit=TIME)
    for pattern, unit in _MEASURES:
        if (
            unit in (RUB, "m", "piece", "km", "kg", "m3", "sot")
            and len(before) > 3
            and pattern.match(before)
        ):
            return replace(
                amount, unit=unit, first=amount.first - 1, start=found[amount.first - 1].start
            )
    if before in (
        "этаж",
        "этаже",
        "кв",
        "квартира",
        "дом",
        "д",
        "подъезд",
        "корпус",
        "№",
        "номер",
        "артикул",
        "код",
    ):
        return replace(amount, unit="label", noun=before)
    if (
        1950 <= amount.lo
        and amount.hi <= 2039
        and not amount.scaled
        and not amount.spoken
        and (
            found[amount.last].text in _SUFFIX
            or (ranged and amount.hi > amount.lo and amount.hi - amount.lo < 40)
            or after in ("г", "гг")
        )
    ):
        return replace(amount, unit=YEARS)
    if _seems_clock(found, amount, before, after, ranged=ranged):
        return _evening(found, replace(amount, unit=CLOCK))
    return replace(amount, noun=after if after[:1].isalpha() else "")


def _after_hour(found: Sequence[Token], amount: Amount) -> bool:
    """«часов в 7»."""
    return (
        amount.first > 1
        and found[amount.first - 1].text in ("в", "до", "с", "к")
        and found[amount.first - 2].text in ("часов", "часиков", "часам")
    )


_STOPS = frozenset((".", ",", ";", "!", "?", "\n", ")", "-", "", "и", "или", "а", "но", "если", "утром", "вечером", "днем", "можно", "можем", "будет", "буду", "будем",
                    "сможете", "сможем", "приедем", "приедет", "подъедем", "подойдет", "по", "в", "каждый", "ежедневно", "без", "кроме", "ждем", "он", "она", "они",
                    "мастер", "до", "с", "на", "сегодня", "завтра", "послезавтра", "бригада", "курьер", "удобно", "вам", "мы", ":", "подходите", "приезжайте", "они"))  # fmt: skip


_WORKING_NEAR = re.compile(
    r"^(?:суббот\w*|воскресен\w*|понедельник\w*|вторник\w*|сред[уаы]|четверг\w*|пятниц\w*|будни|работа\w+|открыт\w*|принима\w+)$"
)


def _seems_clock(
    found: Sequence[Token], amount: Amount, before: str, after: str, *, ranged: bool
) -> bool:
    """«до восьми», «с 9 до 20», «к 11»: nothing counted follows, and a small number stands after a word of time."""
    if (
        amount.scaled
        or max(amount.hi, amount.lo) > 24
        or (amount.lo != int(amount.lo) and not ranged)
    ):
        return False
    if ranged and before in ("с", "со") and amount.hi != amount.lo:
        return True
    if after and after not in _STOPS:
        return False
    if (
        before == "до"
        and amount.lo >= 1
        and amount.first > 1
        and any(
            _WORKING_NEAR.match(one.text) for one in found[max(amount.first - 6, 0) : amount.first]
        )
    ):
        return True
    return (before in ("в", "к", "с", "со", "до", "после", "ровно") and amount.lo >= 5) or (
        before in ("к", "в", "после") and 1 <= amount.lo
    )


def _part_of_day(found: Sequence[Token], amount: Amount, word: str) -> Amount:
    lo, hi = amount.lo, amount.hi
    joined = {token.text for token in found[amount.first : amount.last + 1]} & {"до", "по", "-"}
    if word == "вечера" and joined and lo == hi:
        return replace(amount, hi=hi + 12, exact=True)  # «с девяти до девяти вечера»
    if word in ("вечера", "дня"):
        hi = hi + 12 if hi < 12 else hi
        lo = lo + 12 if lo < 12 and (amount.hi == amount.lo or lo < 5) and word != "утра" else lo
    if word == "ночи":
        lo, hi = (one + 12 if 6 < one < 12 else one for one in (lo, hi))
    return replace(amount, lo=lo, hi=hi, exact=True)


def _evening(found: Sequence[Token], amount: Amount) -> Amount:
    after = found[amount.last + 1] if amount.last + 1 < len(found) else None
    if after and _PART_OF_DAY.match(after.text):
        return _part_of_day(found, replace(amount, last=amount.last + 1, end=after.end), after.text)
    return amount


def _shared_units(found: Sequence[Token], listed: list[Amount]) -> list[Amount]:
    """«вечером с 3 часов до 5», «2 или 3 дня», «дома до 100 и до 200 м²»: a bare number takes the unit of its neighbour."""
    for place in range(len(listed) - 2, -1, -1):
        one, following = listed[place], listed[place + 1]
        between = [token.text for token in found[one.last + 1 : following.first]]
        if one.unit == BARE and following.unit == DATE and between in ([","], ["и"], ["или"]):
            if one.lo == one.hi and 1 <= one.lo <= 31 and not one.noun.strip("и"):
                month = following.lo // 100 * 100
                listed[place] = replace(one, unit=DATE, lo=month + one.lo, hi=month + one.lo)
            continue
        if (
            one.unit == BARE
            and not one.scaled
            and not (following.unit == ROOMS and one.hi > 9)
            and following.unit in (TIME, PCT, "m", "km", "sot", "kg", "m3", "floor", "piece", ROOMS)
            and (between in (["или"], ["-"], [","], ["до"], ["и"]))
        ):
            scale = (
                following.lo / _value_of(found, following)
                if following.unit == TIME and _value_of(found, following)
                else 1
            )
            listed[place] = replace(one, unit=following.unit, lo=one.lo * scale, hi=one.hi * scale)
    return listed


def _value_of(found: Sequence[Token], amount: Amount) -> float:
    inner = numbers(found[amount.first : amount.last + 1])
    return inner[0].value if inner else 0.0
