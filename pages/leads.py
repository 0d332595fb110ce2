"""What went to the CRM, and how that goes."""

import streamlit as st

from bot.client import BotError
from pages._ui import guard, lead_cards, source, trouble, words
from pages._ui.heading import head
from pages._ui.i18n import _
from pages._ui.words import word

who = guard.require("viewer")
PER_PAGE = 20


@st.fragment(run_every=5)
def the_leads() -> None:
    state = st.session_state.get("lead_state", "all")
    try:
        page = source.bot().leads(
            page=st.session_state.get("lead_page", 1),
            limit=PER_PAGE,
            status=None if state == "all" else state,
        )
    except BotError as error:
        trouble.banner(error)
        return
    if not page.rows:
        lead_cards.nothing(is_filtered=state != "all")
        return
    with st.grid("auto", min_column_width=330, gap="small", key="lead_grid"):
        for lead in page.rows:
            lead_cards.card(lead, may_retry=who.may("manager"))
    if page.total_pages > 1:
        with st.container(horizontal_alignment="center"):
            st.pagination(page.total_pages, key="lead_page")


def from_the_start() -> None:
    st.session_state["lead_page"] = 1


with head(_("Leads"), _("A lead is made when a client leaves a phone number.")):
    pass
st.segmented_control(
    _("State"),
    ["all", "failed", "new", "sending", "sent", "unknown"],
    key="lead_state",
    default="all",
    required=True,
    format_func=lambda code: _("All") if code == "all" else word(words.LEAD_SHORT, code),
    label_visibility="collapsed",
    on_change=from_the_start,
)
the_leads()
