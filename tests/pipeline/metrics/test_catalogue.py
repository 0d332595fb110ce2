"""The catalogue: every metric says what it means, and answers on any log and window."""

import math
import re
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

from pipeline import Metric, Window, catalog
from pipeline.columns import label, labels
from pipeline.describing import as_document
from pipeline.events import EventRow
from pipeline.metrics import NoSuchMetric, metric, read_metric, rows_until
from tests.pipeline.metrics.telling import Story, days, told
from tests.pipeline.story import DAY

NAMES = list(catalog())
ROOT = Path(__file__).parents[3]
OPENING = ("opens", "counts")
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


@pytest.mark.parametrize("name", NAMES)
def test_every_metric_says_what_it_means(name: str) -> None:
    """
    All words are there, in their language, and the name is the file's.
    """
    found = catalog()[name]

    assert name == found.name
    assert all(getattr(found, each.name) for each in fields(Metric) if each.name not in OPENING)
    assert all(
        CYRILLIC.search(text)
        for text in (found.title_ru, found.asks_ru, found.notes_ru, *found.facts("ru").values())
    )
    assert not any(
        CYRILLIC.search(text)
        for text in (found.title_en, found.asks_en, found.notes_en, *found.facts("en").values())
    )
    assert found.title("ru") == found.title_ru
    assert found.asks("en") == found.asks_en


def test_every_column_is_called_something_in_both_languages() -> None:
    """
    All columns of the metrics and of the dialogs behind them, and no others.
    """
    con, window = told([]), Window.of_days(DAY, DAY)
    columns = {each[0] for name in NAMES for each in metric(name).ask(con, window).description}
    columns |= set(metric("dialogs").behind(con, window).columns)

    assert columns == set(labels())
    assert all(CYRILLIC.search(label(name, "ru")) and label(name, "en") for name in columns)
    assert not any(CYRILLIC.search(label(name, "en")) for name in columns)
    assert "nobody knows" == label("nobody knows", "ru")


@pytest.mark.parametrize("name", NAMES)
def test_no_metric_forgets_the_window(name: str) -> None:
    """
    Each is bounded in time and can be asked for one account and one listing; values come in by name alone.
    """
    assert {"start", "end", "account", "listing"} <= catalog()[name].parameters
    assert catalog()[name].parameters <= set(Window.of_days(DAY, DAY).values())


@pytest.mark.parametrize("name", NAMES)
def test_every_metric_answers_on_an_empty_log_and_on_one_event(name: str) -> None:
    """
    A table with columns in every grain, never an error; a finite number or nothing in every cell.
    """
    story = Story()
    for _ in range(2):
        for grain in ("hour", "day", "week", "month"):
            window = Window.of_days(days(-1), days(1), grain=grain)
            table = metric(name).ask(told(story.rows), window).to_arrow_table()
            assert table.column_names
            assert not any(is_odd(value) for row in table.to_pylist() for value in row.values())
        story.client("a", after=0)


def is_odd(value: object) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


@pytest.mark.parametrize("name", NAMES)
def test_every_metric_answers_on_the_sample_for_one_listing(
    fortnight: Sequence[EventRow], name: str
) -> None:
    """
    A listing's answer is not that of the whole; no cell is an infinite number or none at all.
    """
    con = told(fortnight)
    window = Window.whole(con, zone="Asia/Kolkata", grain="week")
    every = metric(name).ask(con, window).to_arrow_table().to_pylist()
    part = metric(name).ask(con, replace(window, listing=3100000101)).to_arrow_table().to_pylist()

    assert len(every) > 1
    assert every != part
    assert not any(is_odd(value) for row in every + part for value in row.values())


def test_the_whole_is_the_sum_of_its_periods(fortnight: Sequence[EventRow]) -> None:
    """
    Counts over the window equal the counts of its periods together, in any grain.
    """
    con = told(fortnight)
    for name, number in (
        ("dialogs", "dialogs"), ("messages_by_author", "messages"), ("verdicts", "messages"), ("leads", "leads"),
        ("automation", "assumed"), ("sla", "offered"), ("listing_funnel", "dialogs"), ("drafts", "drafts"),
    ):  # fmt: skip
        for grain in ("hour", "day", "week", "month"):
            answer = metric(name).run(con, Window.whole(con, grain=grain))
            whole = answer[answer.period.isna()][number].sum()
            assert whole == answer[answer.period.notna()][number].sum() > 0


