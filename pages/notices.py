"""What a manager should hear about, and by which ways they were told."""

import streamlit as st

from bot.client import BotError
from pages._ui import guard, notice_list, source, trouble
from pages._ui.heading import head
from pages._ui.i18n import _

who = guard.require("viewer")
PER_PAGE = 25

with head(_("Notices"), _("Which chats need a person, and what is out of order?")):
    pass


@st.fragment(run_every=5)
def all_of_them() -> None:
    only_unseen = notice_list.choose()
    page = st.session_state.get("notice_page", 1)
    try:
        told = source.bot().notices(page=page, limit=PER_PAGE, unseen=only_unseen)
    except BotError as error:
        trouble.banner(error)
        return
    notice_list.ways(told.channels)
    notice_list.show_all(told, who, only_new=only_unseen)
    if told.page.total_pages > 1:
        st.pagination(told.page.total_pages, key="notice_page", max_visible_pages=5)


all_of_them()
