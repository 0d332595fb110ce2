"""The frame around every page: who looks, in which language, and the way from page to page."""

from pathlib import Path

import streamlit as st

from pages._ui import guard, i18n, sidebar, style
from pages._ui.i18n import _, later

HERE = Path(__file__).parent
PAGES = HERE.parent
TITLES = {
    "overview": (later("Overview"), ":material/monitoring:"),
    "chats": (later("Chats"), ":material/forum:"),
    "leads": (later("Leads"), ":material/person_check:"),
    "listings": (later("Listings"), ":material/sell:"),
    "connection": (later("Connection"), ":material/link:"),
    "health": (later("Health"), ":material/monitor_heart:"),
}

st.set_page_config(
    page_title=_("Assistant"),
    page_icon=str(HERE / "static/icon.svg"),
    layout="wide",
    initial_sidebar_state="auto",
)
style.apply()
who = guard.require("viewer")

pages = {
    name: st.Page(
        PAGES / f"{name}.py", title=_(title), icon=icon, url_path=name, default=name == "overview"
    )
    for name, (title, icon) in TITLES.items()
}
st.session_state["pages"] = pages
page = st.navigation(
    {
        _("Work"): [pages["overview"], pages["chats"], pages["leads"]],
        _("Set-up"): [pages["listings"], pages["connection"], pages["health"]],
    },
    expanded=True,
)
sidebar.show(who, i18n.lang())
page.run()
