"""The frame around every page: who looks, in which language, and the way from page to page."""

from pathlib import Path

import streamlit as st

from pages._ui import guard, i18n, sidebar, style
from pages._ui.i18n import _

HERE = Path(__file__).parent
PAGES = HERE.parent

st.set_page_config(
    page_title=_("Assistant"),
    page_icon=str(HERE / "static/icon.svg"),
    layout="wide",
    initial_sidebar_state="auto",
)
style.apply()
who = guard.require("viewer")

page = st.navigation(
    {
        _("Work"): [
            st.Page(
                PAGES / "overview.py",
                title=_("Overview"),
                icon=":material/monitoring:",
                url_path="overview",
                default=True,
            ),
            st.Page(
                PAGES / "chats.py", title=_("Chats"), icon=":material/forum:", url_path="chats"
            ),
            st.Page(
                PAGES / "leads.py",
                title=_("Leads"),
                icon=":material/person_check:",
                url_path="leads",
            ),
        ],
        _("Set-up"): [
            st.Page(
                PAGES / "listings.py",
                title=_("Listings"),
                icon=":material/sell:",
                url_path="listings",
            ),
            st.Page(
                PAGES / "connection.py",
                title=_("Connection"),
                icon=":material/link:",
                url_path="connection",
            ),
            st.Page(
                PAGES / "health.py",
                title=_("Health"),
                icon=":material/monitor_heart:",
                url_path="health",
            ),
        ],
    },
    expanded=True,
)
sidebar.show(who, i18n.lang())
page.run()
