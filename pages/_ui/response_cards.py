"""Waiting: how long, of whom, on which days, and what was never answered."""

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from pages._ui import cards, changes, empty, figures, promise, reading, show, words
from pages._ui.answers import Row, answer, before, made, periods, row, whole
from pages._ui.figures import Line
from pages._ui.i18n import _, later, n_
from pages._ui.pieces import bars
from pages._ui.pieces.bars import Part
from pages._ui.pieces.numbers import Number, numbers
from pages._ui.pieces.table import Cell, table
from pages._ui.scope import Scope
from pages._ui.see import spot
from pages._ui.words import word

FIRST, EACH, CURVE = "first_response", "next_reply_waiting", "waiting_curve"
STEPS = (
    ("within_1_min", later("within 1 min"), "s1"),
    ("within_5_min", later("1–5 min"), "s2"),
    ("within_15_min", later("5–15 min"), "s3"),
    ("within_60_min", later("15–60 min"), "s4"),
    ("within_24_h", later("1–24 h"), "s5"),
)
WHO = ("all", "assistant", "human_app", "human_dashboard")


def body(scope: Scope) -> None:
    st.html(made(first_row, scope))
    if not row(FIRST, scope, answered_by="all"):
        return
    left, right = st.columns([6, 6])
    with left:
        cards.plain(scope, "sla", _("Answers in time"), made(promise.told, scope), promise.SLA)
    with right:
        cards.plain(
            scope, "spread", _("How soon the first answer came"), made(spread, scope), FIRST
        )
    left, right = st.columns([7, 5])
    with left:
        cards.chart(scope, "waits", _("First answer, day by day"), over_time, FIRST)
    with right:
        cards.chart(scope, "still_waiting", _("How many still wait"), still_waiting, CURVE, FIRST)
    left, right = st.columns([7, 5])
    with left:
        cards.plain(scope, "every", _("Every reply, not only the first"), made(every, scope), EACH)
    with right:
        cards.plain(
            scope, "honest", _("The same waits, counted differently"), made(honest, scope), FIRST
        )


def first_row(scope: Scope) -> str:
    """The answer to the title's question."""
    frame, earlier = answer(FIRST, scope), before(FIRST, scope)
    now, then = whole(frame, answered_by="all"), whole(earlier, answered_by="all")
    if not now:
        return empty.nothing_here(scope, _("Nobody asked anything in this period."))
    course = periods(frame)
    course = course[course["answered_by"] == "all"]
    how = scope.link(how=FIRST)

    def share(column: str, label: str, *, less_is_better: bool = False) -> Number:
        return Number(
            label,
            show.percent(now[column]),
            _("{n} of {all}").format(
                n=show.number(round(now[column] * now["dialogs"])), all=show.number(now["dialogs"])
            ),
            changes.shares(
                now[column] * now["dialogs"],
                now["dialogs"],
                then[column] * then["dialogs"] if then else None,
                then["dialogs"] if then else None,
                less_is_better=less_is_better,
            ),
            reading.column(course, column),
            scope.link(see=spot(FIRST, column)),
            how,
            "bad" if less_is_better and now[column] > 0.05 else "",
        )

    def time(column: str, label: str) -> Number:
        return Number(
            label,
            show.span(now[column]),
            _("fewer were answered") if now[column] is None else _("of all who asked"),
            changes.spans(now[column], then.get(column)),
            reading.column(course, column),
            scope.link(see=spot(FIRST)),
            how,
        )

    return numbers(
        (
            time("km_median_seconds", _("Half answered within")),
            time("km_p90_seconds", _("9 of 10 answered within")),
            share("within_5_min", _("Within 5 minutes")),
            share("within_60_min", _("Within an hour")),
            share("never", _("Never answered"), less_is_better=True),
        )
    )


def spread(scope: Scope) -> str:
    """The share answered by each span, for all and for each who answers."""
    frame = answer(FIRST, scope)
    told = []
    for who in WHO:
        row = whole(frame, answered_by=who)
        if row:
            name = _("All") if who == "all" else word(words.AUTHORS, who)
            told.append((name, dialogs(row["dialogs"]), _parts(scope, FIRST, row, who)))
    return bars.whole(told)


