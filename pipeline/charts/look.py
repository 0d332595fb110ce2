"""The one look of all figures: in the light and in the dark, for people who see colours differently."""

from dataclasses import dataclass

import plotly.graph_objects as go
import plotly.io as pio

FONT = "Inter, sans-serif"
HEIGHT = 290


@dataclass(frozen=True)
class Look:
    """`palette` begins with the assistant, people, and what is missing. `scale` goes from little to
    much; `soft` is for what stands behind, `warn` for what hurts."""

    name: str
    palette: tuple[str, ...]
    text: str
    soft: str
    grid: str
    card: str
    scale: tuple[str, ...]

    @property
    def accent(self) -> str:
        return self.palette[0]

    @property
    def second(self) -> str:
        return self.palette[1]

    @property
    def warn(self) -> str:
        return self.palette[2]

    def shade(self, colour: str, share: float = 0.14) -> str:
        """`colour` to lie under lines."""
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return f"rgba({red},{green},{blue},{share})"

    @property
    def template(self) -> go.layout.Template:
        return pio.templates[self.name]


LIGHT = Look(
    name="avito",
    palette=(
        "#3350D4",
        "#0E9F7E",
        "#E08A00",
        "#242C4C",
        "#44A4E4",
        "#7A1120",
        "#B6359C",
        "#8F6A2A",
        "#8C95A8",
        "#3F0D63",
    ),
    text="#4C566C",
    soft="#8C95A8",
    grid="#E9ECF2",
    card="#FFFFFF",
    scale=("#F0F3FB", "#BFC9F7", "#7F92EA", "#445FD8", "#1D2E80"),
)
DARK = Look(
    name="avito_dark",
    palette=(
        "#7E97FF",
        "#2FC49A",
        "#F2A63B",
        "#F4F1C6",
        "#167E98",
        "#B64F35",
        "#E79BDC",
        "#A8EAFA",
        "#8134F4",
        "#98A2B8",
    ),
    text="#AEB7CA",
    soft="#7C879F",
    grid="#262E3F",
    card="#171C27",
    scale=("#1D2434", "#2A3A70", "#3E58AE", "#647FE6", "#C3CEFF"),
)
LOOKS = {"light": LIGHT, "dark": DARK}


def _template(look: Look) -> go.layout.Template:
    axis = {
        "automargin": True,
        "zeroline": False,
        "tickfont": {"size": 12},
        "title": {"font": {"size": 12}, "standoff": 8},
    }
    return go.layout.Template(
        layout=go.Layout(
            colorway=list(look.palette),
            colorscale={
                "sequential": [[n / 4, shade] for n, shade in enumerate(look.scale)],
            },
            paper_bgcolor="rgba(0,0,0,0)",
            plot_bgcolor="rgba(0,0,0,0)",
            font={"family": FONT, "size": 13, "color": look.text},
            height=HEIGHT,
            margin={"l": 4, "r": 8, "t": 30, "b": 4},
            hovermode="x unified",
            hoverlabel={
                "bgcolor": look.card,
                "bordercolor": look.grid,
                "font": {"family": FONT, "size": 13, "color": look.text},
            },
            legend={
                "orientation": "h",
                "yanchor": "bottom",
                "y": 1.0,
                "x": 0,
                "title": {"text": ""},
                "font": {"size": 12.5},
                "traceorder": "normal",
            },
            xaxis=axis | {"showgrid": False},
            yaxis=axis | {"gridcolor": look.grid, "rangemode": "tozero", "nticks": 6},
        )
    )


for _look in LOOKS.values():
    pio.templates[_look.name] = _template(_look)
