"""Listings as cards with a switch each."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from bot.client import Account, BotError, Listing
from pages._ui import show, source, trouble, words
from pages._ui.control import haggling, modes
from pages._ui.i18n import _, later, n_
from pages._ui.words import word

STATUSES = {"all": later("All"), "active": later("Active"), "old": later("Archived")}


def card(listing: Listing, *, may_switch: bool) -> None:
    """One listing. The switch is set to what the bot says in every run: never a wish."""
    key = f"ai-{listing.id}"
    st.session_state[key] = listing.ai_enabled
    state = "on" if listing.ai_enabled else "off"
    with (
        st.container(border=True, key=f"card_listing_{state}_{listing.id}", height="stretch"),
        st.container(horizontal=True, vertical_alignment="top", wrap=False),
    ):
        with st.container(width="stretch", gap="xxsmall"):
            st.html(_about(listing))
            if may_switch:
                with st.container(horizontal=True, gap="small"):
                    modes.picker(listing)
                    haggling.opener(listing)
        st.toggle(
            _("The assistant answers: {title}").format(title=listing.title),
            key=key,
            disabled=not may_switch,
            label_visibility="collapsed",
            on_change=_switch,
            args=(listing, key),
        )


def _about(listing: Listing) -> str:
    about = " · ".join(filter(None, (show.money(listing.price), listing.address)))
    state = modes.said(listing)
    if listing.status != "active":
        state = f"{word(words.LISTING_STATUSES, listing.status)} · {state}"
    link = ""
    if (listing.url or "").startswith("https://"):
        link = (
            f' · <a href="{escape(listing.url or "")}" target="_blank" rel="noopener noreferrer">'
            f"{escape(_('on Avito'))} ↗</a>"
        )
    return (
        f'<div class="thing"><b>{escape(listing.title)}</b><span>{escape(about)}</span>'
        f"<span>{escape(state)}{link}</span></div>"
    )


def switch_for_all(shown: Sequence[Listing]) -> None:
    """One switch for all that are shown, search and filter included."""
    st.session_state["ai-all"] = all(listing.ai_enabled for listing in shown)
    st.toggle(
        _("All that are shown"),
        key="ai-all",
        on_change=_switch_all,
        args=(tuple(shown),),
        help=_("Switches every listing on this page of the list."),
    )


def totals(found: int, accounts: Sequence[Account]) -> None:
    total = sum(account.listings.total for account in accounts)
    on = sum(account.listings.ai_enabled for account in accounts)
    text = n_("{n} listing", "{n} listings", found).format(n=show.number(found))
    if total:
        text += " · " + _("the assistant answers for {on} of {total}").format(
            on=show.number(on), total=show.number(total)
        )
    st.markdown(f":gray[{text}]", width="content")


def nothing() -> None:
    """Says what to do when the list is empty."""
    with st.container(border=True, key="card_no_listings"):
        if st.session_state.get("listing_q") or st.session_state.get("listing_status") != "all":
            st.markdown(_("No listing fits. Change the search or the filter."))
        elif source.accounts():
            st.markdown(_("**No listings yet.** Press “Sync with Avito” above to read them."))
        else:
            st.markdown(_("**No account is connected yet.** Listings come with the account."))
            st.page_link(
                st.session_state["pages"]["connection"],
                label=_("Connect an account"),
                icon=":material/link:",
            )


def _switch(listing: Listing, key: str) -> None:
    wanted = bool(st.session_state[key])
    try:
        source.bot().set_ai(listing.id, wanted)
    except BotError as error:
        st.session_state[key] = listing.ai_enabled
        trouble.toast(error)
    else:
        source.forget_accounts()
        said = _("The assistant answers: {title}") if wanted else _("The assistant is off: {title}")
        st.toast(said.format(title=listing.title), icon=":material/check:")


def _switch_all(shown: Sequence[Listing]) -> None:
    wanted = bool(st.session_state["ai-all"])
    changed = 0
    try:
        for listing in shown:
            if listing.ai_enabled != wanted:
                source.bot().set_ai(listing.id, wanted)
                changed += 1
    except BotError as error:
        trouble.toast(error)
    source.forget_accounts()
    if changed:
        said = n_("{n} listing switched", "{n} listings switched", changed)
        st.toast(said.format(n=show.number(changed)), icon=":material/check:")
