"""The head of a page: title, one sentence, and room for controls at the right."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st


@contextmanager
def head(title: str, sentence: str = "") -> Iterator[None]:
    """What is written inside the `with` stands beside the title; below it on phones."""
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="bottom",
        key="page_head",
    ):
        with st.container(gap="xxsmall", width="stretch", key="page_title"):
            st.title(title, anchor=False)
            if sentence:
                st.caption(sentence)
        yield
