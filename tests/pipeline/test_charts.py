"""Figures: a unit on every axis, one look, colours that can be told apart."""

import re

import pandas as pd
import plotly.graph_objects as go
import pytest

from pipeline import charts

DAYS = pd.to_datetime(["2026-05-12", "2026-05-13"])
FRAME = pd.DataFrame(
    {
        "period": [None, *DAYS, *DAYS],
        "author": ["all", "a", "a", "b", "b"],
        "share": [0.5, 0.1, 0.2, 0.3, None],
        "low": [0.4, 0.0, 0.1, 0.2, None],
        "high": [0.6, 0.2, 0.3, 0.4, None],
    }
)
GRID = pd.DataFrame({"weekday": [1, 1, 2, 2], "hour": [0, 1, 0, 1], "n": [1, 2, 3, 4]})


def figures() -> dict[str, go.Figure]:
    return {
        "lines": charts.lines(
            FRAME,
            y="share",
            colour="author",
            low="low",
            high="high",
            unit="share",
            y_title="Конверсия",
        ),
        "bars": charts.bars(FRAME, x="period", y="share", colour="author", unit="share"),
        "heatmap": charts.heatmap(GRID, z="n", unit="messages", y_names=["Пн", "Вт"]),
        "funnel": charts.funnel({"dialogs": 10, "leads": 3}, unit="dialogs"),
        "steps": charts.steps(
            GRID, x="hour", y="n", colour="weekday", unit="dialogs", marks={1: "1 h", 24: "1 day"}
        ),
    }


@pytest.mark.parametrize("name", ["lines", "bars", "heatmap", "funnel", "steps"])
def test_every_figure_has_a_unit_and_the_one_look(name: str) -> None:
    """
    The unit stands on an axis or on the scale of colours, and the template is ours.
    """
    figure = figures()[name]
    said = [figure.layout.xaxis.title.text, figure.layout.yaxis.title.text]
    said += [trace.colorbar.title.text for trace in figure.data if trace.type == "heatmap"]

    assert any(unit in (text or "") for text in said for unit in ("share", "messages", "dialogs"))
    assert charts.PALETTE == tuple(figure.layout.template.layout.colorway)


def test_the_whole_window_is_no_point_of_a_line() -> None:
    """
    Rows without a period are left out; each author has a colour, a dash and a band.
    """
    figure = charts.lines(FRAME, y="share", colour="author", low="low", high="high", unit="share")
    named = [trace for trace in figure.data if trace.name]

    assert ["a", "b"] == [trace.name for trace in named]
    assert (
        2 == len({trace.line.color for trace in named}) == len({trace.line.dash for trace in named})
    )
    assert 6 == len(figure.data)


def test_names_can_be_in_the_readers_language() -> None:
    """
    What is in the data is not what is on the page.
    """
    figure = charts.bars(
        FRAME, x="period", y="share", colour="author", unit="доля", names={"a": "Ассистент"}
    )

    assert ["Ассистент", "b"] == [trace.name for trace in figure.data]
    assert "доля" == figure.layout.yaxis.title.text


def test_an_empty_frame_is_an_empty_figure() -> None:
    """
    A day without dialogs draws axes, not a traceback.
    """
    empty = FRAME.iloc[:0]

    assert 0 == len(charts.lines(empty, y="share", colour="author", unit="share").data)
    assert 1 == len(charts.heatmap(GRID.iloc[:0], z="n", unit="messages").data)


def simulated(colour: str, missing: str) -> tuple[float, float, float]:
    """How a person without one kind of cone sees a colour (Viénot, Brettel and Mollon), in CIE Lab."""
    assert re.fullmatch("#[0-9A-F]{6}", colour)
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    if missing == "red":
        red, green = 0.11238 * red + 0.88762 * green, 0.11238 * red + 0.88762 * green
    elif missing == "green":
        red, green = 0.29275 * red + 0.70725 * green, 0.29275 * red + 0.70725 * green
    return _lab(red, green, blue)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _lab(red: float, green: float, blue: float) -> tuple[float, float, float]:
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("missing", ["none", "red", "green"])
def test_colours_can_be_told_apart_by_colour_blind_people(missing: str) -> None:
    """
    Ten colours; any two differ by more than ten steps of Lab, for people without red or green cones too.
    """
    seen = [simulated(colour, missing) for colour in charts.PALETTE]
    apart = {
        (charts.PALETTE[i], charts.PALETTE[j]): sum(
            (a - b) ** 2 for a, b in zip(seen[i], seen[j], strict=True)
        )
        ** 0.5
        for i in range(len(seen))
        for j in range(i)
    }

    assert 10 <= len(charts.PALETTE)
    assert min(apart.values()) > 10, min(apart, key=apart.__getitem__)
