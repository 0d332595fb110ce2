"""The way to Avito's consent page, and back."""

import time
from html import escape

import streamlit as st

from bot.client import BotError
from pages._ui import source, trouble
from pages._ui.i18n import _, later

LINK_LIVES = 300
"""Seconds; the bot's state lives twice as long."""

ERRORS = {
    "denied": later("Avito says that access was not granted. Press the button and allow it."),
    "state_unknown": later("This link was not made here. Start again from this page."),
    "state_used": later("This link was used already. Start again from this page."),
    "state_expired": later("The link was older than ten minutes. Start again from this page."),
    "other_caller": later(
        "The link was made for another person or another browser. Start again from this page, "
        "and finish in the same browser."
    ),
    "code_rejected": later(
        "Avito did not take its own code, usually because it was too old. Start again."
    ),
    "wrong_app": later(
        "Avito does not know this application. Check `AVITO_CLIENT_ID`, `AVITO_CLIENT_SECRET` and "
        "the redirect address in the application's settings at Avito."
    ),
    "no_messenger": later(
        "The account is connected, but its plan at Avito has no access to messages. The messenger "
        "API needs a paid level; choose one at Avito and connect again."
    ),
    "avito_down": later("Avito did not answer. Wait a few minutes and start again."),
    "account_unreadable": later(
        "Avito let us in, but did not tell whose account it is. Start again; if it stays so, "
        "check that all permissions were allowed."
    ),
    "failed": later("Connecting did not work. Start again; the bot's log tells more."),
}


def button() -> None:
    """A link, because the browser itself has to go there; in this tab, because it comes back here."""
    url = _start_url()
    if url:
        st.html(
            f'<a class="go" href="{escape(url)}" target="_self">{_("Connect an account")}</a>',
            width="content",
        )


def came_back() -> None:
    """What the consent page led to; told once, until the person closes it."""
    error, account = st.query_params.get("error"), st.query_params.get("connected")
    if not error and not account:
        return
    st.session_state.pop("oauth_link", None)
    if error:
        st.error(_(ERRORS.get(error, ERRORS["failed"])), icon=":material/link_off:")
    else:
        source.forget_accounts()
        named = [one.name for one in source.accounts() if str(one.id) == account]
        text = _(
            "**{name} is connected.** Next: choose the listings that the assistant answers for."
        )
        st.success(text.format(name=named[0] if named else account), icon=":material/check_circle:")
        st.page_link(
            st.session_state["pages"]["listings"],
            label=_("To the listings"),
            icon=":material/sell:",
        )


def first_time() -> None:
    """What will happen, before the first account is there."""
    with st.container(border=True, key="card_first"):
        st.subheader(_("Connect your Avito account"), anchor=False)
        st.markdown(
            "\n".join(
                (
                    "1. " + _("Press “Connect an account” and allow access on Avito's page."),
                    "2. " + _("The assistant reads your listings and hears of new messages."),
                    "3. "
                    + _(
                        "Switch on the listings that it should answer for. It is silent "
                        "until you do."
                    ),
                )
            )
        )


def _start_url() -> str | None:
    """Asked of the bot at most every five minutes, because each link is a promise it must keep."""
    made, url = st.session_state.get("oauth_link", (0.0, ""))
    if time.monotonic() - made < LINK_LIVES and url:
        return str(url)
    try:
        url = source.bot().oauth_url().start_url
    except BotError as error:
        st.button(_("Connect an account"), disabled=True, help=trouble.said(error))
        return None
    st.session_state["oauth_link"] = (time.monotonic(), url)
    return url
