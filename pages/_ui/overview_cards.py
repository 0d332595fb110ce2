"""The morning: five numbers, what changed, what to do now, and how dialogs become leads."""

from contextlib import suppress

import plotly.graph_objects as go
import streamlit as st

from bot.client import BotError
from pages._ui import cards, empty, figures, movers, news, reading, show, source, todo
from pages._ui.answers import answer, before, made, periods, row, whole
from pages._ui.figures import Line
from pages._ui.i18n import _
from pages._ui.pieces import bars
from pages._ui.pieces.bars import Bar
from pages._ui.pieces.numbers import Number, numbers
from pages._ui.scope import Scope
from pages._ui.see import spot
from pages._ui.view import View

DIALOGS, FIRST, LEADS, CONVERSION = "dialogs", "first_response", "leads", "lead_conversion"
PEOPLE = ("human_app", "human_dashboard")


def body(scope: Scope) -> None:
    st.html(numbers((*made(four, scope), waiting_now(scope))))
    left, right = st.columns([6, 6])
    with left:
        todo.card()
    with right:
        cards.plain(scope, "news", _("What changed"), made(news.told, scope), DIALOGS, FIRST)
    if not row(DIALOGS, scope).get("dialogs"):
        st.html(empty.nothing_here(scope, _("Nobody wrote in this period.")))
        return
    if scope.before:
        note = _("Against the span before, the farthest first; what is grey may be chance.")
        told = made(movers.told, scope)
        cards.plain(scope, "movers", _("What changed, by listing"), told, movers.CHANGES, note=note)
    left, right = st.columns([7, 5])
    with left:
        cards.chart(scope, "who", _("Who answers first"), who_answers, FIRST)
    with right:
        cards.plain(scope, "steps", _("From dialog to lead"), made(steps, scope), CONVERSION, FIRST)
    cards.chart(scope, "leads", _("Leads"), leads, LEADS)


def without_log(_view: View) -> None:
    """What can be done while there are no numbers."""
    todo.card()


def four(scope: Scope) -> tuple[Number, ...]:
    """Dialogs, waiting, leads, conversion: each against the span before."""
    begun, sold = whole(answer(DIALOGS, scope)), whole(answer(CONVERSION, scope))
    wait = whole(answer(FIRST, scope), answered_by="all")
    new = _("{n} with new clients").format(n=show.number(begun["new_clients"]))
    soon = _("{share} within 5 minutes").format(share=show.percent(wait.get("within_5_min")))
    of = _("from {n} dialogs").format(n=show.number(sold["dialogs"]))
    return (
        reading.count(scope, DIALOGS, "dialogs", _("Dialogs"), new),
        reading.span(
            scope,
            FIRST,
            "km_median_seconds",
            _("Half answered within"),
            soon,
            answered_by="all",
        ),
        reading.count(scope, CONVERSION, "leads", _("Leads"), of),
        reading.share(
            scope,
            CONVERSION,
            "leads",
            "dialogs",
            _("Conversion to lead"),
            course="conversion",
            digits=1,
            note=reading.interval(sold["low"], sold["high"]),
        ),
    )


def waiting_now(scope: Scope) -> Number:
    """Who waits just now: of the seller's own clients the bot knows better than the log."""
    count = float(row(FIRST, scope, answered_by="nobody").get("dialogs") or 0)
    said = ""
    if not scope.view.is_sample:
        with suppress(BotError):
            state = source.recent("state", lambda bot: bot.state())
            count, oldest = state.queues.waiting_chats, state.ages.oldest_waiting_s
            said = _("oldest {time}").format(time=show.span(oldest)) if oldest else ""
    return Number(
        _("Wait for an answer"),
        show.number(count),
        said or ("" if count else _("nobody waits")),
        see=scope.link(see=spot(FIRST, "never")),
        how=scope.link(how="unanswered"),
        tone="bad" if count else "",
    )


def who_answers(scope: Scope) -> go.Figure:
    frame, look = periods(answer(FIRST, scope)), figures.look()
    when = list(periods(answer(DIALOGS, scope))["period"])
    groups = (
        (_("Assistant"), ("assistant",), look.accent),
        (_("Person"), PEOPLE, look.second),
        (_("Nobody yet"), ("nobody",), look.warn),
    )
    parts = []
    for name, authors, colour in groups:
        of = frame[frame["answered_by"].isin(authors)]
        counts = of.groupby("period")["dialogs"].sum().reindex(when, fill_value=0)
        doors = [scope.link(see=spot(FIRST, period=day)) for day in when]
        parts.append(Line(name, counts.to_list(), colour, opens=doors))
    return figures.stacked(scope, when, parts, _("dialogs"))


def leads(scope: Scope) -> go.Figure:
    course, earlier = periods(answer(LEADS, scope)), before(LEADS, scope)
    look, when = figures.look(), list(course["period"])
    lines = []
    if earlier is not None:
        past = figures.under(when, reading.column(periods(earlier), "leads"))
        lines.append(Line(_("Span before"), past, look.soft, dash="dot", width=1.6))
    doors = [scope.link(see=spot(LEADS, period=day)) for day in when]
    lines.append(
        Line(
            _("This span"),
            reading.column(course, "leads"),
            look.accent,
            opens=doors,
            is_filled=True,
        )
    )
    return figures.courses(scope, when, lines, _("leads"))


def steps(scope: Scope) -> str:
    """The way of a dialog: asked, answered, answered soon, a lead."""
    everyone = whole(answer(FIRST, scope), answered_by="all")
    sold = whole(answer(CONVERSION, scope))
    soon = round((everyone.get("within_5_min") or 0) * (everyone.get("dialogs") or 0))
    stages = (
        (_("Dialogs"), sold["dialogs"], "accent", spot(CONVERSION)),
        (_("Answered"), everyone.get("answered") or 0, "accent", spot(FIRST, "answered")),
        (_("Within 5 minutes"), soon, "accent", spot(FIRST, "within_5_min")),
        (_("Leads"), sold["leads"], "good-bar", spot(CONVERSION, "leads")),
    )
    return bars.steps(
        [
            Bar(name, count, show.number(count), tone=tone, see=scope.link(see=see))
            for name, count, tone, see in stages
        ]
    )
