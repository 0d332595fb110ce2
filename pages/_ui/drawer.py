"""The drawer: the dialogs behind a number, how it is counted, and the numbers as a table and a file."""

from collections.abc import Callable

import streamlit as st

from pages._ui import address, behind, counted, files, see
from pages._ui.answers import language
from pages._ui.i18n import _
from pages._ui.scope import Scope
from pages._ui.see import Spot
from pipeline import catalog

WIDTH = 560


def show(scope: Scope) -> None:
    """Opens it when the address says so; closing it is a step that the address tells of too."""
    told = st.query_params
    if how := told.get("how"):
        names = [name for name in how.split() if name in catalog()]
        if names:
            _open(_("How this is counted"), lambda: counted.show(names))
        return
    if (data := told.get("data")) in catalog():
        title = catalog()[str(data)].title(language())
        _open(title, lambda: files.show(scope, str(data)))
        return
    spot = see.read(told.get("see", ""))
    if spot and spot.metric in catalog():
        _open(_title(spot), lambda: behind.show(scope, spot, told.get("chat")))


def _open(title: str, inside: Callable[[], None]) -> None:
    st.dialog(title, width=WIDTH, position="right", on_dismiss=address.close_drawer)(inside)()


def _title(spot: Spot) -> str:
    return catalog()[spot.metric].title(language())