def _parts(scope: Scope, metric: str, row: Row, who: str) -> Sequence[Part]:
    parts, below = [], 0.0
    for column, name, tone in STEPS:
        share = max((row[column] or 0.0) - below, 0.0)
        below = row[column] or 0.0
        parts.append(
            Part(
                _(name),
                share,
                show.percent(share),
                tone,
                scope.link(see=spot(metric, waited=column, answered_by=who)),
            )
        )
    late = max(1 - below - (row["never"] or 0), 0.0)
    parts.append(
        Part(
            _("later"),
            late,
            show.percent(late),
            "s6",
            scope.link(see=spot(metric, waited="longer", answered_by=who)),
        )
    )
    never = row["never"] or 0.0
    parts.append(
        Part(
            _("never answered"),
            never,
            show.percent(never),
            "never",
            scope.link(see=spot(metric, waited="never", answered_by=who)),
        )
    )
    return parts


def still_waiting(scope: Scope) -> go.Figure:
    frame, look = answer(CURVE, scope), figures.look()
    names = {
        "all": (_("All"), look.text),
        "assistant": (_("Assistant answered"), look.accent),
        "human": (_("A person answered"), look.second),
    }
    lines = {}
    for code, (name, colour) in names.items():
        part = frame[(frame["answered_by"] == code) & (frame["after_seconds"] > 0)]
        if len(part):
            lines[name] = (
                part["after_seconds"].to_list(),
                part["still_waiting"].to_list(),
                colour,
            )
    return figures.curves(lines, _("since the question"), _("share of dialogs"))


def over_time(scope: Scope) -> go.Figure:
    course = periods(answer(FIRST, scope))
    everyone = course[course["answered_by"] == "all"].set_index("period")
    when = list(everyone.index)
    look = figures.look()
    lines = []
    earlier = before(FIRST, scope)
    if earlier is not None:
        all_before = periods(earlier)
        all_before = all_before[all_before["answered_by"] == "all"]
        past = figures.under(when, reading.column(all_before, "median_seconds"))
        lines.append(
            Line(
                _("half, span before"),
                past,
                look.soft,
                dash="dot",
                width=1.6,
                said=[show.span(value) for value in past],
            )
        )
    for name, column, colour, width in (
        (_("9 of 10 answers"), "p90_seconds", look.warn, 1.8),
        (_("Half of the answers"), "median_seconds", look.accent, 2.6),
    ):
        values = reading.column(everyone, column)
        lines.append(
            Line(
                name,
                values,
                colour,
                width=width,
                said=[show.span(value) for value in values],
                opens=[scope.link(see=spot(FIRST, period=day)) for day in when],
            )
        )
    return figures.waits(scope, when, lines)


def every(scope: Scope) -> str:
    frame = answer(EACH, scope)
    told = []
    for who in WHO:
        row = whole(frame, answered_by=who)
        if row:
            name = _("All") if who == "all" else word(words.AUTHORS, who)
            median = _("half within {time}").format(time=show.span(row["median_seconds"]))
            count = n_("{n} wait", "{n} waits", row["waits"]).format(n=show.number(row["waits"]))
            told.append((name, f"{count} · {median}", _parts(scope, EACH, row, who)))
    return bars.whole(told)


def honest(scope: Scope) -> str:
    """What the usual ways of counting leave out, beside what they say."""
    now = whole(answer(FIRST, scope), answered_by="all")
    ways = (
        (_("Median, the unanswered too"), _("this page"), "km_median_seconds"),
        (_("Median of the answered"), _("drops who was never answered"), "median_seconds"),
        (_("Mean of the answered"), _("a few long waits decide it"), "mean_seconds"),
        (_("Mean of the fastest 90 %"), _("as marketplaces count"), "trimmed_mean_seconds"),
        (_("Mean from the last line"), _("forgets the wait before it"), "naive_mean_seconds"),
    )
    return table(
        (_("Way of counting"), _("First answer")),
        [[Cell(name, said), Cell(show.span(now.get(column)))] for name, said, column in ways],
        _("The same waits, counted differently"),
    )


def dialogs(count: float) -> str:
    return n_("{n} dialog", "{n} dialogs", int(count)).format(n=show.number(count))
