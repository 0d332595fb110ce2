"""The few looks that the theme cannot give."""

from pathlib import Path

import streamlit as st

_CSS = Path(__file__).with_name("style.css")


def apply() -> None:
    st.html(_CSS)
