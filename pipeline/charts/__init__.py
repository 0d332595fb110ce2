"""Figures in one look: colours that colour-blind people can tell apart, and a unit on every axis of
numbers."""

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from pipeline.charts.look import DARK, HEIGHT, LIGHT, LOOKS, Look

__all__ = [
    "DARK",
    "HEIGHT",
    "LIGHT",
    "LOOKS",
    "PALETTE",
    "Look",
    "bars",
    "blank",
    "funnel",
    "heatmap",
    "lines",
    "steps",
]

PALETTE = LIGHT.palette
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")


def lines(
    frame: pd.DataFrame,
    *,
    y: str,
    unit: str,
    x: str = "period",
    colour: str | None = None,
    low: str | None = None,
    high: str | None = None,
    x_title: str = "",
    y_title: str = "",
    names: Mapping[str, str] | None = None,
) -> go.Figure:
    """A line per value of the column `colour`. `low` and `high` name the columns of an interval,
    drawn as a band.

    `names` says how values of `colour` are shown. Rows without a period (the whole window) are left
    out.
    """
    figure = blank(x_title, _with_unit(y_title, unit))
    for n, (value, part) in enumerate(_parts(frame.dropna(subset=[x]), colour)):
        shade = PALETTE[n % len(PALETTE)]
        if low and high:
            figure.add_traces(_band(part, x, low, high, shade))
        figure.add_trace(
            go.Scatter(
                x=part[x],
                y=part[y],
                name=_shown(value, names),
                mode="lines+markers",
                line={"color": shade, "dash": _DASHES[n % len(_DASHES)], "width": 2},
                marker={"size": 5},
                hovertemplate=f"%{{y:.4~g}} {unit}",
                showlegend=colour is not None,
            )
        )
    return figure


def bars(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    unit: str,
    colour: str | None = None,
    x_title: str = "",
    y_title: str = "",
    names: Mapping[str, str] | None = None,
    stacked: bool = True,
) -> go.Figure:
    """Bars of `y` over `x`, one colour per value of `colour`, on top of each other or side by
    side."""
    figure = blank(x_title, _with_unit(y_title, unit))
    for n, (value, part) in enumerate(_parts(frame.dropna(subset=[x]), colour)):
        figure.add_trace(
            go.Bar(
                x=[_shown(each, names) for each in part[x]]
                if colour is None and names
                else part[x],
                y=part[y],
                name=_shown(value, names),
                marker={"color": PALETTE[n % len(PALETTE)]},
                hovertemplate=f"%{{y:.4~g}} {unit}",
                showlegend=colour is not None,
            )
        )
    return figure.update_layout(barmode="stack" if stacked else "group", bargap=0.25)


def heatmap(
    frame: pd.DataFrame,
    *,
    z: str,
    unit: str,
    x: str = "hour",
    y: str = "weekday",
    x_title: str = "",
    y_title: str = "",
    y_names: Sequence[str] | None = None,
) -> go.Figure:
    """A square per pair of `x` and `y`, the first `y` on top. `y_names` replace its values, in
    their order."""
    table = frame.pivot(index=y, columns=x, values=z).sort_index()
    rows = list(y_names) if y_names else [str(each) for each in table.index]
    figure = blank(x_title, y_title)
    figure.add_trace(
        go.Heatmap(
            z=table.to_numpy(),
            x=list(table.columns),
            y=rows,
            colorscale=[[n / 4, shade] for n, shade in enumerate(LIGHT.scale)],
            colorbar={"title": {"text": unit}},
            hovertemplate=f"%{{y}}, %{{x}}: %{{z}} {unit}<extra></extra>",
            xgap=1,
            ygap=1,
        )
    )
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure.update_layout(hovermode="closest")


def funnel(stages: Mapping[str, float], *, unit: str) -> go.Figure:
    """Stages from the widest to the narrowest; each shows its number and its share of the first."""
    figure = blank("", "")
    figure.add_trace(
        go.Funnel(
            y=list(stages),
            x=list(stages.values()),
            textinfo="value+percent initial",
            marker={"color": [PALETTE[n % len(PALETTE)] for n in range(len(stages))]},
            hovertemplate=f"%{{y}}: %{{x}} {unit}<extra></extra>",
        )
    )
    figure.update_xaxes(title={"text": unit})
    return figure.update_layout(hovermode="closest")


def steps(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    unit: str,
    colour: str | None = None,
    x_title: str = "",
    y_title: str = "",
    names: Mapping[str, str] | None = None,
    marks: Mapping[float, str] | None = None,
) -> go.Figure:
    """A stair per value of `colour`, as for shares that still wait. `marks` are named places on a
    logarithmic `x`."""
    figure = lines(
        frame, x=x, y=y, unit=unit, colour=colour, x_title=x_title, y_title=y_title, names=names
    )
    figure.update_traces(line={"shape": "hv"}, mode="lines")
    if marks:
        figure.update_xaxes(type="log", tickvals=list(marks), ticktext=list(marks.values()))
    return figure


def blank(x_title: str = "", y_title: str = "", look: Look = LIGHT) -> go.Figure:
    """Axes with nothing on them yet, in the look."""
    figure = go.Figure(layout={"template": look.template})
    figure.update_xaxes(title={"text": x_title})
    return figure.update_yaxes(title={"text": y_title})


def _parts(frame: pd.DataFrame, colour: str | None) -> list[tuple[str, pd.DataFrame]]:
    if colour is None:
        return [("", frame)]
    return [(str(value), part) for value, part in frame.groupby(colour, sort=True)]


def _band(part: pd.DataFrame, x: str, low: str, high: str, shade: str) -> list[go.Scatter]:
    sure = part.dropna(subset=[low, high])
    hidden = {"mode": "lines", "line": {"width": 0}, "showlegend": False, "hoverinfo": "skip"}
    return [
        go.Scatter(x=sure[x], y=sure[low], **hidden),
        go.Scatter(
            x=sure[x],
            y=sure[high],
            fill="tonexty",
            fillcolor=LIGHT.shade(shade, 0.15),
            **hidden,
        ),
    ]


def _shown(value: str, names: Mapping[str, str] | None) -> str:
    return (names or {}).get(str(value), str(value))


def _with_unit(title: str, unit: str) -> str:
    return f"{title}, {unit}" if title else unit