def test_metrics_agree_where_they_count_the_same(fortnight: Sequence[EventRow]) -> None:
    """
    Dialogs, first responses, conversions, the funnel and the heat map know of the same dialogs and leads.
    """
    con = told(fortnight)
    window = Window.whole(con)

    def total(name: str, column: str = "dialogs") -> int:
        answer = metric(name).run(con, window)
        if "period" in answer:
            answer = answer[answer.period.isna()]
        for place, value in (("answered_by", "all"), ("span", "now")):
            answer = answer[answer[place] == value] if place in answer else answer
        if name == "listing_funnel":
            answer = answer[answer.listing_id.isna()]
        return int(answer[column].sum())

    of_dialogs = ("first_response", "lead_conversion", "phones", "heatmap", "automation", "overview", "listing_funnel",
                  "conversion_by_listing", "conversion_by_hour", "conversion_by_wait")  # fmt: skip
    of_leads = ("overview", "listing_funnel", "conversion_by_listing", "conversion_by_hour")
    assert {total("dialogs")} == {total(name) for name in of_dialogs}
    assert {total("lead_conversion", "leads")} == {total(name, "leads") for name in of_leads}
    assert total("lead_conversion", "leads") <= total("leads", "leads")


@pytest.mark.parametrize("zone", ["Europe/Moscow", "Asia/Kolkata", "Asia/Kamchatka"])
def test_what_changed_by_listing_is_what_changed_in_all(
    fortnight: Sequence[EventRow], zone: str
) -> None:
    """
    Together the listings have the dialogs, leads and answers in time of the window and of that before it, and moved the
    share as far as it moved.
    """
    con = told(fortnight)
    window = Window.of_days(date(2026, 5, 6), date(2026, 5, 9), zone=zone, target=60)
    moved = metric("listing_changes").run(con, window).sum(numeric_only=True)

    shares = []
    for end, span in (("", window), ("_before", window.before())):
        sold = metric("lead_conversion").run(con, span).query("period.isna()").iloc[0]
        kept = metric("sla").run(con, span).query("period.isna() and wait == 'first'").iloc[0]
        assert (sold["dialogs"], sold["leads"], kept["met"], kept["breached"]) == tuple(
            moved[name + end] for name in ("dialogs", "leads", "in_time", "late")
        )
        shares.append(kept["attainment"])

    assert pytest.approx(shares[0] - shares[1]) == moved["in_time_points"]


HEADER = """-- name: x
-- title_ru: Икс
-- title_en: X
-- asks_ru: Что?
-- asks_en: What?
-- grain: one row
-- grain_ru: одна строка
-- unit: none
-- unit_ru: нет
-- denominator: none
-- denominator_ru: нет
-- notes_ru: Так
--   и так
-- notes_en: So
-- version: 3
"""


def test_a_header_is_read_with_its_longer_lines() -> None:
    """
    A line that is indented goes on with the one above; the version is a number; the SQL is what follows.
    """
    found = read_metric(
        HEADER
        + "-- opens: rows\n-- counts: n; hits: is_hit\nWITH rows AS (\n SELECT 1\n)\n\nFROM rows"
    )

    assert ("Так и так", 3, "rows") == (found.notes_ru, found.version, found.opens)
    assert {"n": "true", "hits": "is_hit"} == found.counts
    assert "WITH rows AS (\n SELECT 1\n)" == rows_until(found.sql, "rows")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("-- name: x\n-- title_en: X\nSELECT 1", "the header of x lacks title_ru"),
        (HEADER + "-- owner: me\nSELECT 1", "words that nobody knows: owner"),
        (HEADER + "-- opens: rows\nSELECT 1", "needs both opens and counts"),
        (HEADER + "-- opens: rows\n-- counts: n\nSELECT 1", "there is no CTE rows"),
        (HEADER.replace("version: 3", "version: three") + "SELECT 1", "invalid literal"),
    ],
)
def test_a_header_that_makes_no_sense_is_refused(text: str, complaint: str) -> None:
    """
    The message names what is wrong.
    """
    with pytest.raises(ValueError, match=complaint):
        read_metric(text)


def test_an_unknown_metric_is_answered_with_those_that_are() -> None:
    """
    So that a typing error costs one look.
    """
    with pytest.raises(NoSuchMetric, match="there are automation, "):
        metric("first_respons")


def test_the_document_of_the_metrics_is_made_of_their_headers() -> None:
    """
    `python -m pipeline metrics --format markdown > docs/metrics.md` has been run since the last change.
    """
    written = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")

    assert written == as_document(catalog().values()) + "\n"
