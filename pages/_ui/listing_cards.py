"""Listings as cards with a switch each."""

from collections.abc import Sequence

import streamlit as st

from bot.client import Account, BotError, Listing
from pages._ui import show, source, trouble, words
from pages._ui.i18n import _, later, n_
from pages._ui.words import word

STATUSES = {"all": later("All"), "active": later("Active"), "old": later("Archived")}


def card(listing: Listing, *, may_switch: bool) -> None:
    """One listing. The switch is set to what the bot says in every run: never a wish."""
    key = f"ai-{listing.id}"
    st.session_state[key] = listing.ai_enabled
    state = "on" if listing.ai_enabled else "off"
    with st.container(border=True, key=f"card_listing_{state}_{listing.id}", height="stretch"):
        with st.container(horizontal=True, vertical_alignment="top", wrap=False):
            with st.container(gap="xxsmall", width="stretch"):
                st.markdown(f"**{plain(listing.title)}**")
                price = show.money(listing.price)
                st.caption(" · ".join(filter(None, (price, plain(listing.address or "")))))
            st.toggle(
                _("The assistant answers: {title}").format(title=listing.title),
                key=key,
                disabled=not may_switch,
                label_visibility="collapsed",
                on_change=_switch,
                args=(listing, key),
            )
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if listing.ai_enabled:
                st.badge(_("the assistant answers"), icon=":material/smart_toy:", color="blue")
            else:
                st.badge(_("off"), icon=":material/pause_circle:", color="gray")
            if listing.status != "active":
                st.badge(word(words.LISTING_STATUSES, listing.status), color="orange")
            if listing.url:
                st.markdown(f":small[[{_('on Avito')} ↗]({listing.url})]")


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


def plain(text: str) -> str:
    """Text of Avito's as text: nothing in it is markdown."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>()#+-!|:$~" else c for c in text)
