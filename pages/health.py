"""Whether everything works, in plain words."""

import streamlit as st

from bot.client import BotError
from pages._ui import guard, health_cards, source, trouble
from pages._ui.heading import head
from pages._ui.i18n import _

who = guard.require("viewer")

with head(_("Health"), _("Whether everything works, in plain words.")):
    pass


@st.fragment(run_every=5)
def all_of_it() -> None:
    try:
        health, state = source.bot().health(), source.bot().state()
    except BotError as error:
        trouble.banner(error)
        return
    health_cards.verdict(health, state)
    health_cards.notices(state, may_dismiss=who.may("manager"))
    health_cards.checks(health)
    health_cards.queues(state)
    left, right = st.columns(2)
    with left:
        health_cards.replies(state)
    with right:
        health_cards.ways_in(state)
    health_cards.access(source.accounts())
    health_cards.jobs(state)


all_of_it()
