"""What stands around the bubbles of a chat: who owns it, its lead, and a way to answer."""

import streamlit as st

from bot.client import BotError, Chat, Lead
from pages._ui import lead_cards, show, source, trouble, words
from pages._ui.guard import Person
from pages._ui.i18n import _
from pages._ui.words import word

LONGEST_REPLY = 1000
"""Characters that Avito takes in one message."""


def back() -> None:
    """Back to the list; only phones show it."""
    with st.container(key="chat_back"):
        if st.button(_("All chats"), icon=":material/arrow_back:", type="tertiary", key="back"):
            st.query_params.pop("chat", None)
            st.rerun()


def head(chat: Chat, who: Person) -> None:
    """Name, listing, owner, and the buttons that change the owner."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"
    ):
        with st.container(width="stretch", gap="xxsmall", key="chat_names"):
            st.subheader(chat.client_name or _("Client"), anchor=False)
            price = show.money(chat.listing_price) if chat.listing_price else ""
            about = " · ".join(filter(None, (chat.listing_title, price)))
            st.caption(about or _("Without a listing"))
        if chat.lead:
            _lead_button(chat.lead)
        if who.may("manager"):
            if chat.state in {"left_to_human", "waiting"}:
                _no_answer_button(chat)
            _owner_button(chat)
    _owner_line(chat)


def what_goes_on(chat: Chat) -> None:
    """The line under the bubbles while something happens."""
    if chat.state in {"waiting", "answering", "sending"}:
        st.caption(f":blue[:material/more_horiz: {word(words.CHAT_STATES, chat.state)}]")


def reply_box(chat_id: str, who: Person) -> None:
    """A person's reply through the bot. It stands outside the live part, so typing is not lost."""
    if not who.may("manager"):
        st.caption(_("Your role reads chats but does not answer."))
        return
    st.chat_input(
        _("Answer yourself"),
        key=f"reply-{chat_id}",
        max_chars=LONGEST_REPLY,
        on_submit=_send,
        args=(chat_id,),
    )


def nobody_chosen() -> None:
    with st.container(border=True, key="card_no_chat", height=320, vertical_alignment="center"):
        st.markdown(f"### {_('Choose a chat')}", text_alignment="center")
        st.caption(
            _("You will see what was said, what the assistant was thinking, and can answer."),
            text_alignment="center",
        )


def _owner_line(chat: Chat) -> None:
    reason = word(words.REASONS, chat.owner_reason)
    if chat.owner == "human":
        until = _("until {time}").format(time=show.moment(chat.owner_until))
        text = _("A person answers here") + (f" {until}" if chat.owner_until else "")
        st.markdown(
            f":green-badge[:material/person: {text}]"
            + (f" :small[:gray[{reason}]]" if reason else "")
        )
    elif chat.ai_enabled:
        st.markdown(f":blue-badge[:material/smart_toy: {_('The assistant answers here')}]")
    else:
        off = _("The assistant is off for this listing")
        st.markdown(f":gray-badge[:material/pause_circle: {off}]")


def _owner_button(chat: Chat) -> None:
    if chat.owner == "human":
        label, wanted, icon = _("Give back"), "assistant", ":material/smart_toy:"
        told = _("The assistant answers here again from the next message on.")
    else:
        label, wanted, icon = _("Take over"), "human", ":material/pan_tool:"
        told = _("The assistant is silent here until you give the chat back or the pause is over.")
    st.button(
        label, key=f"owner-{chat.id}", icon=icon, help=told, on_click=_own, args=(chat.id, wanted)
    )


def _no_answer_button(chat: Chat) -> None:
    st.button(
        _("No answer needed"),
        key=f"settle-{chat.id}",
        icon=":material/done_all:",
        help=_(
            "You have looked and nothing need be said: the chat waits no more, until the client writes again."
        ),
        on_click=_settle,
        args=(chat.id,),
    )


def _settle(chat_id: str) -> None:
    try:
        source.bot().no_answer_needed(chat_id)
    except BotError as error:
        trouble.toast(error)
    else:
        st.toast(_("The chat waits no more."), icon=":material/done_all:")


def _own(chat_id: str, wanted: str) -> None:
    try:
        source.bot().set_owner(chat_id, wanted)
    except BotError as error:
        trouble.toast(error)


def _send(chat_id: str) -> None:
    text = (st.session_state[f"reply-{chat_id}"] or "").strip()
    if not text:
        return
    try:
        source.bot().reply(chat_id, text)
    except BotError as error:
        trouble.toast(error)
        st.session_state["unsent"] = text
    else:
        st.toast(_("Sent. The chat is yours now."), icon=":material/check:")


def _lead_button(lead: Lead) -> None:
    colour = words.LEAD_COLOURS.get(lead.state, "gray")
    with st.popover(_("Lead"), icon=":material/person_check:"):
        st.badge(word(words.LEAD_STATES, lead.state), color=colour)  # type: ignore[arg-type]
        lead_cards.facts(lead, ())
        if lead.crm_lead_id:
            st.caption(_("Number in the CRM: {id}").format(id=lead.crm_lead_id))
