"""The numbers of the morning, and what to do now."""

import streamlit as st

from pages._ui import guard, log_choice, overview_cards, todo
from pages._ui.heading import head
from pages._ui.i18n import _, n_
from pages._ui.show import number

guard.require("viewer")
DAYS = (7, 30, 90)


def days_in_words(days: int) -> str:
    return n_("{n} day", "{n} days", days).format(n=number(days))


with head(_("Overview"), _("How clients are answered, compared with the same span before.")):
    is_sample = log_choice.switch()
    days = st.segmented_control(
        _("Period"),
        DAYS,
        key="days",
        default=30,
        required=True,
        format_func=days_in_words,
        label_visibility="collapsed",
    )

choice = log_choice.Choice(is_sample, days or 30)
log = log_choice.chosen(choice)
if log is None:
    todo.card()
    log_choice.nothing_yet()
else:
    log_choice.badge(log)
    overview_cards.numbers(choice)
    left, right = st.columns([5, 7])
    with left:
        todo.card()
    with right:
        overview_cards.chart(choice, "dialogs")
    left, right = st.columns([5, 7])
    with left:
        overview_cards.chart(choice, "funnel")
    with right:
        overview_cards.chart(choice, "leads")
    left, right = st.columns([7, 5])
    with left:
        overview_cards.chart(choice, "heatmap")
    with right:
        overview_cards.chart(choice, "first_response")
