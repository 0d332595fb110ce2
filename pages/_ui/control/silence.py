"""The one switch that silences the assistant everywhere, in the sidebar of every page."""

import streamlit as st

from bot.client import BotError
from pages._ui import show, source, trouble
from pages._ui.guard import Person
from pages._ui.i18n import _
from pages._ui.text import plain


@st.fragment(run_every=15)
def switch(who: Person) -> None:
    """Set to what the bot says in every run; nothing is shown while the bot is down."""
    try:
        so = source.recent("silence", lambda bot: bot.silence())
    except BotError:
        return
    st.session_state["silence"] = so.silenced
    st.toggle(
        _("Silence everywhere"),
        key="silence",
        disabled=not who.may("manager"),
        help=_("The assistant says nothing in any account until this is off. People go on."),
        on_change=_turn,
    )
    if so.silenced:
        said = _("Silent since {time}, by {who}")
        st.markdown(
            f":orange[:material/volume_off: {said.format(time=show.moment(so.since), who=plain(so.by or ''))}]"
        )


def _turn() -> None:
    wanted = bool(st.session_state["silence"])
    try:
        source.bot().set_silence(wanted)
    except BotError as error:
        trouble.toast(error)
    else:
        said = _("The assistant is silent everywhere.") if wanted else _("The assistant may speak.")
        st.toast(said, icon=":material/check:")
