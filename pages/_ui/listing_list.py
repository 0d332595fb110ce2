"""The listings with their switches, and beside them what each brings."""

import streamlit as st

from bot.client import BotError
from pages._ui import guard, listing_cards, listing_numbers, listing_sync, source, trouble
from pages._ui.answers import ask_ahead
from pages._ui.i18n import _
from pages._ui.scope import Scope

PER_PAGE = 24


def controls() -> None:
    """Beside the title: reading the listings from Avito anew."""
    if guard.person().may("manager"):
        listing_sync.button()


def show(scope: Scope | None) -> None:
    """The switches; with a log also a tab of numbers."""
    listing_sync.progress()
    if scope is None:
        _list()
        return
    first, second = st.tabs([_("Switches"), _("Numbers")], key="listing_tabs", on_change="rerun")
    if first.open:
        with first:
            _list()
    if second.open:
        with second:
            ask_ahead("listings, charts", scope)
            listing_numbers.charts(scope)


def _list() -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="listing_filters"):
        st.text_input(
            _("Search"),
            key="listing_q",
            type="search",
            placeholder=_("Title of the listing"),
            icon=":material/search:",
            label_visibility="collapsed",
            on_change=_from_the_start,
            width=340,
        )
        st.segmented_control(
            _("Status"),
            list(listing_cards.STATUSES),
            key="listing_status",
            default="all",
            required=True,
            format_func=lambda code: _(listing_cards.STATUSES[code]),
            label_visibility="collapsed",
            on_change=_from_the_start,
        )
    st.caption(_("A switch takes effect with the next message that a client sends."))
    _the_listings()


@st.fragment(run_every=10)
def _the_listings() -> None:
    who = guard.person()
    status = st.session_state.get("listing_status", "all")
    try:
        page = source.bot().listings(
            page=st.session_state.get("listing_page", 1),
            limit=PER_PAGE,
            status=None if status == "all" else status,
            q=st.session_state.get("listing_q") or None,
        )
    except BotError as error:
        trouble.banner(error)
        return
    if not page.rows:
        listing_cards.nothing()
        return
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        listing_cards.totals(page.total, source.accounts())
        if who.may("manager"):
            listing_cards.switch_for_all(page.rows)
    with st.grid("auto", min_column_width=330, gap="small", key="listing_grid"):
        for listing in page.rows:
            listing_cards.card(listing, may_switch=who.may("manager"))
    if page.total_pages > 1:
        with st.container(horizontal_alignment="center"):
            st.pagination(page.total_pages, key="listing_page")


def _from_the_start() -> None:
    st.session_state["listing_page"] = 1
