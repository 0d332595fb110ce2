"""How the pages say that something went wrong."""

import streamlit as st

from bot.client import BotError, BotRefused
from pages._ui.i18n import _, later

REFUSALS = {
    "forbidden": later("Your role does not allow this."),
    "unauthorized": later(
        "The bot does not know this dashboard: `JWT_SECRET` is not the same on both sides."
    ),
    "not_found": later("This is not here any more."),
    "not_connected": later("This account is not connected any more."),
    "needs_reconnect": later("Avito does not let us in any more. Connect the account again."),
    "no_messenger": later("The account's plan at Avito has no access to messages."),
    "no_crm": later("No CRM is set up. Leads are kept here."),
    "avito_refused": later("Avito refused this. Nothing was changed."),
    "avito_down": later("Avito does not answer just now. Try again in a minute."),
    "store_unavailable": later("The bot cannot write just now. Nothing was changed."),
    "draft_sent": later("This draft was sent already."),
    "draft_thrown_away": later("This draft was thrown away."),
    "draft_stale": later("The chat moved on since this was written. A newer draft may be there."),
    "overtaken": later("Somebody else published meanwhile. Look at what holds now."),
    "hours_in_use": later(
        "Some listings answer only outside working hours: change their mode first."
    ),
    "fault": later("The bot stumbled over this. Its log tells more."),
}
"""Refusals of the bot by their codes; others are shown in the bot's own words."""


def apologise(number: str) -> None:
    """In place of a traceback: plain words, and the number under which the log keeps the rest."""
    st.error(
        _(
            "Something went wrong on this page. Nothing was lost. Reload it; if it happens again, "
            "tell the person who runs the assistant this number: **{number}**"
        ).format(number=number),
        icon=":material/error:",
    )


def banner(error: BotError) -> None:
    """Above a page that could not ask the bot."""
    if isinstance(error, BotRefused):
        st.warning(said(error), icon=":material/block:")
        return
    st.warning(
        _(
            "**The bot does not answer.** Clients' messages are not lost: it reads them when it is "
            "back. Start it with `.venv/bin/python -m bot serve`. What happened so far can be read."
        ),
        icon=":material/cloud_off:",
    )


def said(error: BotError) -> str:
    """One sentence for a message beside the thing that did not work."""
    if isinstance(error, BotRefused):
        if error.code in REFUSALS:
            return _(REFUSALS[error.code])
        return f"{error.title}. {error.detail}" if error.detail else error.title
    return _("The bot does not answer, nothing was changed.")


def toast(error: BotError) -> None:
    st.toast(said(error), icon=":material/error:")
