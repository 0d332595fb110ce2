"""Drafts that wait for a manager, in the chat and above the list; and ready answers."""

from zoneinfo import ZoneInfo

import streamlit as st

from bot.client import BotError, Draft
from pages._ui import show, source, trouble, words
from pages._ui.control.words import MODES
from pages._ui.guard import Person
from pages._ui.i18n import _, n_
from pages._ui.text import plain
from pages._ui.words import word

LONGEST = 1000
SHOWN = 5


@st.fragment(run_every=10)
def waiting(selected: str | None) -> None:
    """Above the list: who waits for a decision, the longest first."""
    try:
        drafts = source.bot().drafts()
    except BotError:
        return
    others = [one for one in drafts if one.chat.id != selected]
    if not others:
        return
    with st.container(border=True, key="card_drafts", gap="xxsmall"):
        said = n_("{n} draft waits for you", "{n} drafts wait for you", len(others))
        st.markdown(f":orange[:material/edit_note:] **{said.format(n=len(others))}**")
        for account_id in dict.fromkeys(one.chat.account_id for one in others):
            _closed(account_id)
        for draft in others[:SHOWN]:
            name = draft.chat.client_name or _("Client")
            label = f"{name} · {show.ago(draft.at)}"
            if st.button(label, key=f"to-draft-{draft.id}", type="tertiary"):
                st.query_params["chat"] = draft.chat.id
                st.rerun()


def _closed(account_id: int) -> None:
    """Says so if nobody works there now, by that account's clock: then these clients wait for the morning."""
    try:
        hours = source.bot().hours(account_id)
    except BotError:
        return
    if hours.open_now is not False:
        return
    accounts = {one.id: one for one in source.accounts()}
    account = accounts.get(account_id)
    whose = f"{plain(account.name)}: " if account and len(accounts) > 1 else ""
    clock = ZoneInfo(account.zone) if account and account.zone else None
    until = show.moment(hours.opens_at, clock) if hours.opens_at else ""
    said = (
        _("Outside working hours now, until {time}.").format(time=until)
        if until
        else _("Outside working hours now.")
    )
    more = _("Drafts wait for a person; so that clients get an answer, set “{mode}” for a listing.")
    st.caption(f":material/bedtime: {whose}{said} {more.format(mode=_(MODES['off_hours']))}")


@st.fragment(run_every=5)
def box(chat_id: str, who: Person) -> None:
    """Below the bubbles: the draft, and what can be done with it. What is being typed stays."""
    try:
        chat = source.bot().chat(chat_id)
    except BotError:
        return
    draft = chat.draft
    if draft is None:
        return
    with st.container(border=True, key="card_draft"):
        st.markdown(f":orange[:material/edit_note: **{_('The assistant would answer:')}**]")
        _closed(chat.account_id)
        if not who.may("manager"):
            st.markdown(plain(draft.text))
            return
        st.text_area(
            _("Draft"),
            draft.text,
            max_chars=LONGEST,
            key=f"draft-{draft.id}",
            label_visibility="collapsed",
        )
        st.caption(_about(draft))
        with st.container(horizontal=True):
            st.button(
                _("Send"),
                type="primary",
                icon=":material/send:",
                key=f"draft-send-{draft.id}",
                on_click=_send,
                args=(draft,),
            )
            st.button(
                _("Throw away"),
                icon=":material/delete:",
                key=f"draft-drop-{draft.id}",
                on_click=_throw_away,
                args=(draft,),
            )


def quick_replies(chat_id: str, who: Person) -> None:
    """Ready answers of the seller's, filled in for this chat."""
    if not who.may("manager"):
        return
    try:
        ready = source.bot().quick_replies(chat_id)
    except BotError:
        return
    if not ready:
        return
    with st.popover(_("Quick replies"), icon=":material/bolt:", key=f"quick-{chat_id}"):
        for n, reply in enumerate(ready):
            st.markdown(f"**{plain(reply.title)}**")
            st.caption(plain(reply.text))
            st.button(
                _("Send"), key=f"quick-{chat_id}-{n}", on_click=_reply, args=(chat_id, reply.text)
            )


def _about(draft: Draft) -> str:
    wants = word(words.INTENTS, draft.intent)
    parts = [_("The client wants {what}").format(what=wants)] if wants else []
    if draft.holds_until:
        until = show.moment(draft.holds_until)
        parts.append(_("decide before {time}: then the message is a person's").format(time=until))
    return " · ".join([*parts, draft.prompt_version or ""])


def _send(draft: Draft) -> None:
    text = str(st.session_state.get(f"draft-{draft.id}", draft.text))
    if not text.strip():
        st.toast(_("An empty answer cannot be sent."), icon=":material/error:")
        return
    try:
        source.bot().send_draft(draft.id, None if text == draft.text else text)
    except BotError as error:
        trouble.toast(error)
    else:
        st.toast(_("Sent."), icon=":material/check:")


def _throw_away(draft: Draft) -> None:
    try:
        source.bot().throw_away_draft(draft.id)
    except BotError as error:
        trouble.toast(error)


def _reply(chat_id: str, text: str) -> None:
    try:
        source.bot().reply(chat_id, text)
    except BotError as error:
        trouble.toast(error)
    else:
        st.toast(_("Sent. The chat is yours now."), icon=":material/check:")
