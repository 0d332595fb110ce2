"""The numbers and the charts of the overview."""

from contextlib import suppress
from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from bot.client import BotError
from pages._ui import changes, figures, log_choice, metrics, show, source
from pages._ui.changes import Change
from pages._ui.i18n import _, lang, later
from pages._ui.log_choice import Choice, Log
from pipeline import catalog

TITLES = {
    "dialogs": later("Who answers first"),
    "funnel": later("From dialog to lead"),
    "leads": later("Leads"),
    "heatmap": later("When clients write"),
    "first_response": later("How long clients wait"),
}
COUNTED_BY = {
    "dialogs": ("first_response",),
    "funnel": ("dialogs", "first_response", "lead_conversion"),
    "leads": ("lead_conversion",),
    "heatmap": ("heatmap",),
    "first_response": ("first_response",),
}
CONFIG = {"displayModeBar": False, "scrollZoom": False}


@st.fragment(run_every=30)
def numbers(choice: Choice) -> None:
    """The numbers of the morning, each with the span before and its course over the days."""
    log = log_choice.chosen(choice)
    if log is None:
        return
    now, before = (_span(log, span) for span in ("now", "before"))
    dialogs, leads, first = (
        metrics.full_days(metrics.answer(name, log, log.course), log.course)
        for name in ("dialogs", "lead_conversion", "first_response")
    )
    shares = dialogs["with_assistant"] / dialogs["dialogs"].where(dialogs["dialogs"] > 0)
    medians = first[first["answered_by"] == "all"]["median_seconds"]
    wait, wait_before = (s["median_first_response_seconds"] for s in (now, before))
    with st.grid("auto", min_column_width=165, gap="small", key="numbers"):
        _number(
            _("New dialogs"),
            show.number(now["dialogs"]),
            changes.relative(now["dialogs"], before["dialogs"]),
            dialogs["dialogs"],
        )
        _number(
            _("With the assistant"),
            show.percent(changes.known(now["share_with_assistant"])),
            changes.points(now["share_with_assistant"], before["share_with_assistant"]),
            shares,
        )
        _number(
            _("First response"),
            show.span(changes.known(wait)),
            changes.relative(wait, wait_before, is_less_better=True),
            medians,
        )
        _number(
            _("Leads"),
            show.number(now["leads"]),
            changes.relative(now["leads"], before["leads"]),
            leads["leads"],
        )
        _number(
            _("Conversion to lead"),
            show.percent(changes.known(now["conversion"]), 1),
            changes.points(now["conversion"], before["conversion"]),
            leads["conversion"],
        )
        _waiting(log, int(now["unanswered"]))


def _waiting(log: Log, unanswered: int) -> None:
    """Who waits just now: the bot knows better than the log."""
    count, oldest = unanswered, None
    if not log.is_sample:
        with suppress(BotError):
            state = source.bot().state()
            count, oldest = state.queues.waiting_chats, state.ages.oldest_waiting_s
    if oldest:
        said = _("oldest {time}").format(time=show.span(oldest))
    else:
        said = "" if count else _("nobody waits")
    st.metric(
        _("Waiting now"),
        show.number(count),
        delta=said or None,
        delta_color="orange" if count else "green",
        delta_arrow="off",
        border=True,
        height="stretch",
    )


def chart(choice: Choice, name: str) -> None:
    """One picture, and behind the question mark how it is counted."""
    told = [catalog()[one] for one in COUNTED_BY[name]]
    counted = "\n\n".join(f"**{m.title(_language())}.** {m.notes(_language())}" for m in told)
    with st.container(border=True, key=f"card_{name}", height="stretch"):
        st.subheader(_(TITLES[name]), anchor=False, help=counted)
        _picture(choice, name)


@st.fragment(run_every=60)
def _picture(choice: Choice, name: str) -> None:
    log = log_choice.chosen(choice)
    if log is None:
        return
    theme = "dark" if st.context.theme.type == "dark" else "light"
    figure = _figure(name, log, _language(), theme)
    st.plotly_chart(figure, config=CONFIG, key=f"chart_{name}", alt=_(TITLES[name]))


def _language() -> Literal["ru", "en"]:
    return "ru" if lang() == "ru" else "en"


@st.cache_resource(show_spinner=False, max_entries=128)
def _figure(name: str, log: Log, language: str, theme: str) -> go.Figure:
    """Built once for all who look at the same state in the same language and theme."""
    colours = figures.COLOURS[theme]
    first = metrics.answer("first_response", log, log.course)
    leads = metrics.answer("lead_conversion", log, log.course)
    match name:
        case "dialogs":
            periods = metrics.with_today(leads, log.course)["period"]
            answers = metrics.with_today(first, log.course)
            return figures.who_answers(answers, list(periods), colours)
        case "first_response":
            return figures.waits(metrics.full_days(first, log.course), colours)
        case "heatmap":
            return figures.hours(metrics.answer("heatmap", log), colours)
        case "leads":
            before = metrics.answer("lead_conversion", log, log.before)
            return figures.leads(
                metrics.full_days(leads, log.course),
                metrics.full_days(before, log.before),
                colours,
            )
        case _:
            answered = metrics.whole(metrics.answer("first_response", log))
            [everyone] = _rows(answered, answered_by="all") or [{}]
            [counted] = _rows(metrics.whole(metrics.answer("lead_conversion", log)))
            stages = {
                _("Dialogs"): int(counted["dialogs"]),
                _("Answered"): int(everyone.get("answered", 0)),
                _("Within 5 minutes"): round(
                    everyone.get("within_5_min", 0) * everyone.get("dialogs", 0)
                ),
                _("Leads"): int(counted["leads"]),
            }
            return figures.funnel(stages, colours)


def _span(log: Log, span: str) -> dict[str, Any]:
    [row] = _rows(metrics.answer("overview", log), span=span)
    return row


def _rows(frame: pd.DataFrame, **wanted: str) -> list[dict[str, Any]]:
    for column, value in wanted.items():
        frame = frame[frame[column] == value]
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def _number(label: str, value: str, change: Change | None, course: "pd.Series[Any]") -> None:
    points = [float(point) for point in course.dropna()]
    st.metric(
        label,
        value,
        delta=change.text if change else None,
        delta_color=change.colour if change else "off",
        delta_arrow=change.arrow if change else "off",
        chart_data=points if len(points) > 1 else None,
        chart_type="area",
        border=True,
        height="stretch",
    )
