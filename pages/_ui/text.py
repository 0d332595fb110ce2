"""Texts that others wrote, made safe to stand in ours."""

from collections.abc import Sequence
from html import escape

import streamlit as st

_MEANS_SOMETHING = frozenset("\\`*_{}[]<>()#+-!|:$~")


def plain(text: str) -> str:
    """Markdown that shows `text` as it is: nothing in it is a link, a colour or a formula."""
    shown = "".join(f"\\{c}" if c in _MEANS_SOMETHING else c for c in text)
    return " ".join(shown.split())


def rows(pairs: Sequence[tuple[str, str]], *, kind: str = "rows") -> None:
    """Names and values in one element. `kind` is rows (value at the right) or facts (beside)."""
    told = "".join(f"<div><dt>{escape(k)}</dt><dd>{escape(v)}</dd></div>" for k, v in pairs)
    st.html(f'<dl class="{kind}">{told}</dl>')
