"""Every number opens: behind it are as many dialogs as it says, found by the same SQL."""

import random
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import pytest

from pipeline import Window, catalog
from pipeline.events import EventRow
from pipeline.metrics import NothingBehind, metric
from tests.pipeline.metrics.telling import HOUR, Story, days, told
from tests.pipeline.story import DAY

OPENING = [name for name, each in catalog().items() if each.opens]
PLACES = {
    "period", "answered_by", "reason", "verdict", "fate", "author", "kind", "state", "wait", "waited", "listing_id",
    "weekday", "hour", "span",
}  # fmt: skip
"""Columns that name a row of an answer."""


@pytest.mark.parametrize("name", OPENING)
def test_behind_a_number_are_as_many_as_it_says(name: str, fortnight: Sequence[EventRow]) -> None:
    """
    For every number that opens, in some rows of the answer taken at random and in that of the whole. A share opens its
    numerator; what it is a share of is the first number.
    """
    con = told(fortnight)
    window = Window.whole(con, zone="Asia/Kolkata", grain="week")
    answer = metric(name).run(con, window)
    first = next(iter(metric(name).counts))
    rows = random.Random(7).sample(range(len(answer)), min(4, len(answer)))

    for row in (answer.iloc[n] for n in {0, *rows}):
        cell = {column: row[column] for column in answer.columns if column in PLACES}
        for number in metric(name).counts:
            behind = metric(name).behind(con, window, number, **cell)
            said = row[number] * (row[first] if answer[number].dtype.kind == "f" else 1)
            assert pytest.approx(said) == len(behind), (number, cell)
            assert behind["chat_id"].notna().all()


@pytest.mark.parametrize("name", OPENING)
def test_what_opens_is_in_the_answer(name: str) -> None:
    """
    Each number that opens is a column, and its place is told by columns of the rows that are counted.
    """
    con = told([])
    window = Window.of_days(DAY, DAY)
    columns = [each[0] for each in metric(name).ask(con, window).description]
    places = {each: None for each in columns if each in PLACES}

    assert set(metric(name).counts) <= set(columns)
    assert 0 == len(metric(name).behind(con, window, **places))


def three_days() -> Story:
    story = Story()
    for day in range(3):
        story.client(f"c{day}", after=day * 24 * HOUR)
        story.assistant(f"c{day}", after=day * 24 * HOUR + 60 * (day + 1))
    story.client("late", after=2 * 24 * HOUR)
    story.lead("c1", after=25 * HOUR)
    return story


def open_cell(number: str | None = None, **cell: Any) -> list[str]:
    con = told(three_days().rows)
    window = Window.of_days(DAY, days(2))
    limit = cell.pop("limit", None)
    name = "lead_conversion" if number == "leads" else "first_response"
    return [*metric(name).behind(con, window, number, limit=limit, **cell)["chat_id"]]


def test_the_newest_dialogs_come_first() -> None:
    """
    Without a place all of the window are there; so many as are wanted.
    """
    assert ["c2", "late", "c1", "c0"] == open_cell(answered_by="all")
    assert ["c2", "late"] == open_cell(answered_by="all", limit=2)


@pytest.mark.parametrize("period", ["2026-05-13", datetime(2026, 5, 13), pd.Timestamp(2026, 5, 13)])
def test_a_place_is_named_by_the_columns_of_the_answer(period: Any) -> None:
    """
    A day, as text or moment, and who answered; nothing (None, NaT) restricts nothing.
    """
    assert ["c1"] == open_cell(period=period, answered_by="assistant")
    assert ["c1"] == open_cell("leads", period=period)
    assert ["c1"] == open_cell("leads", period=pd.NaT)
    assert ["late"] == open_cell("unanswered", answered_by="all", period=None)


def test_what_does_not_open_says_what_does() -> None:
    """
    A metric of machines, a share, a place that is no column, and a name that is SQL.
    """
    con, window = told([]), Window.of_days(DAY, DAY)

    with pytest.raises(NothingBehind, match="no dialogs stand behind model_cost"):
        metric("model_cost").behind(con, window)
    with pytest.raises(
        NothingBehind, match="median_seconds of first_response does not open; dialogs,"
    ):
        metric("first_response").behind(con, window, "median_seconds")
    with pytest.raises(NothingBehind, match="have no verdict; they have dialog_id, period"):
        metric("first_response").behind(con, window, verdict="off")
    with pytest.raises(NothingBehind, match="have no 1=1 OR"):
        metric("first_response").behind(con, window, **{'1=1 OR "': 1})


def test_a_column_is_a_value_and_no_sql() -> None:
    """
    Whatever stands in a place is compared, not run.
    """
    assert [] == open_cell(answered_by="all' OR 'a'='a")
