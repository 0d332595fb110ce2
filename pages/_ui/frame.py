"""What every page of numbers begins with: who looks, the title, the filters, and the log's scope."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import streamlit as st

from pages._ui import address, drawer, empty, filters, guard, lake
from pages._ui.answers import ask_ahead
from pages._ui.heading import head
from pages._ui.scope import Scope, scope
from pages._ui.view import View

LOOK_AGAIN = 60
"""Seconds after which a page that stays open asks again."""


def page(
    name: str,
    title: str,
    question: str,
    body: Callable[[Scope], None],
    *,
    controls: Callable[[], None] | None = None,
    work: Callable[[Scope | None], None] | None = None,
    without_log: Callable[[View], None] | None = None,
) -> None:
    """The whole page `name`: `body` shows the cards. Without a log an empty state says how to get
    data, below what `without_log` shows.

    A page of work has its list below the numbers (`work`), with or without a log, and may have
    `controls` of its own beside the title.
    """
    guard.require("viewer")
    view = address.current(name)
    with head(title, question):
        filters.bar(view)
        if controls:
            controls()
    seen = look(view)
    if seen is None and work:
        work(None)
        return
    if seen is None:
        if without_log:
            without_log(view)
        empty.no_log(view)
        return
    _live(name, view, body)
    if work:
        work(seen)
    drawer.show(seen)


@st.fragment(run_every=LOOK_AGAIN)
def _live(name: str, view: View, body: Callable[[Scope], None]) -> None:
    seen = look(view)
    if seen is None:
        return
    ask_ahead(name, seen)
    st.html(filters.told(seen))
    if view.is_sample:
        empty.sample_badge(view)
    body(seen)


def look(view: View) -> Scope | None:
    """The view upon its log as it is now; None while nobody wrote anything."""
    known = lake.span(sample=view.is_sample)
    if known is None:
        return None
    first, last = known
    return scope(
        view,
        first=first,
        now=last + timedelta(hours=1) if view.is_sample else datetime.now(UTC),
        zone=filters.zone_of(view),
        edition=lake.edition(sample=view.is_sample),
    )
