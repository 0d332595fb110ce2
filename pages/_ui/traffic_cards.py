"""Traffic: how many clients write, whether they come back, when, and who falls silent."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages._ui import cards, empty, figures, reading, show, words
from pages._ui.answers import answer, before, made, periods, row, rows, whole
from pages._ui.figures import Line
from pages._ui.i18n import _, n_
from pages._ui.pieces import bars
from pages._ui.pieces.bars import Bar
from pages._ui.pieces.hours import hours
from pages._ui.pieces.numbers import numbers
from pages._ui.scope import Scope
from pages._ui.see import spot
from pages._ui.words import word

DIALOGS, HEAT, AUTHORS, KINDS = "dialogs", "heatmap", "messages_by_author", "messages_by_kind"
SILENT = "silent_clients"


def body(scope: Scope) -> None:
    if not row(DIALOGS, scope).get("dialogs"):
        st.html(empty.nothing_here(scope, _("Nobody wrote in this period.")))
        return
    st.html(made(first_row, scope))
    cards.chart(
        scope, "traffic", _("Dialogs with new and with returning clients"), over_time, DIALOGS
    )
    left, right = st.columns([7, 5])
    with left:
        cards.plain(scope, "hours", _("When clients begin to write"), made(heat, scope), HEAT)
    with right:
        cards.plain(
            scope,
            "silent",
            _("Who fell silent after the first answer"),
            made(silent, scope),
            SILENT,
        )
    left, right = st.columns(2)
    with left:
        cards.plain(scope, "authors", _("Who writes"), made(authors, scope), AUTHORS)
    with right:
        cards.plain(scope, "kinds", _("What clients send"), made(kinds, scope), KINDS)


def first_row(scope: Scope) -> str:
    now = whole(answer(DIALOGS, scope))
    returning = show.percent(now["returning_clients"] / now["dialogs"])
    return numbers(
        (
            reading.count(scope, DIALOGS, "dialogs", _("Dialogs")),
            reading.count(scope, DIALOGS, "new_clients", _("With new clients")),
            reading.count(
                scope,
                DIALOGS,
                "returning_clients",
                _("Clients who came back"),
                _("{share} of dialogs").format(share=returning),
            ),
            reading.count(scope, AUTHORS, "messages", _("Messages of clients"), author="client"),
            reading.share(
                scope,
                SILENT,
                "silent",
                "dialogs",
                _("Fell silent"),
                course="share_silent",
                less_is_better=True,
                answered_by="all",
            ),
        )
    )


def over_time(scope: Scope) -> go.Figure:
    course, look = periods(answer(DIALOGS, scope)), figures.look()
    when = list(course["period"])
    doors = [scope.link(see=spot(DIALOGS, period=day)) for day in when]
    parts = [
        Line(_("New clients"), course["new_clients"].to_list(), look.accent, opens=doors),
        Line(
            _("Clients who came back"),
            course["returning_clients"].to_list(),
            look.second,
            opens=doors,
        ),
    ]
    figure = figures.stacked(scope, when, parts, _("dialogs"))
    earlier = before(DIALOGS, scope)
    if earlier is None:
        return figure
    return figures.dotted_before(figure, scope, when, earlier, "dialogs")


def heat(scope: Scope) -> str:
    counts = {
        (int(r["weekday"]), int(r["hour"])): int(r["dialogs"]) for r in rows(answer(HEAT, scope))
    }
    return hours(
        counts, lambda day, hour: scope.link(see=spot(HEAT, weekday=day, hour=hour)), dialogs
    )


def silent(scope: Scope) -> str:
    found = []
    for who in ("assistant", "human_app", "human_dashboard"):
        row = whole(answer(SILENT, scope), answered_by=who)
        if row and row["dialogs"] and row["share_silent"] is not None:
            found.append(
                Bar(
                    word(words.AUTHORS, who),
                    row["share_silent"],
                    show.percent(row["share_silent"]),
                    f"{reading.part(row['silent'], row['dialogs'])} · {reading.interval(row['low'], row['high'])}",
                    "accent" if who == "assistant" else "good-bar",
                    scope.link(see=spot(SILENT, "silent", answered_by=who)),
                )
            )
    return bars.ranking(found, most=1) if found else _("Nobody was answered in this period.")


def authors(scope: Scope) -> str:
    found = sorted(rows(_whole_rows(scope, AUTHORS)), key=lambda row: -row["messages"])
    return bars.ranking(
        [
            Bar(
                word(words.AUTHORS, row["author"]),
                row["messages"],
                show.number(row["messages"]),
                show.percent(row["share"]),
                see=scope.link(see=spot(AUTHORS, author=row["author"])),
            )
            for row in found
        ]
    )


def kinds(scope: Scope) -> str:
    """Of clients alone: what others send is no question."""
    found = rows(_whole_rows(scope, KINDS), author="client")
    return bars.ranking(
        [
            Bar(
                _("Text") if row["kind"] == "text" else word(words.KINDS, row["kind"]),
                row["messages"],
                show.number(row["messages"]),
                show.percent(row["share"], 1),
                see=scope.link(see=spot(KINDS, author="client", kind=row["kind"])),
            )
            for row in sorted(found, key=lambda row: -row["messages"])
        ]
    )


def dialogs(count: int) -> str:
    return n_("{n} dialog", "{n} dialogs", count).format(n=show.number(count))


def _whole_rows(scope: Scope, metric: str) -> pd.DataFrame:
    frame = answer(metric, scope)
    return frame[frame["period"].isna()]
