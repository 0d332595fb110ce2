"""The place of a chart: charts.js draws the figure that it carries."""

import plotly.graph_objects as go
import plotly.io as pio

from pages._ui.pieces.html import tag


def chart(name: str, figure: go.Figure, said: str) -> str:
    """`name` is the chart's own on its page, `said` is what is heard by who does not see it."""
    told: str = pio.to_json(figure, validate=False, engine="orjson")
    # The sanitiser throws away an attribute that looks as if it ended a comment.
    told = told.replace("<", "\\u003c").replace(">", "\\u003e")
    return tag(
        "div",
        _class="chart",
        role="figure",
        aria_label=said,
        data_testid="stPlotlyChart",
        data_chart=name,
        data_figure=told,
    )
