"""The bubbles of one chat, with what the assistant was thinking under each."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NotRequired, TypedDict

import streamlit as st

_HERE = Path(__file__).parent


class Bubble(TypedDict):
    """One line. `side` is day, client, assistant, human or avito.

    `meta` stands under it; `facts` are pairs of words that open behind `more`.
    """

    id: str
    side: str
    text: str
    meta: NotRequired[str]
    kind: NotRequired[str]
    link: NotRequired[str]
    linkText: NotRequired[str]
    tone: NotRequired[str]
    more: NotRequired[str]
    facts: NotRequired[list[tuple[str, str]]]


@st.cache_resource
def _element() -> Callable[..., object]:
    return st.components.v2.component(
        "bubbles",
        html="<div class='talk' tabindex='0' role='log'></div>",
        css=(_HERE / "bubbles.css").read_text(encoding="utf-8"),
        js=(_HERE / "bubbles.js").read_text(encoding="utf-8"),
    )


def bubbles(lines: Sequence[Bubble], *, label: str, key: str) -> None:
    """Shows `lines`, the newest in sight; `label` names the region for screen readers."""
    _element()(data={"lines": list(lines), "label": label}, key=key)
