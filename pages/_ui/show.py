"""Moments, numbers and money as the person who looks writes them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import dates, numbers

from pages._ui import source
from pages._ui.i18n import _, lang, n_

NOTHING = "—"


def zone() -> ZoneInfo:
    """The first account's zone, else the setting's."""
    named = next((a.zone for a in source.accounts() if a.zone), None)
    return ZoneInfo(named or source.settings().zone)


def clock(moment: datetime | None) -> str:
    """14:05"""
    return dates.format_time(moment, "HH:mm", tzinfo=zone(), locale=lang()) if moment else NOTHING


def day(moment: datetime) -> str:
    """Today, Yesterday, 12 November, 12 November 2025."""
    here, today = moment.astimezone(zone()).date(), datetime.now(zone()).date()
    if here == today:
        return _("Today")
    if here == today - timedelta(days=1):
        return _("Yesterday")
    if here == today + timedelta(days=1):
        return _("Tomorrow")
    pattern = "d MMMM" if here.year == today.year else "d MMMM y"
    return dates.format_date(here, pattern, locale=lang())


def moment(at: datetime | None, clock: ZoneInfo | None = None) -> str:
    """12 Nov, 14:05; the day is left out today. On the account's clock unless another is given."""
    if at is None:
        return NOTHING
    here = at.astimezone(clock or zone())
    now = datetime.now(here.tzinfo)
    if here.date() == now.date():
        return f"{here:%H:%M}"
    pattern = "d MMM, HH:mm" if here.year == now.year else "d MMM y"
    return dates.format_datetime(here, pattern, locale=lang())


def period(code: str) -> str:
    """12 November 2026, or with the hour: what the address calls 2026-11-12 or 2026-11-12T14:00."""
    try:
        at = datetime.fromisoformat(code)
    except ValueError:
        return code
    pattern = "d MMMM y, HH:mm" if "T" in code else "d MMMM y"
    return dates.format_datetime(at, pattern, locale=lang())


def short(at: datetime | None) -> str:
    """For narrow lists: the time today, else the day."""
    if at is None:
        return ""
    here, now = at.astimezone(zone()), datetime.now(zone())
    if here.date() == now.date():
        return clock(at)
    return dates.format_date(here.date(), "d MMM", locale=lang())


def ago(at: datetime | None) -> str:
    """5 minutes ago"""
    if at is None:
        return _("never")
    since = at - datetime.now(UTC)
    return dates.format_timedelta(min(since, timedelta(0)), add_direction=True, locale=lang())


def span(seconds: float | None) -> str:
    """12 s, 5 min, 3.5 h, 2 d."""
    if seconds is None:
        return NOTHING
    if seconds < 10:
        return _("{n} s").format(n=number(seconds, 1))
    if seconds < 90:
        return _("{n} s").format(n=number(seconds))
    if seconds < 5400:
        return _("{n} min").format(n=number(seconds / 60))
    if seconds < 129_600:
        return _("{n} h").format(n=number(seconds / 3600, 1))
    return _("{n} d").format(n=number(seconds / 86_400, 1))


def promised(seconds: int) -> str:
    """1 min, 90 s, 4 h: a time that somebody set, in the largest unit that says it whole."""
    if seconds % 3600 == 0:
        return _("{n} h").format(n=number(seconds / 3600))
    if seconds % 60 == 0:
        return _("{n} min").format(n=number(seconds / 60))
    return _("{n} s").format(n=number(seconds))


def number(value: float | None, digits: int = 0) -> str:
    """47 705; at most `digits` after the comma."""
    if value is None:
        return NOTHING
    return numbers.format_decimal(round(value, digits), locale=lang())


def percent(share: float | None, digits: int = 0) -> str:
    """`share` of 1 as 42 %."""
    if share is None:
        return NOTHING
    pattern = "#,##0." + "0" * digits + "%" if digits else "#,##0%"
    text = numbers.format_percent(share, format=pattern, locale=lang())
    return text.replace("%", "\u00a0%") if lang() == "ru" and "\u00a0" not in text else text


def money(roubles: float | str | None, digits: int = 0) -> str:
    """3 500 ₽; a text is shown as it is."""
    if roubles is None or roubles == "":
        return NOTHING
    if isinstance(roubles, str):
        return roubles
    return f"{number(roubles, digits)}\u00a0₽"


def messages(count: int) -> str:
    return n_("{n} message", "{n} messages", count).format(n=number(count))
