"""Listings in numbers: from Avito's views to our leads, one row each."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages._ui import cards, empty, figures, reading, show
from pages._ui.answers import Row, answer, made, periods, rows, whole
from pages._ui.figures import Line
from pages._ui.i18n import _
from pages._ui.pieces.numbers import Number, numbers
from pages._ui.pieces.table import Cell, table
from pages._ui.scope import Scope
from pages._ui.see import spot

FUNNEL, BY_LISTING = "listing_funnel", "conversion_by_listing"
MOST = 50


def top(scope: Scope) -> None:
    """The answer to the title's question."""
    st.html(made(first_row, scope))


def charts(scope: Scope) -> None:
    if not rows(answer(BY_LISTING, scope)):
        st.html(empty.nothing_here(scope, _("No listing was asked about in this period.")))
        return
    cards.plain(
        scope, "listings", _("Listings, most dialogs first"), made(every, scope), FUNNEL, BY_LISTING
    )
    if whole(_all(scope)).get("views"):
        cards.chart(scope, "views", _("Views and contacts, as Avito counts them"), views, FUNNEL)


def first_row(scope: Scope) -> str:
    now = whole(_all(scope))

    def told(label: str, column: str, of: str = "") -> Number:
        known = now.get(column)
        opens = column in ("dialogs", "phones", "leads")
        return Number(
            label,
            show.number(known),
            of if known is not None else _("Avito has not told"),
            None,
            reading.column(periods(_all(scope)), column),
            scope.link(see=spot(FUNNEL, column)) if opens else None,
            scope.link(how=FUNNEL),
        )

    return numbers(
        (
            told(_("Views"), "views", _("counted by Avito")),
            told(_("Contacts"), "contacts", show.percent(now.get("views_to_contacts"), 1)),
            told(_("Dialogs"), "dialogs"),
            told(_("Leads"), "leads", reading.interval(now.get("low"), now.get("high"))),
        )
    )


def every(scope: Scope) -> str:
    """A row per listing: what Avito counted, and what we did."""
    frame = answer(FUNNEL, scope)
    avito = {row["listing_id"]: row for row in rows(frame[frame["period"].isna()])}
    found = [row for row in rows(answer(BY_LISTING, scope)) if row["dialogs"]][:MOST]
    columns = (
        _("Listing"),
        _("Views"),
        _("Contacts"),
        _("Dialogs"),
        _("First answer, half within"),
        _("Unanswered"),
        _("Leads"),
        _("Conversion to lead"),
    )
    return table(
        columns,
        [_row(scope, row, avito.get(row["listing_id"], {})) for row in found],
        _("Listings, most dialogs first"),
    )


def _row(scope: Scope, row: Row, avito: Row) -> list[Cell]:
    number = row["listing_id"]

    def see(column: str) -> str | None:
        return scope.link(see=spot(BY_LISTING, column, listing_id=number)) if row[column] else None

    return [
        Cell(
            row["title"] or _("Without a listing"),
            see=scope.view.but(listing=number or None).link(),
        ),
        Cell(show.number(avito.get("views"))),
        Cell(show.number(avito.get("contacts"))),
        Cell(show.number(row["dialogs"]), see=see("dialogs")),
        Cell(show.span(row["median_first_response_seconds"])),
        Cell(show.number(row["unanswered"]), see=see("unanswered")),
        Cell(show.number(row["leads"]), see=see("leads")),
        Cell(show.percent(row["conversion"], 1), reading.interval(row["low"], row["high"])),
    ]


def views(scope: Scope) -> go.Figure:
    course, look = periods(_all(scope)), figures.look()
    when = list(course["period"])
    return figures.courses(
        scope,
        when,
        [
            Line(_("Views"), reading.column(course, "views"), look.accent),
            Line(_("Contacts"), reading.column(course, "contacts"), look.second, dash="dash"),
        ],
        _("per period"),
    )


def _all(scope: Scope) -> pd.DataFrame:
    """The rows for all listings together."""
    frame = answer(FUNNEL, scope)
    return frame[frame["listing_id"].isna()]
