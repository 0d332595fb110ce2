"""How many notices nobody has seen, on every page."""

import streamlit as st

from bot.client import BotError
from pages._ui import show, source
from pages._ui.i18n import n_


@st.fragment(run_every=15)
def ring() -> None:
    """Nothing is shown when there is nothing to see, or the bot is down: the line above says so."""
    try:
        unseen = source.recent("unseen", lambda bot: bot.notices(limit=1).unseen)
    except BotError:
        return
    if unseen:
        label = n_("{n} new notice", "{n} new notices", unseen).format(n=show.number(unseen))
        st.page_link(
            st.session_state["pages"]["notices"],
            label=f":orange[**{label}**]",
            icon=":material/notifications_active:",
        )
