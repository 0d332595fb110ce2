"""Figures over time and over waiting, in the reader's language: each with a unit, each point a door."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from babel import dates

from pages._ui import answers, show
from pages._ui.i18n import _, lang, later
from pages._ui.scope import Scope
from pipeline import charts

Values = Sequence[float | None]
WAITS = (
    (1, later("{n} s")),
    (10, later("{n} s")),
    (60, later("{n} min")),
    (600, later("{n} min")),
    (3600, later("{n} h")),
    (36_000, later("{n} h")),
    (86_400, later("{n} d")),
    (864_000, later("{n} d")),
)
_SIZES = (1, 10, 1, 10, 1, 10, 1, 10)
FEW = 5


@dataclass(frozen=True)
class Line:
    """A named course over the periods. `band` is an interval around it, `opens` the addresses of
    what is behind its points; `dash` and `width` as Plotly has them."""

    name: str
    values: Values
    colour: str
    said: Sequence[str] = ()
    opens: Sequence[str] = ()
    band: tuple[Values, Values] | None = None
    dash: str = "solid"
    width: float = 2.4
    is_filled: bool = False


@dataclass(frozen=True)
class Mark:
    """Something that changed at a moment, on the clock of the window."""

    at: pd.Timestamp
    said: str


def look() -> charts.Look:
    return charts.LOOKS[answers.theme()]


def stacked(scope: Scope, periods: Sequence[Any], parts: Sequence[Line], unit: str) -> go.Figure:
    """Bars on top of each other."""
    figure = _over_time(scope, periods, unit)
    names = labels(scope, periods)
    for part in parts:
        figure.add_bar(
            x=names,
            y=list(part.values),
            name=part.name,
            marker_color=part.colour,
            customdata=_doors(part, len(names)),
            hovertemplate="%{y:,}",
        )
    figure.update_layout(barmode="stack", bargap=0.28, barcornerradius=3)
    totals = [
        sum(v or 0 for v in column) for column in zip(*(p.values for p in parts), strict=True)
    ]
    return _with_room(_whole_numbers(figure, totals))


def courses(
    scope: Scope,
    periods: Sequence[Any],
    lines: Sequence[Line],
    unit: str,
    *,
    is_share: bool = False,
    marks: Sequence[Mark] = (),
) -> go.Figure:
    """Lines over the periods, the quieter ones first."""
    figure = _over_time(scope, periods, unit)
    names = labels(scope, periods)
    for line in lines:
        _line(figure, names, line)
    if is_share:
        figure.update_yaxes(tickformat=",.0%", hoverformat=",.1%")
    else:
        _whole_numbers(figure, [v for line in lines for v in line.values])
    return _with_room(_marked(figure, scope, periods, marks))


def dotted_before(
    figure: go.Figure, scope: Scope, periods: Sequence[Any], earlier: pd.DataFrame, column: str
) -> go.Figure:
    """The span before as a dotted line over what is drawn already, first period over first."""
    known = [answers.known(value) for value in answers.periods(earlier)[column]]
    past = under(periods, known)
    figure.add_scatter(
        x=labels(scope, periods),
        y=past,
        name=_("Span before"),
        mode="lines",
        line={"color": look().soft, "width": 1.6, "dash": "dot"},
        hovertemplate="%{y:,}",
    )
    if max((value for value in past if value is not None), default=0) > FEW:
        figure.update_yaxes(dtick=None)
    return _with_room(figure)


def waits(
    scope: Scope, periods: Sequence[Any], lines: Sequence[Line], marks: Sequence[Mark] = ()
) -> go.Figure:
    """Spans of waiting over the periods, on a logarithmic axis from seconds to days."""
    figure = _over_time(scope, periods, _("waiting"))
    names = labels(scope, periods)
    for line in lines:
        _line(figure, names, line)
    known = [v for line in lines for v in line.values if v]
    least, most = min(known, default=1), max(known, default=60)
    _spans_on(figure.update_yaxes, least, most)
    # Wide enough for two marks of the axis, however alike the days are.
    figure.update_yaxes(range=[math.log10(least / 3), math.log10(most * 3)])
    return _with_room(_marked(figure, scope, periods, marks))


def curves(
    lines: Mapping[str, tuple[Values, Values, str]], x_title: str, y_title: str
) -> go.Figure:
    """Shares that still wait after so many seconds: stairs on a logarithmic axis."""
    figure = _blank("", y_title)
    for name, (seconds, shares, colour) in lines.items():
        figure.add_scatter(
            x=list(seconds),
            y=list(shares),
            name=name,
            mode="lines",
            line={"color": colour, "width": 2.4, "shape": "hv"},
            customdata=[show.span(s) for s in seconds],
            hovertemplate="%{customdata}: %{y:.1%}",
        )
    figure.update_yaxes(tickformat=",.0%", range=[0, 1.02])
    known = [s for seconds, _shares, _colour in lines.values() for s in seconds if s]
    least, most = min(known, default=1), max(known, default=60)
    _spans_on(figure.update_xaxes, least, most)
    ends = (least, most) if least < most else (least / 3, most * 3)
    figure.update_xaxes(title_text=x_title, tickangle=0, range=[math.log10(s) for s in ends])
    return _with_room(figure.update_layout(hovermode="closest"))


def intervals(
    names: Sequence[str],
    points: Values,
    low: Values,
    high: Values,
    y_title: str,
    opens: Sequence[str] = (),
) -> go.Figure:
    """A point per name with its interval."""
    figure = _blank("", y_title)
    shown = look()
    figure.add_scatter(
        x=list(names),
        y=list(points),
        mode="markers",
        marker={"size": 10, "color": shown.accent},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": _gap(high, points),
            "arrayminus": _gap(points, low),
            "thickness": 2,
            "width": 5,
            "color": shown.soft,
        },
        customdata=[[door] for door in opens] or None,
        hovertemplate="%{y:.1%}<extra></extra>",
        showlegend=False,
    )
    figure.update_yaxes(tickformat=",.0%")
    figure.update_xaxes(type="category")
    return _with_room(figure).update_layout(margin_t=12)


def under(periods: Sequence[Any], past: Sequence[float | None]) -> list[float | None]:
    """The values of the span before below the periods of this one, first below first."""
    return [*past, *[None] * len(periods)][: len(periods)]


def labels(scope: Scope, periods: Sequence[Any]) -> list[str]:
    """The periods as the reader calls them in full: no two have the same name."""
    pattern = {
        "hour": "EEE d MMM, HH:mm",
        "day": "EEE, d MMMM y",
        "week": _("'week from' d MMMM y"),
        "month": "LLLL y",
    }[scope.window.grain]
    return [_said(moment, pattern) for moment in periods]


def ticks(scope: Scope, periods: Sequence[Any]) -> list[str]:
    """The periods in short, for below an axis."""
    is_long = len(periods) > 1 and (periods[-1] - periods[0]) > pd.Timedelta(days=370)
    pattern = {
        "hour": "HH:mm" if len(periods) <= 24 else "d MMM, HH:mm",
        "day": "d MMM",
        "week": "d MMM y" if is_long else "d MMM",
        "month": "LLL y",
    }[scope.window.grain]
    return [_said(moment, pattern) for moment in periods]


def _said(moment: Any, pattern: str) -> str:
    at = pd.Timestamp(moment).to_pydatetime()
    return dates.format_datetime(at, pattern, locale=lang())


def _blank(x_title: str, y_title: str) -> go.Figure:
    figure = charts.blank(x_title, y_title, look())
    figure.update_layout(
        height=charts.HEIGHT, dragmode=False, separators=",\u00a0" if lang() == "ru" else ".,"
    )
    figure.update_xaxes(fixedrange=True, automargin=False, ticklabelstandoff=5)
    return figure.update_yaxes(fixedrange=True, automargin=False)


def _with_room(figure: go.Figure) -> go.Figure:
    """Room for the axes, which Plotly would find by drawing everything once more. It still makes
    room for a second row of names, on a phone."""
    layout = figure.layout
    return figure.update_layout(
        margin={
            "t": 30,
            "l": 66 if layout.yaxis.title.text else 44,
            "b": 50 if layout.xaxis.title.text else 30,
        }
    )


def _over_time(scope: Scope, periods: Sequence[Any], unit: str, most: int = 7) -> go.Figure:
    """The unit stands above the axis of numbers, where it takes no room from them."""
    figure = _blank("", "")
    names, short = labels(scope, periods), ticks(scope, periods)
    step = max(1, -(-len(names) // most))
    figure.update_xaxes(
        type="category",
        tickmode="array",
        tickvals=names[::step],
        ticktext=short[::step],
        tickangle=0,
        categoryorder="array",
        categoryarray=names,
    )
    return figure.update_yaxes(title_text=unit)


def _line(figure: go.Figure, names: Sequence[str], line: Line) -> None:
    if line.band:
        _band(figure, names, line)
    known = [value for value in line.values if value is not None]
    doors = _doors(line, len(names))
    figure.add_scatter(
        x=list(names),
        y=list(line.values),
        name=line.name,
        mode="lines+markers" if len(known) < 10 else "lines",
        marker={"size": 6},
        line={"color": line.colour, "width": line.width, "dash": line.dash},
        fill="tozeroy" if line.is_filled else None,
        fillcolor=look().shade(line.colour, 0.1) if line.is_filled else None,
        customdata=doors,
        hovertemplate="%{customdata[0]}" if line.said else "%{y}",
        connectgaps=False,
    )


def _band(figure: go.Figure, names: Sequence[str], line: Line) -> None:
    hidden = {"mode": "lines", "line": {"width": 0}, "showlegend": False, "hoverinfo": "skip"}
    low, high = line.band or ((), ())
    figure.add_scatter(x=list(names), y=list(low), **hidden)
    figure.add_scatter(
        x=list(names),
        y=list(high),
        fill="tonexty",
        fillcolor=look().shade(line.colour, 0.13),
        **hidden,
    )


def _doors(line: Line, count: int) -> list[list[str]]:
    said = list(line.said) or [""] * count
    doors = list(line.opens) or [""] * count
    return [[text, door] for text, door in zip(said, doors, strict=True)]


def _marked(
    figure: go.Figure, scope: Scope, periods: Sequence[Any], marks: Sequence[Mark]
) -> go.Figure:
    """Thin lines where something changed; what it was stands behind a small sign."""
    moments = [pd.Timestamp(each) for each in periods]
    for place, said in _placed(moments, marks).items():
        figure.add_vline(x=place, line={"color": look().soft, "width": 1, "dash": "dot"})
        figure.add_annotation(
            x=place,
            y=0,
            yref="paper",
            yanchor="bottom",
            text="◆",
            showarrow=False,
            font={"size": 11, "color": look().warn},
            hovertext="<br>".join(said),
        )
    return figure


def _placed(moments: Sequence[pd.Timestamp], marks: Sequence[Mark]) -> dict[int, list[str]]:
    """What changed in each period, by its place on the axis."""
    found: dict[int, list[str]] = {}
    for mark in marks:
        places = [n for n, moment in enumerate(moments) if moment <= mark.at]
        if places:
            found.setdefault(places[-1], []).append(mark.said)
    return found


def _spans_on(update: Any, low: float, high: float) -> None:
    """An axis of spans that says 10 min, not 600."""
    shown = [
        (seconds, _(unit).format(n=size))
        for (seconds, unit), size in zip(WAITS, _SIZES, strict=True)
        if low / 12 <= seconds <= high * 12
    ]
    update(
        type="log",
        rangemode="normal",
        tickmode="array",
        tickvals=[seconds for seconds, _said in shown],
        ticktext=[said for _seconds, said in shown],
    )


def _whole_numbers(figure: go.Figure, values: Sequence[float | None]) -> go.Figure:
    """No half dialogs on the axis while there are few."""
    most = max((v for v in values if v is not None), default=0)
    return figure.update_yaxes(dtick=1) if most <= FEW else figure


def _gap(above: Values, below: Values) -> list[float | None]:
    return [
        a - b if a is not None and b is not None else None
        for a, b in zip(above, below, strict=True)
    ]
