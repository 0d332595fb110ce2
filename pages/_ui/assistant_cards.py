"""The assistant's part: what it takes on and finishes, where it gives up, what it costs."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages._ui import cards, changes, empty, figures, marks, reading, show, words
from pages._ui.answers import answer, made, periods, row, rows, whole
from pages._ui.figures import Line
from pages._ui.i18n import _
from pages._ui.pieces import bars
from pages._ui.pieces.bars import Bar, Part
from pages._ui.pieces.html import escape, tag
from pages._ui.pieces.numbers import Number, numbers
from pages._ui.pieces.table import Cell, table
from pages._ui.scope import Scope
from pages._ui.see import spot
from pages._ui.words import word

PART, HANDED, VERDICTS, DRAFTS = "automation", "handoffs", "verdicts", "drafts"
COST, BACK, AGES = "model_cost", "reopened", "queue_ages"
STALE = ("superseded", "newer_message")
VERDICT_TONES = {"answered": "accent", "merged": "accent", "failed": "never-bar"}


def body(scope: Scope) -> None:
    if not row(PART, scope).get("dialogs"):
        st.html(empty.nothing_here(scope, _("Nobody wrote in this period.")))
        return
    st.html(made(first_row, scope))
    left, right = st.columns([7, 5])
    with left:
        cards.chart(scope, "part", _("Its part over time"), over_time, PART)
    with right:
        cards.plain(scope, "outcome", _("How its dialogs ended"), made(outcome, scope), PART, BACK)
    left, right = st.columns(2)
    with left:
        cards.plain(scope, "handed", _("Why it hands over"), made(handed, scope), HANDED)
    with right:
        cards.plain(
            scope, "verdicts", _("What became of the messages"), made(verdicts, scope), VERDICTS
        )
    st.html(made(cost_row, scope))
    left, right = st.columns([7, 5])
    with left:
        cards.chart(scope, "cost", _("What the model costs"), cost, COST)
    with right:
        cards.plain(
            scope, "speed", _("How quickly it thinks"), made(speed, scope), COST, AGES, DRAFTS
        )


def first_row(scope: Scope) -> str:
    """Automation with both of its factors: ninety of a hundred of ten is nine."""
    now, then = reading.both(scope, PART)
    resolved = _("{confirmed} said so, {assumed} assumed").format(
        confirmed=show.percent(now["confirmed_resolution"]),
        assumed=show.percent(now["assumed_resolution"]),
    )
    finished, finished_then = _finished(now), _finished(then)
    opens = scope.link(see=spot(PART, "involved"))
    course = periods(answer(PART, scope))
    return numbers(
        (
            reading.share(
                scope, PART, "involved", "dialogs", _("Takes part in"), course="involvement"
            ),
            Number(
                _("× finishes alone"),
                show.percent(now["resolution"]),
                resolved,
                changes.shares(finished, now["decided"], finished_then, then.get("decided")),
                _settled(course, "resolution"),
                scope.link(see=spot(PART, "decided")),
                scope.link(how=PART),
            ),
            Number(
                _("= automation"),
                show.percent(now["automation"]),
                _("of all dialogs"),
                None,
                _settled(course, "automation"),
                opens,
                scope.link(how=PART),
            ),
            reading.share(
                scope,
                PART,
                "handed_off",
                "involved",
                _("Hands over"),
                course="hand_off_rate",
                less_is_better=True,
            ),
            reading.share(
                scope,
                BACK,
                "reopened",
                "resolved",
                _("Came back after it"),
                course="share_reopened",
                less_is_better=True,
                digits=1,
            ),
        )
    )


def over_time(scope: Scope) -> go.Figure:
    course, look = periods(answer(PART, scope)), figures.look()
    when = list(course["period"])
    lines = [
        Line(name, values, colour, dash=dash, opens=_doors(scope, when, opens))
        for name, values, colour, dash, opens in (
            (
                _("Takes part in"),
                reading.column(course, "involvement"),
                look.accent,
                "solid",
                "involved",
            ),
            (_("Finishes alone"), _settled(course, "resolution"), look.second, "dash", "decided"),
            (_("Automation"), _settled(course, "automation"), look.text, "solid", "involved"),
        )
    ]
    return figures.courses(
        scope, when, lines, _("share of dialogs"), is_share=True, marks=marks.of(scope)
    )


def outcome(scope: Scope) -> str:
    now = whole(answer(PART, scope))
    of, decided = now["involved"], now["decided"]
    if not of:
        return escape(_("The assistant wrote to nobody in this period."))
    rest = max(decided - now["confirmed"] - now["assumed"], 0)
    parts = [
        Part(name, count / of, show.percent(count / of), tone, scope.link(see=spot(PART, opens)))
        for name, count, tone, opens in (
            (_("thanked or agreed"), now["confirmed"], "s2", "confirmed"),
            (_("asked no more"), now["assumed"], "s4", "assumed"),
            (_("handed over or taken by a person"), rest, "never", "with_person"),
            (_("still going on"), now["open"], "s6", "open"),
        )
    ]
    text = _("“Asked no more” may be a happy client and may be a lost one: so it stands apart.")
    told = _("{n} dialogs with the assistant").format(n=show.number(of))
    return bars.whole([(_("Assistant"), told, parts)]) + tag(
        "p", escape(text), _class="quiet small"
    )


def handed(scope: Scope) -> str:
    frame = answer(HANDED, scope)
    found = [row for row in rows(frame[frame["period"].isna()]) if row["reason"] != "all"]
    if not found:
        return escape(_("The assistant handed nothing over in this period."))
    return bars.ranking(
        [
            Bar(
                word(words.REASONS, row["reason"]),
                row["handoffs"],
                show.number(row["handoffs"]),
                _("taken by a person: {share}, half within {time}").format(
                    share=show.percent(row["share_taken"]), time=show.span(row["km_median_seconds"])
                ),
                see=scope.link(see=spot(HANDED, reason=row["reason"])),
            )
            for row in found
        ]
    )


def verdicts(scope: Scope) -> str:
    frame = answer(VERDICTS, scope)
    found = sorted(rows(frame[frame["period"].isna()]), key=lambda row: -row["messages"])
    return bars.ranking(
        [
            Bar(
                word(words.VERDICTS, row["verdict"]),
                row["messages"],
                show.number(row["messages"]),
                show.percent(row["share"], 1),
                VERDICT_TONES.get(row["verdict"], "plain-bar"),
                scope.link(see=spot(VERDICTS, verdict=row["verdict"])),
            )
            for row in found
        ]
    )


def cost_row(scope: Scope) -> str:
    """Roubles in all, per reply, per dialog and per lead."""
    now, then = reading.both(scope, COST)
    how = scope.link(how=COST)

    def roubles(label: str, column: str, of: str, digits: int) -> Number:
        return Number(
            label,
            show.money(now.get(column), digits),
            of,
            changes.spans(now.get(column), then.get(column)),
            reading.course(scope, COST, column),
            how=how,
        )

    calls = _("{n} calls, {failed} failed").format(
        n=show.number(now.get("calls")), failed=show.number(now.get("failed_calls"))
    )
    tokens = _("{n} thousand tokens").format(
        n=show.number(((now.get("tokens_in") or 0) + (now.get("tokens_out") or 0)) / 1000)
    )
    return numbers(
        (
            roubles(_("The model, in all"), "cost_rub", calls, 0),
            roubles(_("A reply"), "cost_per_reply", tokens, 2),
            roubles(_("A dialog"), "cost_per_dialog", "", 2),
            roubles(_("A lead"), "cost_per_lead", _("the model alone"), 2),
        )
    )


def cost(scope: Scope) -> go.Figure:
    course, look = periods(answer(COST, scope)), figures.look()
    when = list(course["period"])
    line = Line(
        _("The model, in all"),
        reading.course(scope, COST, "cost_rub"),
        look.accent,
        is_filled=True,
    )
    return figures.courses(scope, when, [line], _("roubles"), marks=marks.of(scope))


def speed(scope: Scope) -> str:
    """The model's own time, and ours from the message to the verdict."""
    model, verdict = whole(answer(COST, scope)), whole(answer(AGES, scope), verdict="answered")
    fates = answer(DRAFTS, scope)
    decided = rows(fates[fates["period"].isna()])
    drafts = sum(row["drafts"] for row in decided)
    stale = sum(row["drafts"] for row in decided if row["fate"] in STALE)
    columns = ("", _("half within"), _("99 of 100 within"))
    told = table(
        columns,
        [
            [
                Cell(_("The model thinks")),
                Cell(_ms(model.get("median_latency_ms"))),
                Cell(_ms(model.get("p99_latency_ms"))),
            ],
            [
                Cell(_("From message to reply"), _("waiting for the end of a burst too")),
                Cell(show.span(verdict.get("median_seconds"))),
                Cell(show.span(verdict.get("p99_seconds"))),
            ],
        ],
        _("How quickly it thinks"),
    )
    share = show.percent(stale / drafts if drafts else None, 1)
    text = _("Drafts that went stale because the client wrote again: {n} ({share}).").format(
        n=show.number(stale), share=share
    )
    return told + tag("p", escape(text), _class="quiet small")


def _settled(course: pd.DataFrame, name: str) -> list[float | None]:
    """The share, where most outcomes are known: of the last days only those are that went badly."""
    known = course["decided"] >= course["involved"] / 2
    return reading.column(course.assign(**{name: course[name].where(known)}), name)


def _ms(value: float | None) -> str:
    return show.span(None if value is None else value / 1000)


def _finished(row: dict[str, float]) -> float | None:
    return row["confirmed"] + row["assumed"] if row else None


def _doors(scope: Scope, when: list[pd.Timestamp], opens: str) -> list[str]:
    return [scope.link(see=spot(PART, opens, period=day)) for day in when]
