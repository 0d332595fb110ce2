"""Whether silent clients are written to again, and when: for an account, and for a listing that differs."""

import streamlit as st

from bot.client import BotError
from pages._ui import follow_up_form, follow_up_listings, guard, source, trouble
from pages._ui.heading import head
from pages._ui.i18n import _

who = guard.require("viewer")

with head(_("Follow-ups"), _("Who fell silent, and may we ask once more?")):
    pass

try:
    accounts = source.bot().accounts()
    plans = {account.id: source.bot().follow_ups(account.id) for account in accounts}
    for account in accounts:
        holds = follow_up_form.show(account, plans[account.id], may_write=who.may("owner"))
        follow_up_listings.show_for(account, holds, may_write=who.may("manager"))
except BotError as error:
    trouble.banner(error)
    st.stop()

if not accounts:
    st.info(_("No account is connected yet."))
if not who.may("owner"):
    st.caption(_("Only the owner sets follow-ups for a whole account."))
