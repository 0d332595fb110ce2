"""The address of the page is what a person looks at: shared, reloaded, gone back to, it shows the same.

Streamlit drops the query when it goes to another page; a view goes along because the links carry it
(links.js), and where one does not, because the session remembers.
"""

from html import escape
from urllib.parse import urlencode

import streamlit as st

from pages._ui import view as views
from pages._ui.view import View

DRAWER = ("see", "how", "data", "chat")
"""Names in the address that open the drawer; they belong to one page."""

WITH_VIEW = ("overview", "response", "traffic", "assistant", "leads", "listings", "quality")
"""Pages that show numbers: a link to one takes the period and the filters along."""


def current(page: str) -> View:
    """The view of this run of `page`. The address wins; where a page was come to without any, the
    one from before is put into the address."""
    told = st.query_params.to_dict()
    remembered = st.session_state.get("view")
    is_new = st.session_state.get("page") != page
    st.session_state["page"] = page
    if is_new and remembered and not views.is_told(told):
        st.query_params.from_dict(told | remembered.query)
        found: View = remembered
    else:
        found = views.read(told)
    st.session_state["view"] = found
    return found


def remembered() -> View:
    """The view that was looked at last; the usual one in the beginning."""
    found: View = st.session_state.get("view", View())
    return found


def show(view: View) -> None:
    """From now on the person looks at `view`: a step that Back takes back."""
    kept = {
        name: code
        for name, code in st.query_params.to_dict().items()
        if name not in views.NAMES and name not in DRAWER
    }
    st.session_state["view"] = view
    st.query_params.from_dict(kept | view.query)


def close_drawer() -> None:
    kept = {n: c for n, c in st.query_params.to_dict().items() if n not in DRAWER}
    st.query_params.from_dict(kept)


def carry() -> None:
    """Tells links.js which view goes along, and to which pages."""
    query = escape(urlencode(remembered().query))
    st.html(
        f'<span id="view" hidden data-query="{query}" data-names="{" ".join(views.NAMES)}" '
        f'data-pages="{" ".join(WITH_VIEW)}"></span>'
    )
