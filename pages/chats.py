"""chats."""

import streamlit as st

from pages._ui import guard
from pages._ui.i18n import _

who = guard.require("viewer")
st.title(_("Chats"))
