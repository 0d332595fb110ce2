"""What the model may cost, what it has cost, and where the month is going."""

import streamlit as st

from bot.client import BotError
from pages._ui import budget_cards, guard, source, trouble
from pages._ui.heading import head
from pages._ui.i18n import _

who = guard.require("viewer")

with head(_("Budget"), _("What may the language model cost, and what has it cost?")):
    pass


@st.fragment(run_every=10)
def the_numbers() -> None:
    try:
        budgets = source.bot().budgets()
    except BotError as error:
        trouble.banner(error)
        return
    if not budgets:
        st.info(_("No account is connected yet."))
    for budget in budgets:
        budget_cards.numbers_of(budget)


the_numbers()
if who.may("owner"):
    budget_cards.limits()
else:
    st.caption(_("Only the owner sets budgets."))
