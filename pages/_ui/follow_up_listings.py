"""A word for each listing: its silent clients are written to as the account says, always, or never."""

import streamlit as st

from bot.client import Account, BotError, FollowUps, Listing
from pages._ui import show, source, trouble
from pages._ui.i18n import _, later
from pages._ui.text import plain

PER_PAGE = 12
WISHES = {
    "account": later("As the account"),
    "on": later("Yes"),
    "off": later("No"),
}
_WANTED = {"account": None, "on": True, "off": False}


def show_for(account: Account, told: FollowUps, *, may_write: bool) -> None:
    """The listings of an account that are at Avito, with what holds for each; asked for when they are opened."""
    opened = st.expander(
        _("Listings that differ from the account"),
        key=f"follow_listings_{account.id}",
        on_change="rerun",
    )
    if opened.open:
        with opened:
            _listings(account.id, told, may_write=may_write)


def _listings(account_id: int, told: FollowUps, *, may_write: bool) -> None:
    st.caption(_says(told))
    words = st.text_input(
        _("Search"),
        key=f"follow_q_{account_id}",
        type="search",
        placeholder=_("Title of the listing"),
        label_visibility="collapsed",
        on_change=_from_the_start,
        args=(account_id,),
    )
    page = source.bot().listings(
        page=st.session_state.get(f"follow_page_{account_id}", 1),
        limit=PER_PAGE,
        status="active",
        account_id=account_id,
        q=words or None,
    )
    if not page.rows:
        st.markdown(_("No listing fits. Change the search or the filter."))
    for listing in page.rows:
        _row(listing, may_write=may_write)
    if page.total_pages > 1:
        st.pagination(page.total_pages, key=f"follow_page_{account_id}")


def _says(told: FollowUps) -> str:
    """What “As the account”, “Yes” and “No” mean right now."""
    if told.plan:
        return _(
            "May silent clients of a listing be written to again? “As the account” and “Yes”: by the plan above; “Yes” also "
            "stays when that is taken back. “No”: never."
        )
    hours = show.number(told.usual_hours[0]) if told.usual_hours else "24"
    return _(
        "May silent clients of a listing be written to again? “As the account”: not now. “Yes”: once, after {hours} hours, "
        "by day. “No”: never."
    ).format(hours=hours)


def _row(listing: Listing, *, may_write: bool) -> None:
    """The control is set to what the bot says in every run: never a wish."""
    key = f"follow_of_{listing.id}"
    st.session_state[key] = _code(listing.follow_ups)
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        key=f"follow_row_{listing.id}",
    ):
        st.markdown(plain(listing.title), width="stretch")
        st.segmented_control(
            _("Follow-ups: {title}").format(title=listing.title),
            list(WISHES),
            required=True,
            format_func=lambda code: _(WISHES[code]),
            key=key,
            disabled=not may_write,
            label_visibility="collapsed",
            on_change=_save,
            args=(listing, key),
        )


def _save(listing: Listing, key: str) -> None:
    wanted = st.session_state[key]
    try:
        source.bot().set_listing_follow_ups(listing.id, _WANTED[wanted])
    except BotError as error:
        st.session_state[key] = _code(listing.follow_ups)
        trouble.toast(error)
    else:
        said = f"{_('Follow-ups: {title}').format(title=listing.title)} — {_(WISHES[wanted])}"
        st.toast(said, icon=":material/check:")


def _code(wanted: bool | None) -> str:
    return {None: "account", True: "on", False: "off"}[wanted]


def _from_the_start(account_id: int) -> None:
    st.session_state[f"follow_page_{account_id}"] = 1
