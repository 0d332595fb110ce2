"""A square per weekday and hour: darker where there is more."""

from collections.abc import Callable, Mapping

from babel import dates

from pages._ui.i18n import _, lang
from pages._ui.pieces.html import escape, joined, link, style, tag

HOURS = range(24)


def hours(
    counts: Mapping[tuple[int, int], int],
    see: Callable[[int, int], str],
    unit: Callable[[int], str],
) -> str:
    """`counts` by weekday, Monday 1, and hour. A table, so that it can be heard as well; only its
    first square can be reached by the keyboard, the file has all of them."""
    most = max(counts.values(), default=0) or 1
    names = dates.get_day_names("abbreviated", locale=lang())
    head = tag("th", "") + joined(
        tag("th", str(hour) if hour % 3 == 0 else "", scope="col", aria_label=f"{hour}:00")
        for hour in HOURS
    )
    rows = joined(
        tag(
            "tr",
            tag("th", escape(names[day - 1].capitalize()), scope="row")
            + joined(_square(day, hour, counts, most, see, unit) for hour in HOURS),
        )
        for day in range(1, 8)
    )
    inside = tag("caption", _("By weekday and hour")) + tag("thead", tag("tr", head))
    return tag("table", inside + tag("tbody", rows), _class="hours") + _scale(most, unit)


def _square(
    day: int,
    hour: int,
    counts: Mapping[tuple[int, int], int],
    most: int,
    see: Callable[[int, int], str],
    unit: Callable[[int], str],
) -> str:
    count = counts.get((day, hour), 0)
    said = f"{dates.get_day_names('wide', locale=lang())[day - 1]}, {hour}:00 · {unit(count)}"
    more = {"style": style(much=f"{count / most:.3f}"), "title": said}
    inside = tag("span", escape(unit(count)), _class="aside")
    if not count:
        return tag("td", tag("span", inside, _class="square", **more))
    return tag("td", link(inside, see(day, hour), "square", said, tabindex="-1", **more))


def _scale(most: int, unit: Callable[[int], str]) -> str:
    steps = joined(
        tag("i", "", _class="square", style=style(much=f"{n / 4:.2f}")) for n in range(5)
    )
    return tag(
        "p",
        tag("span", "0") + steps + tag("span", escape(unit(most))),
        _class="scale",
        aria_hidden="true",
    )
