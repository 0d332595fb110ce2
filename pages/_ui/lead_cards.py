"""Leads as cards: who, what they want, where the lead is."""

import re
from datetime import datetime
from html import escape

import streamlit as st

from bot.client import BotError, Lead
from pages._ui import show, source, text, trouble, words
from pages._ui.i18n import _
from pages._ui.text import plain
from pages._ui.words import word

SHOWN_FIRST = ("name", "phone")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_RUSSIAN = re.compile(r"\+7(\d{3})(\d{3})(\d\d)(\d\d)")


def card(lead: Lead, *, may_retry: bool) -> None:
    with st.container(border=True, key=f"card_lead_{lead.state}_{lead.id}", height="stretch"):
        _head(lead)
        facts(lead, SHOWN_FIRST)
        if lead.error:
            st.markdown(f":red[:material/error: {plain(lead.error)}]")
        if lead.next_attempt_at and lead.state != "sent":
            again = _("Next try: {time}").format(time=show.moment(lead.next_attempt_at))
            st.caption(again)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.page_link(
                st.session_state["pages"]["chats"],
                label=_("Open the chat"),
                icon=":material/forum:",
                query_params={"chat": lead.chat_id},
            )
            _history(lead)
            if may_retry and lead.state in {"failed", "unknown", "new", "kept"}:
                st.button(
                    _("Send again"),
                    key=f"retry-{lead.id}",
                    icon=":material/refresh:",
                    on_click=_retry,
                    args=(lead.id,),
                )


def nothing(*, is_filtered: bool) -> None:
    with st.container(border=True, key="card_no_leads"):
        if is_filtered:
            st.markdown(_("No lead is in this state."))
        else:
            st.markdown(
                _(
                    "**No leads yet.** The assistant makes one as soon as a client leaves a phone "
                    "number in a chat."
                )
            )


def _head(lead: Lead) -> None:
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.markdown(f"**{plain(str(lead.fields.get('name') or _('Client')))}**", width="content")
        colour = words.LEAD_COLOURS.get(lead.state, "gray")
        st.badge(word(words.LEAD_STATES, lead.state), color=colour)  # type: ignore[arg-type]
    number = escape(phone(str(lead.fields.get("phone") or "")))
    about = " · ".join(filter(None, (lead.listing_title, show.moment(lead.created_at))))
    big = f'<span class="big">{number}</span>' if number else ""
    st.html(f'<div class="thing">{big}<span>{escape(about)}</span></div>')


def facts(lead: Lead, but: tuple[str, ...]) -> None:
    """What the client said, in the order that a caller needs it, without the fields in `but`."""
    told = [
        (word(words.LEAD_FIELDS, code), said(lead.fields.get(code)))
        for code in words.LEAD_FIELDS
        if code not in but and lead.fields.get(code) not in (None, "")
    ]
    if told:
        text.rows(told, kind="facts")


def said(value: object) -> str:
    """A field's value in words."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    told = str(value)
    if _DAY.fullmatch(told):
        return show.day(datetime.fromisoformat(told).replace(hour=12, tzinfo=show.zone()))
    return word(words.LEAD_VALUES, told)


def phone(number: str) -> str:
    """+7 925 555-20-31; a number of another country as it is."""
    found = _RUSSIAN.fullmatch(number)
    return "+7\u00a0{}\u00a0{}-{}-{}".format(*found.groups()) if found else number


def _history(lead: Lead) -> None:
    with st.popover(_("History"), icon=":material/history:"):
        steps = []
        for step in lead.history:
            state = word(words.LEAD_STATES, step.state)
            steps.append((show.moment(step.at), " · ".join(filter(None, (state, step.detail)))))
        text.rows(steps, kind="facts")
        if lead.crm_lead_id:
            st.caption(_("Number in the CRM: {id}").format(id=lead.crm_lead_id))


def _retry(lead_id: str) -> None:
    try:
        source.bot().retry_lead(lead_id)
    except BotError as error:
        trouble.toast(error)
    else:
        st.toast(_("It is sent again now."), icon=":material/check:")
