"""Is the log sound, and did everything arrive: checks, webhooks, and how long we took to decide."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import plotly.graph_objects as go
import streamlit as st

from pages._ui import cards, figures, lake, reading, show, words
from pages._ui.answers import SIDE_BY_SIDE, answer, language, made, periods, row, rows, whole
from pages._ui.figures import Line
from pages._ui.i18n import _, n_
from pages._ui.pieces.html import escape, joined, tag
from pages._ui.pieces.numbers import Number, numbers
from pages._ui.pieces.table import Cell, table
from pages._ui.scope import Scope
from pages._ui.see import spot
from pages._ui.words import word
from pipeline import checks
from pipeline.checks import Finding

WEBHOOKS, AGES, REPLIES = "webhook_completeness", "queue_ages", "replies_by_state"
RECENT = timedelta(days=14)
"""The checks look at so much of the log; all of it is `python -m pipeline checks`."""

AGAIN = 300
"""Seconds until they look again."""


def body(scope: Scope) -> None:
    found = _found(scope.view.is_sample, scope.window.end, int(time.monotonic() // AGAIN))
    st.html(numbers((_verdict(found), *made(three, scope))))
    cards.plain(scope, "checks", _("Checks of the log"), _list(found), note=_note(found))
    if row(WEBHOOKS, scope).get("messages"):
        cards.chart(scope, "webhooks", _("How messages reached us"), over_time, WEBHOOKS)
    left, right = st.columns(2)
    with left:
        cards.plain(scope, "ages", _("From message to verdict"), made(ages, scope), AGES)
    with right:
        cards.plain(scope, "sent", _("Did our replies arrive"), made(replies, scope), REPLIES)


@st.cache_resource(show_spinner=False, max_entries=16)
def _found(is_sample: bool, now: datetime, tick: int) -> Sequence[Finding]:
    con = lake.cursor(sample=is_sample)
    moment = now if is_sample else datetime.now(UTC)
    return checks.run(con, now=moment, recent=RECENT, pool=SIDE_BY_SIDE) if con else ()


def _verdict(found: Sequence[Finding]) -> Number:
    worst = checks.worst(found)
    bad = [finding for finding in found if not finding.ok]
    said = {
        "ok": _("Sound"),
        "warn": _("With care"),
        "stop": _("Not sound"),
    }[worst]
    count = n_("{n} check found something", "{n} checks found something", len(bad))
    under = count.format(n=len(bad)) if bad else _("{n} checks found nothing").format(n=len(found))
    return Number(_("The log is"), said, under, tone="bad" if worst == "stop" else "")


def three(scope: Scope) -> tuple[Number, ...]:
    hooks, verdict = whole(answer(WEBHOOKS, scope)), whole(answer(AGES, scope), verdict="all")
    how = scope.link(how=WEBHOOKS)
    found = (hooks.get("by_sweep") or 0) + (hooks.get("by_reading") or 0)
    return (
        Number(
            _("Came by webhook"),
            show.percent(hooks.get("share_by_webhook"), 1),
            reading.part(hooks.get("by_webhook") or 0, hooks.get("messages") or 0),
            None,
            reading.course(scope, WEBHOOKS, "share_by_webhook"),
            how=how,
        ),
        Number(
            _("Found by looking"),
            show.number(found),
            _("by the sweep and by reading"),
            how=how,
        ),
        Number(
            _("From message to verdict"),
            show.span(verdict.get("median_seconds")),
            _("99 of 100 within {time}").format(time=show.span(verdict.get("p99_seconds"))),
            None,
            reading.course(scope, AGES, "median_seconds", verdict="all"),
            scope.link(see=spot(AGES)),
            scope.link(how=AGES),
        ),
    )


def _note(found: Sequence[Finding]) -> str:
    seconds = show.span(sum(finding.seconds for finding in found))
    return _("Of the last {n} days, in {time}. Each says what it means and what to do.").format(
        n=RECENT.days, time=seconds
    )


def _list(found: Sequence[Finding]) -> str:
    ordered = sorted(found, key=lambda finding: (finding.ok, finding.check.severity != "stop"))
    return tag("ul", joined(map(_finding, ordered)), _class="finds")


def _finding(finding: Finding) -> str:
    check, tongue = finding.check, language()
    sign, tone = (
        ("✓", "good") if finding.ok else ("!", "bad" if check.severity == "stop" else "warn")
    )
    count = "" if finding.ok else tag("b", show.number(finding.count))
    head = tag(
        "summary",
        tag("span", sign, _class=f"sign {tone}", aria_hidden="true")
        + tag("span", escape(check.title(tongue)), _class="what")
        + count,
    )
    examples = joined(
        tag("li", escape(" · ".join(f"{k}: {v}" for k, v in row.items() if v is not None)[:300]))
        for row in finding.examples[:5]
    )
    inside = tag("p", escape(check.means(tongue))) + (tag("ul", examples) if examples else "")
    return tag("li", tag("details", head + inside))


def over_time(scope: Scope) -> go.Figure:
    course, look = periods(answer(WEBHOOKS, scope)), figures.look()
    when = list(course["period"])
    names = (
        (_("by webhook"), "by_webhook", look.accent),
        (_("by the sweep"), "by_sweep", look.warn),
        (_("by reading the chat"), "by_reading", look.second),
    )
    parts = [Line(name, reading.column(course, column), colour) for name, column, colour in names]
    return figures.stacked(scope, when, parts, _("messages"))


def ages(scope: Scope) -> str:
    frame = answer(AGES, scope)
    found = rows(frame[frame["period"].isna()])
    if not found:
        return tag("p", escape(_("Nothing in this period.")), _class="quiet")
    columns = (_("Verdict"), _("Messages"), _("half within"), _("99 of 100 within"), _("longest"))
    return table(
        columns,
        [
            [
                Cell(_("All") if row["verdict"] == "all" else word(words.VERDICTS, row["verdict"])),
                Cell(
                    show.number(row["messages"]),
                    see=scope.link(see=spot(AGES, verdict=row["verdict"])),
                ),
                Cell(show.span(row["median_seconds"])),
                Cell(show.span(row["p99_seconds"])),
                Cell(show.span(row["longest_seconds"])),
            ]
            for row in found
        ],
        _("From message to verdict"),
    )


def replies(scope: Scope) -> str:
    frame = answer(REPLIES, scope)
    found = rows(frame[frame["period"].isna()])
    if not found:
        return tag("p", escape(_("Nothing in this period.")), _class="quiet")
    return table(
        (_("Author"), _("Where they stand"), _("Replies")),
        [
            [
                Cell(word(words.AUTHORS, row["author"])),
                Cell(word(words.REPLY_STATES, row["state"])),
                Cell(
                    show.number(row["replies"]),
                    see=scope.link(see=spot(REPLIES, author=row["author"], state=row["state"])),
                ),
            ]
            for row in found
        ],
        _("Did our replies arrive"),
    )
