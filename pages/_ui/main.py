"""The frame around every page: who looks, in which language, and the way from page to page."""

from pathlib import Path

import streamlit as st

from pages._ui import address, guard, i18n, sidebar, style
from pages._ui.i18n import _, later

HERE = Path(__file__).parent
PAGES = HERE.parent
SECTIONS = {
    later("Work"): {
        "overview": (later("Overview"), ":material/monitoring:"),
        "chats": (later("Chats"), ":material/forum:"),
        "leads": (later("Leads"), ":material/person_check:"),
        "notices": (later("Notices"), ":material/notifications:"),
    },
    later("Numbers"): {
        "response": (later("Response"), ":material/timer:"),
        "traffic": (later("Traffic"), ":material/bar_chart:"),
        "assistant": (later("Assistant"), ":material/smart_toy:"),
        "quality": (later("Data quality"), ":material/fact_check:"),
    },
    later("Assistant's work"): {
        "instructions": (later("Instructions"), ":material/edit_note:"),
        "playground": (later("Playground"), ":material/science:"),
        "follow_ups": (later("Follow-ups"), ":material/schedule_send:"),
        "budget": (later("Budget"), ":material/account_balance_wallet:"),
    },
    later("Set-up"): {
        "listings": (later("Listings"), ":material/sell:"),
        "connection": (later("Connection"), ":material/link:"),
        "health": (later("Health"), ":material/monitor_heart:"),
    },
}
"""Every page by the name of its file, with its title and its sign."""

st.set_page_config(
    page_title=_("Assistant"),
    page_icon=str(HERE / "static/icon.svg"),
    layout="wide",
    initial_sidebar_state="auto",
)
# What is not to be seen takes no room, not even while its element is being loaded.
unseen = st.container(key="unseen")
with unseen:
    style.apply()
who = guard.require("viewer")

sections = {
    _(section): [
        st.Page(
            PAGES / f"{name}.py",
            title=_(title),
            icon=icon,
            url_path=name,
            default=name == "overview",
        )
        for name, (title, icon) in entries.items()
    ]
    for section, entries in SECTIONS.items()
}
st.session_state["pages"] = {
    page.url_path or "overview": page for pages in sections.values() for page in pages
}
page = st.navigation(sections, expanded=True)
sidebar.show(who, i18n.lang())
with unseen:
    mark = st.container()
page.run()
with mark:
    address.carry()
