"""One account: its token, its webhook, its messenger, and what to do about each."""

import streamlit as st

from bot.client import Account, BotError
from pages._ui import account_edit, show, source, trouble
from pages._ui.control import hours
from pages._ui.guard import Person
from pages._ui.i18n import _
from pages._ui.text import plain

Line = tuple[str, str, str, str]
"""Colour, icon, what is so, what to do."""


def card(account: Account, who: Person) -> None:
    with st.container(border=True, key=f"card_account_{account.id}"):
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        ):
            with st.container(gap="xxsmall", width="stretch"):
                st.subheader(plain(account.name), anchor=False)
                since = _("connected {time}").format(time=show.ago(account.connected_at))
                st.caption(f"№ {account.id} · {since}")
            if account.url:
                st.link_button(_("On Avito"), account.url, icon=":material/open_in_new:")
            if who.may("owner") and st.button(
                _("Facts and time zone"), key=f"edit-{account.id}", icon=":material/edit_note:"
            ):
                account_edit.ask(account)
            if who.may("owner") and st.button(
                _("Working hours"), key=f"hours-{account.id}", icon=":material/schedule:"
            ):
                hours.ask(account)
            if who.may("owner") and st.button(
                _("Disconnect"), key=f"disconnect-{account.id}", icon=":material/link_off:"
            ):
                _confirm(account)
        with st.grid("auto", min_column_width=210, gap="small", key=f"facts_{account.id}"):
            for title, line in (
                (_("Access"), _access(account)),
                (_("New messages"), _webhook(account)),
                (_("Messenger"), _messenger(account)),
                (_("Listings"), _listings(account)),
            ):
                _fact(title, line)


def _fact(title: str, line: Line) -> None:
    colour, icon, so, todo = line
    with st.container(gap="xxsmall"):
        st.caption(title)
        st.markdown(f":{colour}[:material/{icon}: **{so}**]")
        if todo:
            st.markdown(f":small[{todo}]")


def _access(account: Account) -> Line:
    if account.state == "needs_reconnect" or account.token.state in {"expired", "rejected"}:
        return (
            "red",
            "key_off",
            _("Avito does not let us in any more"),
            account.state_detail or _("Press “Connect an account” and allow access again."),
        )
    until = _("good until {time}, renewed by itself").format(
        time=show.moment(account.token.expires_at)
    )
    if account.token.state == "expiring":
        return "orange", "key", _("Is being renewed"), until
    return "green", "key", _("All is well"), until


def _webhook(account: Account) -> Line:
    heard = _("last heard {time}").format(time=show.ago(account.webhook.last_heard_at))
    return {
        "subscribed": ("green", "hearing", _("Avito tells at once"), heard),
        "missing": (
            "orange",
            "hearing_disabled",
            _("Avito does not tell us"),
            _("The bot subscribes again by itself; until then it reads the chats every minute."),
        ),
        "taken": (
            "orange",
            "swap_horiz",
            _("Another service took the subscription"),
            _("The bot takes it back. If it happens again, switch the other service off."),
        ),
    }.get(
        account.webhook.state,
        ("gray", "help", _("Not known yet"), _("It is looked up every few minutes.")),
    )


def _messenger(account: Account) -> Line:
    if account.state == "no_messenger":
        return (
            "red",
            "speaker_notes_off",
            _("Not in the account's plan"),
            _("Choose a plan with the messenger API at Avito, then connect again."),
        )
    return "green", "forum", _("Reads and writes"), _("messages can be read and written")


def _listings(account: Account) -> Line:
    about = account.listings
    so = _("{on} of {total} switched on").format(
        on=show.number(about.ai_enabled), total=show.number(about.total)
    )
    synced = _("read {time}").format(time=show.ago(about.synced_at))
    if about.total and not about.ai_enabled:
        todo = _("The assistant is silent: switch listings on under “Listings”.")
        return "orange", "toggle_off", so, todo
    return ("green" if about.ai_enabled else "gray"), "sell", so, synced


def _confirm(account: Account) -> None:
    @st.dialog(_("Disconnect {name}?").format(name=account.name))
    def ask() -> None:
        st.markdown(
            _(
                "The assistant stops answering for this account at once, the subscription at Avito "
                "is ended and the access is forgotten. Chats and numbers stay."
            )
        )
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(_("Keep it"), key="keep"):
                st.rerun()
            if st.button(_("Disconnect"), type="primary", key="really"):
                _disconnect(account)

    ask()


def _disconnect(account: Account) -> None:
    try:
        source.bot().disconnect(account.id)
    except BotError as error:
        st.error(trouble.said(error))
        return
    source.forget_accounts()
    st.rerun()
