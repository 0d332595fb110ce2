"""The few looks that the theme cannot give."""

import functools
from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent


def apply() -> None:
    """The theme that is on; the looks themselves stand in the empty page (shell.py)."""
    theme = "dark" if st.context.theme.type == "dark" else "light"
    st.html(f'<span class="{theme}-theme"></span>')


@functools.cache
def sheet() -> str:
    """All of them as one element."""
    files = (_HERE / "style.css", *sorted((_HERE / "pieces").glob("*.css")))
    return "<style>" + "\n".join(file.read_text(encoding="utf-8") for file in files) + "</style>"
