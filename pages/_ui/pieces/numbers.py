"""Numbers in a row of cards: each with its change, its course, and the way to what is behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from pages._ui.changes import Change
from pages._ui.i18n import _
from pages._ui.pieces.html import escape, joined, link, style, tag

WIDE, HIGH = 100.0, 26.0


@dataclass(frozen=True)
class Number:
    """`value` as it is shown; `of` says what of, or how sure. `see` is the address of the dialogs
    behind it, `how` the address of its definition. `course` goes over the periods of the window."""

    label: str
    value: str
    of: str = ""
    change: Change | None = None
    course: Sequence[float | None] = ()
    see: str | None = None
    how: str | None = None
    tone: str = ""


def numbers(shown: Sequence[Number]) -> str:
    """The cards beside each other; two in a row on a phone."""
    return tag("div", joined(_card(each) for each in shown), _class="numbers")


def _card(number: Number) -> str:
    told = f"{number.label}: {number.value}"
    inside = joined(
        (
            tag("span", escape(number.label), _class="label"),
            tag("span", escape(number.value), _class=f"value {number.tone}".strip()),
            _under(number),
        )
    )
    if number.see:
        inside = link(
            inside, number.see, "opens", _("{number}. Show the dialogs").format(number=told)
        )
    how = (
        link("?", number.how, "how", _("How this is counted: {name}").format(name=number.label))
        if number.how
        else ""
    )
    return tag("div", inside + how + course(number.course), _class="number")


def _under(number: Number) -> str:
    change, of = number.change, number.of
    shown = ""
    if change:
        shown = tag("span", escape(change.said), _class=f"change {change.colour}")
    return tag(
        "span",
        shown + tag("span", escape(of), _class="of") if of or shown else "&nbsp;",
        _class="under",
    )


def course(points: Sequence[float | None]) -> str:
    """A line without axes; gaps where nothing is known. A mask, because Streamlit lets no SVG
    into its HTML: so the line has the theme's colour."""
    known = [point for point in points if point is not None]
    if len(known) < 3:
        return tag("span", _class="course")
    low, high = min(known), max(known)
    spread = (high - low) or 1.0
    step = WIDE / (len(points) - 1)
    parts: list[list[str]] = [[]]
    for n, point in enumerate(points):
        if point is None:
            parts.append([])
        else:
            parts[-1].append(f"{n * step:.1f},{HIGH - 2 - (point - low) / spread * (HIGH - 4):.1f}")
    lines = joined(f"<polyline points='{' '.join(part)}'/>" for part in parts if len(part) > 1)
    drawn = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDE:.0f} {HIGH:.0f}' "
        "preserveAspectRatio='none'><g fill='none' stroke='#000' stroke-width='1.7' "
        f"stroke-linejoin='round'>{lines}</g></svg>"
    ).replace("<polyline", "<polyline vector-effect='non-scaling-stroke'")
    image = f'url("data:image/svg+xml,{quote(drawn)}")'
    return tag("span", _class="course", style=style(course=image))
