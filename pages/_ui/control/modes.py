"""How far the assistant may go for a listing: a picker on its card, beside the switch."""

import streamlit as st

from bot.client import BotError, BotRefused, Listing
from pages._ui import source, trouble
from pages._ui.control import words
from pages._ui.i18n import _, n_

MINUTES = (1, 240)


def said(listing: Listing) -> str:
    """The mode in a few words."""
    if not listing.ai_enabled:
        return _("the assistant is off")
    if listing.mode == "unanswered":
        n = listing.mode_minutes
        return n_(
            "answers when nobody has within {n} minute",
            "answers when nobody has within {n} minutes",
            n,
        ).format(n=n)
    return {
        "draft": _("writes drafts for you"),
        "off_hours": _("answers outside working hours"),
    }.get(listing.mode, _("the assistant answers"))


def picker(listing: Listing) -> None:
    """What is inside is made when it is opened: a page of listings has two dozen of them."""
    inside = st.popover(
        _("Mode"), icon=":material/tune:", key=f"mode-open-{listing.id}", on_change="rerun"
    )
    if inside.open:
        with inside:
            _choice(listing)


def _choice(listing: Listing) -> None:
    st.markdown(f"**{_('What may the assistant do here?')}**")
    chosen = st.radio(
        _("Mode"),
        list(words.MODES),
        index=list(words.MODES).index(listing.mode) if listing.mode in words.MODES else 0,
        format_func=lambda code: _(words.MODES[code]),
        key=f"mode-{listing.id}-{listing.mode}",
        label_visibility="collapsed",
    )
    minutes = listing.mode_minutes
    if chosen == "unanswered":
        minutes = st.number_input(
            _("Minutes in which a person may answer first"),
            *MINUTES,
            value=listing.mode_minutes,
            key=f"minutes-{listing.id}",
        )
    if st.button(_("Save"), type="primary", key=f"mode-save-{listing.id}"):
        _save(listing, str(chosen), int(minutes))


def _save(listing: Listing, mode: str, minutes: int) -> None:
    try:
        source.bot().set_mode(listing.id, mode, minutes if mode == "unanswered" else None)
    except BotRefused as error:
        if error.code == "no_hours":
            st.error(_("Set the working hours first: page “Connection”, button “Working hours”."))
        else:
            st.error(trouble.said(error))
    except BotError as error:
        st.error(trouble.said(error))
    else:
        source.forget_accounts()
        st.rerun()
