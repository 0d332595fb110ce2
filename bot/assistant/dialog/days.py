"""The day that the client wants, as a date."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.assistant.dialog.talk import Said, Talk, words

_MONTHS = (
    "январ",
    "феврал",
    "март",
    "апрел",
    "ма",
    "июн",
    "июл",
    "август",
    "сентябр",
    "октябр",
    "ноябр",
    "декабр",
)
_WEEKDAYS = (
    r"понедельник\w*|\bпн\b|\bponedelnik\w*|\bmonday\b|\bdushanba",
    r"вторник\w*|\bвт\b|\bvtornik\w*|\btuesday\b|\bseshanba",
    r"\bсред[ауы]\b|\bср\b|\bsredu\b|\bwednesday\b|\bchorshanba",
    r"четверг\w*|\bчт\b|\bchetverg\w*|\bthursday\b|\bpayshanba",
    r"пятниц\w*|\bпт\b|\bpyatnits\w*|\bfriday\b|\bjuma\b",
    r"суббот\w*|\bсб\b|\bsubbot\w*|\bsaturday\b|(?<![a-z])shanba",
    r"воскресен\w*|\bвс\b|\bvoskresen\w*|\bsunday\b|\byakshanba",
)
_WEEKDAY = [words(pattern) for pattern in _WEEKDAYS]
_RELATIVE = (
    (2, words(r"послезавтра|\bposlezavtra\b|day after tomorrow|\bindinga\b")),
    (
        1,
        words(
            r"(?<!после)завтра|\bzavtra\b|(?<!after )\btomorrow\b|\bertaga\b|\bертен\b|\bиртэгэ\b"
        ),
    ),
    (
        0,
        words(
            r"сегодня|\bsegodnya\b|\btoday\b|\bбугун\b|\bbugun\b|\bчерез (?:час|полчаса|\d час)|\bпрямо сейчас\b"
        ),
    ),
)
_IN_DAYS = words(r"\bчерез (\d|два|три|четыре|пять) дн")
_IN_A_WEEK = words(r"\bчерез неделю\b")
_COUNT = {"два": 2, "три": 3, "четыре": 4, "пять": 5}
_DAY_AND_MONTH = re.compile(
    r"\b(\d{1,2})(?:-?(?:го|ое))?\s(январ|феврал|март|апрел|ма[яй]|июн|июл|август|сентябр|октябр|ноябр|декабр)\w*"
)
_NUMERIC = re.compile(
    r"(?<![\d.,])(\d{1,2})\.(\d{1,2})(?:\.(\d{2,4}))?(?![\d.]|\s?(?:руб|тыс|т\.?р|м\b|кг|час))"
)
_DAY_OF_MONTH = words(r"\b(?:на|к|до|в)?\s?(\d{1,2})(?:-?го|\s?числа)\b")
_PAST = words(
    r"\b(?!(?:если|или|были? бы)\b)\w{2,}(?:ал|ала|али|ил|ила|или|ел|ела|ели|ял|яла|яли|ул|ула|ули|шел|шла|шли)(?:ся|сь)?\b(?! бы)|\bбыл[аои]?\b|\bвчера\b|\bс прошл|\b(?:при|вы)(?:дет|дут|едет|едут)\b|\bвъезжа\w+|\bсъезжа\w+|\bпроверк\w+|\bоткрыти\w+"
)
_IN_GENERAL = words(
    r"\bпо (?:понедельник|вторник|сред|четверг|пятниц|суббот|воскресень|будн|выходн)\w*|\bкажд\w+ (?:понед|втор|сред|четв|пятн|субб|воскр)"
)
_NOT_A_WISH = words(
    r"завтра (?:открыти|праздник|сдаем|съезжаем|проверк|гости|экзамен|на работу)|сегодня (?:нашел|нашла|увидел|заметил|утром (?:вид|наш)|проснул|ночью|вылезл|укусил)"
)
_SELLERS_DAY = words(
    r"записал[аи]?|записываю|записали|передаю|жду вас|ждем вас|договорились|приедем|передал[аи]? на"
)
_PROPOSAL = words(r"удобно|подойдет|подходит|устроит|записать|сможете|приехать|ждем|жду|\bна\b")
_AGREED = words(
    r"^\W*(?:да|ага|ок|окей|хорошо|давайте|подходит|можно|удобно|конечно|годится|устраивает|договорились|yes|ok|ha\b|mayli)\b(?!,? но)"
)
_CLOSED = words(
    r"выходн(?:ой|ые)|не работаем|не получится|не сможем|занят[оыа]?\b|мест нет|только с понедельника"
)
_REFUSED = words(r"^\W*(?:нет|не могу|не подходит|неудобно)\b")
_REGRETS = words(r"\b(?:жаль|жалко)\b")
_IN_NEGATION = words(
    r"\bне (?:сегодня|завтра|в суббот|на завтра)|\bкроме (?:суббот|воскрес|понед|вторн|сред|четв|пятн)\w*"
)


@dataclass(frozen=True)
class _Named:
    start: int
    day: date


def expected_date(talk: Talk) -> str | None:
    """ISO date; the last day that the client wished for, or that the seller proposed and the client agreed to."""
    wish: date | None = None
    proposed: date | None = None
    wished = False
    for said in talk.said:
        days = _days(said)
        if said.by == "client":
            agreed = proposed if _AGREED.search(said.low) else None
            wish = _wished(said, days) or agreed or wish
            wished |= wish is not None
            proposed = None
            continue
        closed = _CLOSED.search(said.low)
        if closed:
            wish = None
        if days and _SELLERS_DAY.search(said.low) and not closed:
            wish = days[-1].day if wished else None
        proposed = (
            days[-1].day
            if days and "?" in said.text and _PROPOSAL.search(said.low)
            else proposed
            if not days
            else None
        )
    return wish.isoformat() if wish else None


def _wished(said: Said, days: list[_Named]) -> date | None:
    if (
        not days
        or _NOT_A_WISH.search(said.low)
        or _REFUSED.search(said.low)
        or _REGRETS.search(said.low)
    ):
        return None
    return next((one.day for one in days if not _is_past(said.low, one)), None)


def _is_past(text: str, named: _Named) -> bool:
    """Whether the day's own clause tells of something that was, or of somebody else's plans."""
    if text.startswith("завтра", named.start):
        return False
    before, after = (
        re.split(r"[.!?\n,;]", text[: named.start])[-1],
        re.split(r"[.!?\n,;]", text[named.start :])[0],
    )
    return "чтоб" not in before and _PAST.search(before + after) is not None


def _days(said: Said) -> list[_Named]:
    """The days that a message names, in its order, none of them before the message."""
    text = _IN_GENERAL.sub(lambda match: " " * len(match.group()), said.low)
    text = _IN_NEGATION.sub(lambda match: " " * len(match.group()), text)
    today = said.at.date()
    found = [*_relative(text, today), *_weekdays(text, today), *_dates(text, today)]
    return sorted(found, key=lambda one: one.start)


def _relative(text: str, today: date) -> list[_Named]:
    found = []
    for ahead, pattern in _RELATIVE:
        found += [
            _Named(match.start(), today + timedelta(days=ahead)) for match in pattern.finditer(text)
        ]
    for match in _IN_DAYS.finditer(text):
        ahead = _COUNT.get(match[1]) or int(match[1])
        found.append(_Named(match.start(), today + timedelta(days=ahead)))
    found += [
        _Named(match.start(), today + timedelta(days=7)) for match in _IN_A_WEEK.finditer(text)
    ]
    return found


def _weekdays(text: str, today: date) -> list[_Named]:
    """The next such day; said on that day itself it is the one a week later."""
    return [
        _Named(match.start(), today + timedelta(days=(number - today.weekday()) % 7 or 7))
        for number, pattern in enumerate(_WEEKDAY)
        for match in pattern.finditer(text)
    ]


def _dates(text: str, today: date) -> list[_Named]:
    found = []
    for match in _DAY_AND_MONTH.finditer(text):
        month = next(
            n
            for n, stem in enumerate(_MONTHS, 1)
            if match[2].startswith(stem) and (n != 5 or match[2] in ("мая", "май"))
        )
        found.append((match.start(), int(match[1]), month))
    for match in _NUMERIC.finditer(text):
        found.append((match.start(), int(match[1]), int(match[2])))
    named = [
        _Named(start, day)
        for start, number, month in found
        if (day := _coming(number, month, today))
    ]
    taken = {one.start for one in named}
    for match in _DAY_OF_MONTH.finditer(text):
        day = _coming(int(match[1]), None, today)
        if day and match.start(1) not in taken:
            named.append(_Named(match.start(), day))
    return named


def _coming(number: int, month: int | None, today: date) -> date | None:
    """The next such day of the calendar; None if there is none within ten months: it was meant as a past one."""
    for ahead in range(310):
        day = today + timedelta(days=ahead)
        if day.day == number and month in (None, day.month):
            return day
    return None
