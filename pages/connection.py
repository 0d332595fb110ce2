"""Connect an Avito account, and see that it stays connected."""

import streamlit as st

from bot.client import BotError
from pages._ui import account_card, connecting, guard, source, trouble
from pages._ui.heading import head
from pages._ui.i18n import _

who = guard.require("viewer")


@st.fragment(run_every=5)
def the_accounts() -> None:
    try:
        accounts = source.bot().accounts()
    except BotError as error:
        trouble.banner(error)
        return
    if not accounts:
        connecting.first_time()
        return
    for account in accounts:
        account_card.card(account, who)


with head(_("Connection"), _("The Avito accounts that the assistant works for.")):
    if who.may("owner"):
        connecting.button()
connecting.came_back()
the_accounts()
if not who.may("owner"):
    st.caption(_("Only the owner connects and disconnects accounts."))
