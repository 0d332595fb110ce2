"""Outcomes: phones and leads, how often a dialog becomes one, and what that depends on."""

import plotly.graph_objects as go
import streamlit as st

from pages._ui import cards, empty, figures, marks, reading, show
from pages._ui.answers import answer, before, made, periods, row, rows, whole
from pages._ui.figures import Line
from pages._ui.i18n import _
from pages._ui.pieces import bars
from pages._ui.pieces.bars import Bar
from pages._ui.pieces.numbers import numbers
from pages._ui.scope import Scope
from pages._ui.see import spot
from pages._ui.words import SPANS_WAITED

LEADS, CONVERSION, PHONES = "leads", "lead_conversion", "phones"
BY_WAIT, BY_HOUR, BY_LISTING = "conversion_by_wait", "conversion_by_hour", "conversion_by_listing"
MOST = 10


def top(scope: Scope) -> None:
    """The answer to the title's question."""
    st.html(made(first_row, scope))


def charts(scope: Scope) -> None:
    """What leads depend on."""
    if not row(CONVERSION, scope).get("dialogs"):
        st.html(empty.nothing_here(scope, _("Nobody wrote in this period.")))
        return
    cards.chart(scope, "conversion", _("Conversion to lead over time"), over_time, CONVERSION)
    left, right = st.columns(2)
    with left:
        cards.chart(
            scope,
            "by_wait",
            _("Conversion by the first wait"),
            by_wait,
            BY_WAIT,
            note=_("Points with their 95 % intervals. A link is no cause."),
        )
    with right:
        cards.chart(
            scope,
            "by_hour",
            _("Conversion by the hour of the first message"),
            by_hour,
            BY_HOUR,
            note=_("Points with their 95 % intervals."),
        )
    cards.plain(
        scope, "by_listing", _("Conversion by listing"), made(by_listing, scope), BY_LISTING
    )


def first_row(scope: Scope) -> str:
    sold = whole(answer(CONVERSION, scope))
    return numbers(
        (
            reading.count(
                scope,
                PHONES,
                "phones",
                _("Phones obtained"),
                _("from {n} dialogs").format(n=show.number(sold.get("dialogs"))),
            ),
            reading.count(scope, LEADS, "leads", _("Leads made")),
            reading.share(
                scope,
                CONVERSION,
                "leads",
                "dialogs",
                _("Conversion to lead"),
                course="conversion",
                digits=1,
                note=reading.interval(sold.get("low"), sold.get("high")),
            ),
            reading.count(scope, LEADS, "sent", _("In the CRM")),
            reading.count(scope, LEADS, "failed", _("Not taken by the CRM"), less_is_better=True),
        )
    )


def over_time(scope: Scope) -> go.Figure:
    course, look = periods(answer(CONVERSION, scope)), figures.look()
    when = list(course["period"])
    lines = []
    earlier = before(CONVERSION, scope)
    if earlier is not None:
        past = reading.column(periods(earlier), "conversion")
        lines.append(
            Line(_("Span before"), figures.under(when, past), look.soft, dash="dot", width=1.6)
        )
    lines.append(
        Line(
            _("Conversion to lead"),
            reading.column(course, "conversion"),
            look.accent,
            band=(reading.column(course, "low"), reading.column(course, "high")),
            opens=[scope.link(see=spot(CONVERSION, "leads", period=day)) for day in when],
        )
    )
    return figures.courses(
        scope, when, lines, _("share of dialogs"), is_share=True, marks=marks.of(scope)
    )


def by_wait(scope: Scope) -> go.Figure:
    found = [row for row in rows(answer(BY_WAIT, scope)) if row["dialogs"]]
    return _intervals(
        scope, found, [_(SPANS_WAITED[row["waited"]]) for row in found], BY_WAIT, "waited"
    )


def by_hour(scope: Scope) -> go.Figure:
    found = rows(answer(BY_HOUR, scope))
    figure = _intervals(scope, found, [f"{int(row['hour'])}:00" for row in found], BY_HOUR, "hour")
    names = [f"{hour}:00" for hour in range(0, 24, 3)]
    return figure.update_xaxes(tickmode="array", tickvals=names, ticktext=names)


def _intervals(
    scope: Scope, found: list[dict[str, object]], names: list[str], metric: str, place: str
) -> go.Figure:
    def column(name: str) -> list[float | None]:
        return [row[name] for row in found]  # type: ignore[misc]

    doors = [scope.link(see=spot(metric, "leads", **{place: row[place]})) for row in found]
    return figures.intervals(
        names, column("conversion"), column("low"), column("high"), _("share of dialogs"), doors
    )


def by_listing(scope: Scope) -> str:
    found = [row for row in rows(answer(BY_LISTING, scope)) if row["dialogs"]][:MOST]
    return bars.ranking(
        [
            Bar(
                row["title"] or _("Without a listing"),
                row["conversion"] or 0,
                show.percent(row["conversion"], 1),
                f"{reading.part(row['leads'], row['dialogs'])} · {reading.interval(row['low'], row['high'])}",
                see=scope.link(see=spot(BY_LISTING, "leads", listing_id=row["listing_id"])),
            )
            for row in found
        ]
    )
