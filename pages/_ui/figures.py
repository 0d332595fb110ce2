"""The overview's pictures in the theme's colours and the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from babel import dates

from pages._ui import show
from pages._ui.i18n import _, lang

HEIGHT = 300
FEW = 5
PEOPLE = ("human_app", "human_dashboard")


@dataclass(frozen=True)
class Colours:
    accent: str
    second: str
    warn: str
    soft: str
    grid: str
    text: str
    fill: str
    scale: Sequence[str]


COLOURS = {
    "light": Colours(
        accent="#3350D4",
        second="#0E9F7E",
        warn="#E08A00",
        soft="#98A2B8",
        grid="#E9ECF2",
        text="#4C566C",
        fill="rgba(51,80,212,.14)",
        scale=("#F0F3FB", "#BFC9F7", "#7F92EA", "#445FD8", "#1D2E80"),
    ),
    "dark": Colours(
        accent="#7E97FF",
        second="#2FC49A",
        warn="#F2A63B",
        soft="#7C879F",
        grid="#262E3F",
        text="#AEB7CA",
        fill="rgba(126,151,255,.16)",
        scale=("#1D2434", "#2A3A70", "#3E58AE", "#647FE6", "#C3CEFF"),
    ),
}


def who_answers(frame: pd.DataFrame, days: list[Any], colours: Colours) -> go.Figure:
    """Dialogs per day by who gave the first answer: bars on top of each other."""
    groups: Mapping[str, tuple[Sequence[str], str]] = {
        _("Assistant"): (("assistant",), colours.accent),
        _("Person"): (PEOPLE, colours.second),
        _("Nobody yet"): (("nobody",), colours.warn),
    }
    figure = _figure(colours)
    for name, (authors, colour) in groups.items():
        part = frame[frame["answered_by"].isin(authors)]
        counts = part.groupby("period")["dialogs"].sum().reindex(days, fill_value=0)
        figure.add_bar(x=_labels(days), y=counts.to_list(), name=name, marker_color=colour)
    figure.update_layout(barmode="stack", bargap=0.28, barcornerradius=3)
    _whole_numbers(figure, frame.groupby("period")["dialogs"].max().max())
    return _days_below(figure, days)


def leads(frame: pd.DataFrame, before: pd.DataFrame, colours: Colours) -> go.Figure:
    """Leads per day, the span before as a dotted line under the same days."""
    days = list(frame["period"])
    labels = _labels(days)
    earlier = before["leads"].to_list()[-len(days) :]
    figure = _figure(colours)
    if any(earlier):
        figure.add_scatter(
            x=labels,
            y=earlier,
            name=_("Span before"),
            mode="lines",
            line={"color": colours.soft, "width": 1.6, "dash": "dot"},
        )
    figure.add_scatter(
        x=labels,
        y=frame["leads"].to_list(),
        name=_("This span"),
        mode="lines",
        line={"color": colours.accent, "width": 2.6, "shape": "spline", "smoothing": 0.5},
        fill="tozeroy",
        fillcolor=colours.fill,
    )
    _whole_numbers(figure, frame["leads"].max())
    return _days_below(figure, days)


def waits(frame: pd.DataFrame, colours: Colours) -> go.Figure:
    """Seconds until the first answer: half of the clients, and nine of ten; a logarithmic axis."""
    everyone = frame[frame["answered_by"] == "all"]
    days = list(everyone["period"])
    figure = _figure(colours)
    for name, column, colour, width in (
        (_("9 of 10 clients"), "p90_seconds", colours.warn, 1.8),
        (_("Half of the clients"), "median_seconds", colours.accent, 2.6),
    ):
        seconds = everyone[column]
        figure.add_scatter(
            x=_labels(days),
            y=seconds.to_list(),
            name=name,
            mode="lines+markers" if len(days) < 8 else "lines",
            line={"color": colour, "width": width},
            customdata=[show.span(None if pd.isna(s) else s) for s in seconds],
            hovertemplate="%{customdata}",
            connectgaps=True,
        )
    ticks = {
        10: _("{n} s"),
        60: _("{n} min"),
        600: _("{n} min"),
        3600: _("{n} h"),
        36_000: _("{n} h"),
    }
    sizes = (10, 1, 10, 1, 10)
    figure.update_yaxes(
        type="log",
        rangemode="normal",
        tickvals=list(ticks),
        ticktext=[unit.format(n=n) for unit, n in zip(ticks.values(), sizes, strict=True)],
    )
    return _days_below(figure, days, most=4)


def hours(frame: pd.DataFrame, colours: Colours) -> go.Figure:
    """A square per weekday and hour, darker where more dialogs begin."""
    table = frame.pivot(index="weekday", columns="hour", values="dialogs").sort_index()
    names = dates.get_day_names("abbreviated", locale=lang())
    figure = _figure(colours)
    figure.add_heatmap(
        z=table.to_numpy(),
        x=list(table.columns),
        y=[names[day - 1].capitalize() for day in table.index],
        colorscale=[[n / 4, shade] for n, shade in enumerate(colours.scale)],
        xgap=3,
        ygap=3,
        showscale=False,
        hovertemplate="%{y}, %{x}:00 · %{z}<extra></extra>",
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, tickvals=None, nticks=8)
    figure.update_xaxes(tickvals=list(range(0, 24, 3)), showgrid=False, range=[-0.5, 23.5])
    return figure.update_layout(hovermode="closest", margin_t=8)


def funnel(stages: Mapping[str, int], colours: Colours) -> go.Figure:
    """Bars from the widest to the narrowest, each with its number and its share of the first."""
    first = max(1, next(iter(stages.values())))
    names, counts = list(stages), list(stages.values())
    figure = _figure(colours)
    for n, (name, count) in enumerate(stages.items()):
        half = max(count / first, 0.012) / 2
        figure.add_bar(
            orientation="h",
            y=[name],
            x=[2 * half],
            base=[-half],
            marker_color=colours.second if n == len(stages) - 1 else colours.accent,
            opacity=1 - 0.16 * n if n < len(stages) - 1 else 1,
            hovertemplate=f"{name}: {show.number(count)}<extra></extra>",
            showlegend=False,
        )
    figure.update_layout(bargap=0.22, barcornerradius=5, hovermode="closest", margin_t=8)
    figure.update_xaxes(visible=False, range=[-0.52, 1.12])
    figure.update_yaxes(autorange="reversed", showgrid=False, tickvals=names)
    for name, count in zip(names, counts, strict=True):
        figure.add_annotation(
            x=1.1,
            y=name,
            xanchor="right",
            showarrow=False,
            text=f"<b>{show.number(count)}</b>  {show.percent(count / first)}",
            font={"size": 14, "color": colours.text},
        )
    return figure


def _figure(colours: Colours) -> go.Figure:
    figure = go.Figure()
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 4, "r": 4, "t": 34, "b": 4},
        hovermode="x unified",
        legend={
            "orientation": "h",
            "y": 1.0,
            "yanchor": "bottom",
            "x": 0,
            "font_size": 12.5,
            "traceorder": "normal",
        },
        font_color=colours.text,
        dragmode=False,
        separators=", " if lang() == "ru" else ".,",
    )
    figure.update_xaxes(showgrid=False, zeroline=False, fixedrange=True, tickfont_size=12)
    figure.update_yaxes(
        gridcolor=colours.grid,
        zeroline=False,
        rangemode="tozero",
        fixedrange=True,
        nticks=5,
        tickfont_size=12,
    )
    return figure


def _whole_numbers(figure: go.Figure, most: float) -> None:
    """No half dialogs on the axis while there are few."""
    if pd.isna(most) or most <= FEW:
        figure.update_yaxes(dtick=1)


def _labels(days: Sequence[Any]) -> list[str]:
    """22 нояб., or 14:00 for hours; categories, because plotly itself speaks only English."""
    moments = [pd.Timestamp(day) for day in days]
    if len(moments) > 1 and moments[1] - moments[0] < pd.Timedelta(days=1):
        return [f"{moment:%H:%M}" for moment in moments]
    return [dates.format_date(moment.date(), "d MMM", locale=lang()) for moment in moments]


def _days_below(figure: go.Figure, days: Sequence[Any], most: int = 6) -> go.Figure:
    labels = _labels(days)
    step = max(1, -(-len(labels) // most))
    return figure.update_xaxes(
        type="category", tickvals=labels[::step], ticktext=labels[::step], tickangle=0
    )
