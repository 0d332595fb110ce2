"""The dialogs behind a number: a list, each opens what was said in it."""

from datetime import UTC, datetime
from typing import Any

import duckdb
import pandas as pd
import streamlit as st

from pages._ui import files, history, lake, words
from pages._ui import show as shown
from pages._ui.answers import Row, language, rows
from pages._ui.i18n import _, n_
from pages._ui.pieces.html import escape, joined, link, tag
from pages._ui.scope import Scope
from pages._ui.see import Spot
from pages._ui.words import word
from pipeline import catalog
from pipeline.columns import label

MOST = 50


def show(scope: Scope, spot: Spot, chat: str | None) -> None:
    """The list, or the one dialog that was opened from it."""
    if chat:
        _transcript(scope, spot, chat)
        return
    where = (_where(scope, name, value) for name, value in spot.cell.items())
    number = label(spot.number, language()) if spot.number else ""
    st.caption(" · ".join(filter(None, (catalog()[spot.metric].asks(language()), number, *where))))
    try:
        found = dialogs(scope, spot)
    except LookupError as error:
        st.info(str(error))
        return
    if not found:
        st.info(_("No dialogs stand behind this number in the chosen period."))
        return
    count = n_("{n} dialog", "{n} dialogs", len(found)).format(n=shown.number(len(found)))
    if len(found) > MOST:
        count = _("The newest {n}; the file has them all.").format(n=MOST)
    place = {"number": spot.number, **spot.cell} if spot.number else spot.cell
    files.buttons(scope, spot.metric, lambda: every(scope, spot), place)
    items = joined(_item(scope, spot, row) for row in found[:MOST])
    st.html(tag("p", escape(count), _class="count") + tag("ul", items, _class="dialogs"))


def every(scope: Scope, spot: Spot) -> pd.DataFrame:
    """All dialogs behind the number, for a file."""
    con = lake.cursor(sample=scope.view.is_sample)
    if con is None:
        raise LookupError("the log is gone")
    return catalog()[spot.metric].behind(con, scope.window, spot.number, limit=None, **spot.cell)


def dialogs(scope: Scope, spot: Spot) -> list[Row]:
    """One row per dialog, newest first, at most one more than are shown. LookupError says why
    there can be none."""
    return _dialogs(spot.code, scope.key, spot, scope)


@st.cache_resource(show_spinner=False, max_entries=64)
def _dialogs(code: str, key: str, _spot: Spot, _scope: Scope) -> list[Row]:
    metric = catalog()[_spot.metric]
    con = lake.cursor(sample=_scope.view.is_sample)
    if con is None:
        raise LookupError(_("This number does not open."))
    try:
        frame = metric.behind(con, _scope.window, _spot.number, limit=MOST + 1, **_spot.cell)
    except (ValueError, duckdb.Error) as error:
        raise LookupError(_("This number does not open.")) from error
    return rows(frame[frame["dialog_id"].notna()].drop_duplicates("dialog_id"))


def _item(scope: Scope, spot: Spot, row: Row) -> str:
    name = lake.listings(sample=scope.view.is_sample).get(row["listing_id"] or 0)
    title = name.name if name else _("Without a listing")
    opened = shown.moment(_utc(row["opened_at"]), scope.zone)
    facts = " · ".join(_facts(row))
    inside = joined(
        (
            tag("span", tag("b", escape(title)) + tag("time", escape(opened)), _class="top"),
            tag("span", escape(facts), _class="facts"),
            joined(
                tag("span", escape(text), _class=f"badge {tone}") for text, tone in _badges(row)
            ),
        )
    )
    href = scope.link(see=spot.code, chat=row["chat_id"])
    return tag("li", link(inside, href, "dialog"))


def _facts(row: Row) -> list[str]:
    said = []
    if row["asked_at"] is not None:
        by = word(words.AUTHORS, row["answered_by"])
        said.append(
            _("{by} answered in {time}").format(by=by, time=shown.span(row["seconds"]))
            if row["answered_at"] is not None
            else _("never answered")
        )
    lines = sum(row[f"{who}_messages"] or 0 for who in ("client", "assistant", "human"))
    said.append(shown.messages(int(lines)))
    if row.get("cost_rub"):
        said.append(shown.money(row["cost_rub"], 2))
    return said


def _badges(row: Row) -> list[tuple[str, str]]:
    found = []
    if row.get("lead_id"):
        found.append((_("lead"), "good"))
    if row.get("handed_off_at") is not None:
        reason = word(words.REASONS, row.get("hand_off_reason"))
        found.append((_("handed over: {reason}").format(reason=reason), "plain"))
    if row["asked_at"] is not None and row["answered_at"] is None:
        found.append((_("no answer"), "bad"))
    return found


def _where(scope: Scope, name: str, value: str | int) -> str:
    """The place of a number as the reader calls it."""
    if name == "period":
        return shown.period(str(value))
    if name == "listing_id" and value == 0:
        return _("Without a listing")
    if name == "listing_id" and isinstance(value, int):
        place = lake.listings(sample=scope.view.is_sample).get(value)
        return place.name if place else str(value)
    return word(words.CELLS.get(name, {}), str(value))


def _transcript(scope: Scope, spot: Spot, chat: str) -> None:
    back = link("← " + escape(_("All dialogs")), scope.link(see=spot.code), "back")
    there = link(escape(_("Open the chat")), f"chats{scope.view.link(chat=chat)}", "go-chat")
    # The bot knows nothing of made-up clients.
    st.html(tag("div", back + ("" if scope.view.is_sample else there), _class="way"))
    history.lines(chat, sample=scope.view.is_sample)


def _utc(moment: Any) -> datetime | None:
    return None if moment is None else moment.to_pydatetime().replace(tzinfo=UTC)
