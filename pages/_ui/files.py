"""The numbers behind a picture as a table, and as a file with the definition inside."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from pages._ui import show as shown
from pages._ui import words
from pages._ui.answers import answer, known, language
from pages._ui.i18n import _
from pages._ui.pieces.html import escape, joined, tag
from pages._ui.scope import Scope
from pages._ui.words import word
from pipeline import catalog
from pipeline.columns import label
from pipeline.export import WRITERS

MOST = 60
KINDS = {
    ".csv": ("CSV", "text/csv"),
    ".xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".parquet": ("Parquet", "application/vnd.apache.parquet"),
}


def show(scope: Scope, name: str) -> None:
    """Three buttons and the rows; a file is made when its button is pressed."""
    metric = catalog()[name]
    frame = answer(name, scope)
    st.caption(metric.asks(language()))
    buttons(scope, name, lambda: answer(name, scope))
    st.html(table(frame))


def buttons(
    scope: Scope,
    name: str,
    rows: Callable[[], pd.DataFrame],
    dialogs_of: Mapping[str, object] | None = None,
) -> None:
    """A button per kind of file; `rows` are asked for when one is pressed. With `dialogs_of` they
    are the dialogs behind the number that stands there."""
    day = f"{scope.window.start.astimezone(scope.zone):%Y-%m-%d}"
    file = f"{name}_{day}" if dialogs_of is None else f"{name}_dialogs_{day}"
    with st.container(horizontal=True, gap="small", key="files"):
        for ending, (label, mime) in KINDS.items():
            st.download_button(
                label,
                data=_file(scope, name, ending, rows, dialogs_of),
                file_name=f"{file}{ending}",
                mime=mime,
                key=f"file{ending}",
                icon=":material/download:",
                on_click="ignore",
            )
    st.caption(_("The definition and the filter stand in the file."))


def table(frame: pd.DataFrame) -> str:
    """The first rows; below what a column is called stands the name that the file has for code."""
    head = joined(tag("th", _called(str(name)), scope="col") for name in frame.columns)
    body = joined(
        tag(
            "tr",
            joined(
                tag("td", escape(_cell(str(name), value)))
                for name, value in zip(frame.columns, row, strict=True)
            ),
        )
        for row in frame.head(MOST).itertuples(index=False)
    )
    inside = tag("table", tag("thead", tag("tr", head)) + tag("tbody", body))
    return tag("div", inside, _class="data", tabindex="0", role="region", aria_label=_("Numbers"))


def _called(name: str) -> str:
    said = label(name, language())
    return escape(said) + (tag("small", escape(name)) if said != name else "")


def _cell(name: str, value: object) -> str:
    value = known(value)
    if value is None:
        return _("whole span") if name == "period" else shown.NOTHING
    if name.endswith("_id") and isinstance(value, int | float):
        return str(int(value))
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d %H:%M}" if value.hour or value.minute else f"{value:%Y-%m-%d}"
    if isinstance(value, int | float):
        return shown.number(value, 4)
    return word(words.CELLS.get(name, {}), str(value))


def _file(
    scope: Scope,
    name: str,
    ending: str,
    rows: Callable[[], pd.DataFrame],
    dialogs_of: Mapping[str, object] | None,
) -> Callable[[], bytes]:
    tongue = language()

    def make() -> bytes:
        return WRITERS[ending](
            catalog()[name],
            rows(),
            scope.window,
            tongue,
            made_at=datetime.now(UTC),
            dialogs_of=dialogs_of,
        )

    return make
