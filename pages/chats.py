"""Every chat, what was said in it and what the assistant was thinking."""

import streamlit as st

from bot.client import BotError, BotUnavailable, Chat
from pages._ui import chat_card, chat_filters, guard, history, show, source, talk, trouble, words
from pages._ui.control import drafts
from pages._ui.elements.bubbles import bubbles
from pages._ui.elements.chat_list import Row, chat_list
from pages._ui.i18n import _
from pages._ui.words import word

who = guard.require("viewer")
PER_PAGE = 25


def row(chat: Chat) -> Row:
    """A chat in the words of the list; what needs a person is orange."""
    last = chat.last_message
    said = (last.text or word(words.KINDS, last.kind)) if last else ""
    ours = last is not None and last.author not in {"client", "avito"}
    badge, tone = _badge(chat)
    return {
        "id": chat.id,
        "name": chat.client_name or _("Client"),
        "listing": chat.listing_title or _("Without a listing"),
        "text": (_("We: {text}").format(text=said) if ours else said).replace("\n", " "),
        "time": show.short(last.at if last else chat.updated_at),
        "badge": badge,
        "tone": tone,
        "unanswered": chat.unanswered,
    }


def _badge(chat: Chat) -> tuple[str, str]:
    if chat.state == "left_to_human":
        return _("waits for a person"), "orange"
    if chat.state == "draft":
        return word(words.CHAT_STATES, chat.state), "orange"
    if chat.owner == "human":
        return _("a person answers"), "green"
    if chat.state in {"answering", "sending", "waiting"}:
        return word(words.CHAT_STATES, chat.state), "accent"
    return (_("lead"), "gray") if chat.lead_id else ("", "gray")


@st.fragment(run_every=4)
def the_list(selected: str | None) -> None:
    asked = chat_filters.asked()
    try:
        page = source.bot().chats(
            page=asked.page,
            limit=PER_PAGE,
            owner=asked.owner,
            waiting="any" if asked.only_waiting else None,
            q=asked.q,
        )
    except BotUnavailable:
        history.chats(selected)
        return
    except BotError as error:
        trouble.banner(error)
        return
    if not page.rows:
        chat_filters.nothing_found(asked, is_any=page.total > 0)
        return
    with st.container(border=True, key="card_chat_list", gap=None):
        picked = chat_list([row(chat) for chat in page.rows], selected, key="chat_rows")
    if page.total_pages > 1:
        st.pagination(page.total_pages, key="chat_page", max_visible_pages=5)
    if picked and picked != selected:
        st.query_params["chat"] = picked
        st.rerun()


@st.fragment(run_every=3)
def the_chat(chat_id: str) -> None:
    try:
        chat = source.bot().chat(chat_id)
    except BotUnavailable:
        history.chat(chat_id)
        return
    except BotError as error:
        trouble.banner(error)
        return
    chat_card.head(chat, who)
    label = _("Chat with {name}").format(name=chat.client_name or _("Client"))
    bubbles(talk.lines(chat), label=label, key="bubbles")
    chat_card.what_goes_on(chat)


selected = st.query_params.get("chat")
with st.container(key="chats_chosen" if selected else "chats_open"):
    left, right = st.columns([5, 8], gap="medium")
with left, st.container(key="chats_left"):
    st.title(_("Chats"))
    history.banner_if_down()
    drafts.waiting(selected)
    chat_filters.show()
    the_list(selected)
with right, st.container(key="chats_right"):
    if selected:
        chat_card.back()
        with st.container(border=True, key="card_chat"):
            the_chat(selected)
            drafts.box(selected, who)
            drafts.quick_replies(selected, who)
            chat_card.reply_box(selected, who)
    else:
        chat_card.nobody_chosen()
