"""Shares and rankings as bars of plain HTML."""

from collections.abc import Sequence
from dataclasses import dataclass

from pages._ui import show
from pages._ui.pieces.html import escape, joined, link, style, tag


@dataclass(frozen=True)
class Part:
    """A part of a whole: `share` from 0 to 1, `tone` one of the CSS's colours."""

    name: str
    share: float
    said: str
    tone: str
    see: str | None = None


@dataclass(frozen=True)
class Bar:
    """A row of a ranking: `said` stands behind the bar, `under` below the name."""

    name: str
    value: float
    said: str
    under: str = ""
    tone: str = "accent"
    see: str | None = None


def whole(rows: Sequence[tuple[str, str, Sequence[Part]]]) -> str:
    """One bar of parts per row (its name, what of), and the parts' names once below."""
    if not rows:
        return ""
    bars = joined(_row(name, of, parts) for name, of, parts in rows)
    names = joined(
        tag("li", tag("i", _class=f"dot {part.tone}", aria_hidden="true") + escape(part.name))
        for part in rows[0][2]
    )
    return tag("div", bars, _class="wholes") + tag("ul", names, _class="names")


def _row(name: str, of: str, parts: Sequence[Part]) -> str:
    inside = joined(
        link(
            tag("span", escape(part.said) if part.share >= 0.075 else "", aria_hidden="true"),
            part.see,
            f"part {part.tone}",
            f"{name}, {part.name}: {part.said}",
            style=style(share=f"{part.share:.4f}"),
            title=f"{part.name}: {part.said}",
        )
        for part in parts
        if part.share > 0
    )
    head = tag("span", tag("b", escape(name)) + tag("span", escape(of)), _class="of")
    return tag("div", head + tag("div", inside, _class="bar"), _class="whole")


def ranking(bars: Sequence[Bar], *, most: float | None = None) -> str:
    """Bars from a common beginning, one below the other."""
    longest = most or max((bar.value for bar in bars), default=0) or 1
    return tag("ol", joined(_bar(bar, longest) for bar in bars), _class="ranking")


def _bar(bar: Bar, longest: float) -> str:
    width = style(share=f"{min(bar.value / longest, 1):.4f}")
    under = tag("small", escape(bar.under)) if bar.under else ""
    inside = (
        tag("span", escape(bar.name) + under, _class="name")
        + tag("span", escape(bar.said), _class="said")
        + tag("span", "", _class=f"long {bar.tone}", style=width)
    )
    return tag("li", link(inside, bar.see, "row"))


def steps(stages: Sequence[Bar]) -> str:
    """A funnel: bars in the middle, each with its number and its share of the one before."""
    first = stages[0].value if stages and stages[0].value else 1
    rows = []
    for n, stage in enumerate(stages):
        before = stages[n - 1].value if n else 0
        share = show.percent(stage.value / before) if before else ""
        inside = (
            tag("span", escape(stage.name), _class="name")
            + tag(
                "span",
                tag(
                    "i",
                    "",
                    style=style(share=f"{max(stage.value / first, 0.008):.4f}"),
                    _class=stage.tone,
                ),
                _class="pipe",
            )
            + tag("span", tag("b", escape(stage.said)) + tag("small", escape(share)), _class="said")
        )
        rows.append(tag("li", link(inside, stage.see, "row")))
    return tag("ol", joined(rows), _class="steps")
