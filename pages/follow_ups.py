"""Whether silent clients are written to again, when, and in which words."""

import streamlit as st

from bot.client import BotError
from pages._ui import follow_up_form, guard, source, trouble
from pages._ui.heading import head
from pages._ui.i18n import _

who = guard.require("viewer")

with head(_("Follow-ups"), _("Who fell silent, and may we ask once more?")):
    pass

try:
    accounts = source.bot().accounts()
    plans = {account.id: source.bot().follow_ups(account.id) for account in accounts}
except BotError as error:
    trouble.banner(error)
    st.stop()

if not accounts:
    st.info(_("No account is connected yet."))
for account in accounts:
    follow_up_form.show(account, plans[account.id], may_write=who.may("owner"))
if not who.may("owner"):
    st.caption(_("Only the owner sets follow-ups."))
