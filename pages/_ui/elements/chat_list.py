"""The list of chats, as messengers show it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypedDict

import streamlit as st

_HERE = Path(__file__).parent


class Row(TypedDict):
    """One chat in words. `tone` colours `badge`: accent, green, orange, red or gray."""

    id: str
    name: str
    listing: str
    text: str
    time: str
    badge: str
    tone: str
    unanswered: int


@st.cache_resource
def _element() -> Callable[..., object]:
    return st.components.v2.component(
        "chat_list",
        html="<div class='list' role='list'></div>",
        css=(_HERE / "chat_list.css").read_text(encoding="utf-8"),
        js=(_HERE / "chat_list.js").read_text(encoding="utf-8"),
    )


def chat_list(rows: Sequence[Row], selected: str | None, *, key: str) -> str | None:
    """Shows `rows`; the id of the chat that was clicked in this run, else None."""
    result = _element()(
        data={"rows": list(rows), "selected": selected}, key=key, on_picked_change=lambda: None
    )
    return getattr(result, "picked", None)
