"""Chats as the log remembers them, for when the bot is down."""

from datetime import UTC
from itertools import groupby
from typing import Any

import streamlit as st

from bot.client import BotUnavailable
from pages._ui import lake, show, source, talk, trouble
from pages._ui.elements.bubbles import Bubble, bubbles
from pages._ui.elements.chat_list import Row, chat_list
from pages._ui.i18n import _


def banner_if_down() -> None:
    try:
        source.bot().health()
    except BotUnavailable as error:
        trouble.banner(error)


def chats(selected: str | None) -> None:
    """The newest chats; names and prices are not in the log."""
    rows = _ask("chats.sql", {})
    if not rows:
        st.caption(_("The event log is empty."))
        return
    with st.container(border=True, key="card_chat_list", gap=None):
        picked = chat_list([_row(row) for row in rows], selected, key="chat_rows_log")
    if picked and picked != selected:
        st.query_params["chat"] = picked
        st.rerun()


def chat(chat_id: str) -> None:
    """One chat, masked."""
    rows = _ask("messages.sql", {"chat_id": chat_id})
    st.subheader(_("From the log"), anchor=False)
    st.caption(_("The bot does not answer; this is what it wrote down. Personal data is masked."))
    if not rows:
        st.info(_("The log knows nothing of this chat."))
        return
    _bubbles(rows, "bubbles_log")


def lines(chat_id: str, *, sample: bool) -> None:
    """What was said in one chat, masked, without a word about the bot."""
    rows = _ask("messages.sql", {"chat_id": chat_id}, sample=sample)
    if rows:
        _bubbles(rows, "bubbles_drawer")
    else:
        st.info(_("The log knows nothing of this chat."))


def _bubbles(rows: list[dict[str, Any]], key: str) -> None:
    told: list[Bubble] = []
    for day, said in groupby(rows, key=lambda row: show.day(row["at"])):
        told.append({"id": f"day-{day}", "side": "day", "text": day})
        told += [talk.from_log(line) for line in said]
    bubbles(told, label=_("From the log"), key=key)


def _row(row: dict[str, Any]) -> Row:
    return {
        "id": row["chat_id"],
        "name": row["listing_title"] or _("Chat"),
        "listing": show.messages(row["messages"]),
        "text": row["text"] or "",
        "time": show.short(row["at"]),
        "badge": "",
        "tone": "gray",
        "unanswered": 0,
    }


def _ask(name: str, values: dict[str, Any], *, sample: bool = False) -> list[dict[str, Any]]:
    rows = lake.ask_file(name, values, sample=sample)
    return [row | {"at": row["at"].replace(tzinfo=UTC)} for row in rows]
