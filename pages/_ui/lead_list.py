"""The leads to work with, and beside them what they depend on."""

import streamlit as st

from bot.client import BotError
from pages._ui import guard, lead_cards, lead_numbers, source, trouble, words
from pages._ui.answers import ask_ahead
from pages._ui.i18n import _
from pages._ui.scope import Scope
from pages._ui.words import word

PER_PAGE = 20


def show(scope: Scope | None) -> None:
    """The list; with a log also a tab of charts."""
    if scope is None:
        _list()
        return
    first, second = st.tabs([_("List"), _("Charts")], key="lead_tabs", on_change="rerun")
    if first.open:
        with first:
            _list()
    if second.open:
        with second:
            ask_ahead("leads, charts", scope)
            lead_numbers.charts(scope)


def _list() -> None:
    st.segmented_control(
        _("State"),
        ["all", "failed", "new", "sending", "sent", "unknown"],
        key="lead_state",
        default="all",
        required=True,
        format_func=lambda code: _("All") if code == "all" else word(words.LEAD_SHORT, code),
        label_visibility="collapsed",
        on_change=_from_the_start,
    )
    _the_leads()


@st.fragment(run_every=5)
def _the_leads() -> None:
    who = guard.person()
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


def _from_the_start() -> None:
    st.session_state["lead_page"] = 1
