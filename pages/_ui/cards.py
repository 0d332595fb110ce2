"""Cards: a title, a picture, and below it how it is counted, what is behind it and the file."""

from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from pages._ui.answers import language, theme
from pages._ui.i18n import _
from pages._ui.kept import Kept
from pages._ui.pieces.chart import chart as picture
from pages._ui.pieces.html import escape, joined, link, tag
from pages._ui.scope import Scope
from pages._ui.see import CLOSED, spot, why_closed
from pipeline import catalog

_pictures = Kept(512)


def plain(scope: Scope, name: str, title: str, body: str, *metrics: str, note: str = "") -> None:
    """A card of HTML alone. `metrics` are the names of what is counted in it."""
    with st.container(border=True, key=f"card_{name}", height="stretch", gap=None):
        st.html(_head(title, note) + tag("div", body, _class="body") + foot(scope, *metrics))


def chart(
    scope: Scope,
    name: str,
    title: str,
    build: Callable[[Scope], go.Figure],
    *metrics: str,
    note: str = "",
) -> None:
    """A card with a figure that `build` makes; its room is kept while it is drawn."""
    drawn = _pictures.get(
        (name, title, scope.key, language(), theme()), lambda: _picture(scope, name, title, build)
    )
    with st.container(border=True, key=f"card_{name}", height="stretch", gap=None):
        st.html(_head(title, note) + drawn + foot(scope, *metrics))


def _picture(scope: Scope, name: str, title: str, build: Callable[[Scope], go.Figure]) -> str:
    figure = build(scope)
    return picture(name, figure, alternative(title, figure))


def foot(scope: Scope, *metrics: str) -> str:
    """How this is counted, for each metric in a card; the drawer has the rest."""
    if not metrics:
        return ""
    first = metrics[0]
    known = catalog()[first].title(language())
    named = _("How this is counted: {name}").format(name=known)
    opening = next((name for name in metrics if catalog()[name].opens), None)
    if opening:
        label = f"{_('Dialogs')}: {catalog()[opening].title(language())}"
        behind = link(_("Dialogs"), scope.link(see=spot(opening)), label=label)
    else:
        behind = tag("span", escape(why_closed())) if first in CLOSED else ""
    parts = [
        link(_("How this is counted"), scope.link(how=" ".join(metrics)), label=named),
        behind,
        link(
            _("Numbers and files"),
            scope.link(data=first),
            label=f"{_('Numbers and files')}: {known}",
        ),
    ]
    return tag("div", joined(parts), _class="foot")


def alternative(title: str, figure: go.Figure) -> str:
    """What a person hears who does not see the figure: its title, and what each line says last."""
    said = [title]
    for trace in figure.data:
        values = _values(trace)
        if trace.name and values:
            said.append(
                _("{name}: from {low} to {high}").format(
                    name=trace.name, low=f"{min(values):.4g}", high=f"{max(values):.4g}"
                )
            )
    return ". ".join(said)


def _values(trace: Any) -> list[float]:
    values = trace.x if getattr(trace, "orientation", None) == "h" else getattr(trace, "y", None)
    return [float(v) for v in values or () if isinstance(v, int | float) and v == v]


def _head(title: str, note: str) -> str:
    under = tag("p", escape(note)) if note else ""
    return tag("div", tag("h3", escape(title)) + under, _class="head")
