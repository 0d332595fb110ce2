"""What stands where there are no numbers: why, and how to get some."""

import streamlit as st

from pages._ui import address, lake, source
from pages._ui.i18n import _
from pages._ui.pieces.html import escape, link, tag
from pages._ui.scope import Scope
from pages._ui.view import ALL, View


def no_log(view: View) -> None:
    """Nobody wrote yet, or the sample is not made."""
    with st.container(border=True, key="card_no_numbers"):
        st.subheader(_("No numbers yet"), anchor=False)
        if source.accounts():
            st.markdown(_("They come with the first client who writes."))
        else:
            st.markdown(
                _(
                    "They come with the first client who writes. Connect an account and switch listings on."
                )
            )
            st.page_link(
                st.session_state["pages"]["connection"],
                label=_("Connect an account"),
                icon=":material/link:",
            )
        if lake.sample_is_there() and not view.is_sample:
            st.button(
                _("Show a sample: a month of history"),
                icon=":material/science:",
                type="primary",
                key="show_sample",
                on_click=address.show,
                args=(view.but(is_sample=True),),
            )
        else:
            st.caption(_("To see a sample, make one: `.venv/bin/python -m pipeline sample`"))


def sample_badge(view: View) -> None:
    """Nobody may take the sample for their own numbers."""
    said = escape(_("This is a sample: made-up clients, to show what the page will look like."))
    back = link(
        escape(_("To my data")),
        view.but(is_sample=False, account=None, listing=None, zone=None).link(),
    )
    st.html(tag("p", said + " " + back, _class="sample"))


def nothing_here(scope: Scope, said: str) -> str:
    """In place of a picture: nothing happened in this period, and the way to a longer one."""
    wider = ""
    if scope.view.period != ALL:
        wider = link(
            escape(_("Show all of the time")),
            scope.view.but(period=ALL, first=None, last=None).link(),
        )
    return tag("div", tag("p", escape(said)) + wider, _class="nothing")
