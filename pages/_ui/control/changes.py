"""What changed between two versions, in words."""

from collections.abc import Sequence

import streamlit as st

from bot.client import InstructionsChange, InstructionsFault
from pages._ui.control import words
from pages._ui.i18n import _
from pages._ui.text import plain


def show(changes: Sequence[InstructionsChange]) -> None:
    """Field by field: what goes, struck through, and what comes."""
    if not changes:
        st.caption(_("Nothing is different."))
    for change in changes:
        st.markdown(f"**{plain(words.title(change.field))}**")
        for line in change.removed:
            st.markdown(f":red[:material/remove: ~~{plain(line)}~~]")
        for line in change.added:
            st.markdown(f":green[:material/add: {plain(line)}]")


def faults(found: Sequence[InstructionsFault]) -> None:
    """What has to be mended before these instructions can be kept."""
    for one in found:
        said = words.fault(one.code, plain(one.what))
        st.error(f"**{plain(words.title(one.field))}** {said}", icon=":material/error:")
