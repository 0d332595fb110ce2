"""The catalogue: every metric says what it means, and answers on any log and window."""

import json
import re
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pipeline import Lake, Metric, Window, catalog, connect
from pipeline.metrics import NoSuchMetric, metric, read_metric
from tests.pipeline.story import DAY, Story, remember

Command = Callable[..., tuple[int, str, str]]
NAMES = list(catalog())
ROOT = Path(__file__).parents[2]
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
        CYRILLIC.search(found_ru) for found_ru in (found.title_ru, found.asks_ru, found.notes_ru)
    )
    assert not any(
        CYRILLIC.search(text) for text in (found.title_en, found.asks_en, found.notes_en)
    )
    assert found.title("ru") == found.title_ru
    assert found.asks("en") == found.asks_en


@pytest.mark.parametrize("name", NAMES)
def test_no_metric_forgets_the_window(name: str) -> None:
    """
    Each is bounded in time and can be asked for one account and one listing; values come in by name alone.
    """
    assert {"start", "end", "account", "listing"} <= catalog()[name].parameters
    assert catalog()[name].parameters <= set(Window.of_days(DAY, DAY).values())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("grain", ["hour", "day", "week", "month"])
def test_every_metric_answers_on_an_empty_log_and_on_one_event(name: str, grain: str) -> None:
    """
    A table with columns, never an error; a number or nothing in every cell.
    """
    story = Story()
    window = Window.of_days(date(2026, 5, 11), date(2026, 5, 13), grain=grain)
    empty = metric(name).run(remember(story.rows), window)
    story.client("a", after=0)
    one = metric(name).run(remember(story.rows), window)

    assert list(empty.columns) == list(one.columns)
    assert not one.select_dtypes("number").isin([float("inf"), float("-inf")]).any().any()


@pytest.mark.parametrize("name", NAMES)
def test_every_metric_answers_on_the_sample_for_one_listing(month: Lake, name: str) -> None:
    """
    A listing's answer is not that of the whole, and the sum of nothing is not an error.
    """
    con = connect(month)
    window = Window.whole(con, zone="Asia/Kolkata", grain="week")
    part = Window.whole(con, zone="Asia/Kolkata", grain="week", listing=3100000101)

    assert len(metric(name).run(con, window)) > 1
    assert not metric(name).run(con, window).equals(metric(name).run(con, part))


def test_the_whole_is_the_sum_of_its_periods(month: Lake) -> None:
    """
    Counts over the window equal the counts of its periods together, in any grain.
    """
    con = connect(month)
    counts = {
        "dialogs": "dialogs",
        "messages_by_author": "messages",
        "verdicts": "messages",
        "leads": "leads",
    }
    for name, column in counts.items():
        for grain in ("hour", "day", "week", "month"):
            answer = metric(name).run(con, Window.whole(con, grain=grain))
            whole = answer[answer.period.isna()][column].sum()
            assert whole == answer[answer.period.notna()][column].sum() > 0


def test_metrics_agree_where_they_count_the_same(month: Lake) -> None:
    """
    Dialogs, first responses, conversion and the heat map know of the same dialogs.
    """
    con = connect(month)
    window = Window.whole(con)

    def total(name: str, column: str = "dialogs") -> int:
        answer = metric(name).run(con, window)
        if "period" in answer:
            answer = answer[answer.period.isna()]
        if "answered_by" in answer:
            answer = answer[answer.answered_by == "all"]
        return int(answer[column].sum())

    assert (
        total("dialogs") == total("first_response") == total("lead_conversion") == total("heatmap")
    )
    assert total("lead_conversion", "leads") <= total("leads", "leads")


def test_a_header_that_lacks_a_word_is_refused() -> None:
    """
    The message names what is missing.
    """
    with pytest.raises(ValueError, match="lacks title_ru"):
        read_metric("-- name: x\n-- title_en: X\nSELECT 1")


def test_an_unknown_metric_is_answered_with_those_that_are() -> None:
    """
    So that a typing error costs one look.
    """
    with pytest.raises(NoSuchMetric, match="there are automation, "):
        metric("first_respons")


def test_a_window_that_cannot_be_is_refused() -> None:
    """
    Ends before it begins, has no zone, an unknown zone or grain: each has its sentence.
    """
    noon = datetime(2026, 5, 12, 12, tzinfo=UTC)

    with pytest.raises(ValueError, match="before it begins"):
        Window(noon, noon)
    with pytest.raises(ValueError, match="need a zone"):
        Window(noon.replace(tzinfo=None), noon)
    with pytest.raises(ValueError, match="no time zone 'Mars/Base'"):
        Window(noon, noon + timedelta(1), zone="Mars/Base")
    with pytest.raises(ValueError, match="grain must be one of"):
        Window(noon, noon + timedelta(1), grain="year")  # type: ignore[arg-type]


def test_days_are_those_of_the_zone() -> None:
    """
    The twelfth of May in Kamchatka begins at noon of the eleventh in UTC.
    """
    window = Window.of_days(date(2026, 5, 12), date(2026, 5, 12), zone="Asia/Kamchatka")

    assert datetime(2026, 5, 11, 12, tzinfo=UTC) == window.start
    assert datetime(2026, 5, 12, 12, tzinfo=UTC) == window.end


def test_the_last_days_are_the_same_window_within_an_hour() -> None:
    """
    Two people who look within the hour share one question.
    """
    early, late = (datetime(2026, 5, 12, 12, minute, tzinfo=UTC) for minute in (1, 59))

    assert Window.last(30, now=early) == Window.last(30, now=late)
    assert datetime(2026, 5, 12, 13, tzinfo=UTC) == Window.last(30, now=early).end


def test_the_command_lists_metrics_and_computes_one(command: Command, month: Lake) -> None:
    """
    Days are included at both ends; periods carry the offset of the zone.
    """
    _, listed, _ = command("metrics", "--format", "json", lake=month)
    code, out, _ = command(
        "metric", "dialogs", "--from", "2026-04-20", "--to", "2026-04-26", "--zone", "Asia/Vladivostok", "--grain",
        "day", "--format", "json",
    )  # fmt: skip
    rows = json.loads(out)

    assert NAMES == [each["name"] for each in json.loads(listed)]
    assert 0 == code
    assert [None] + [f"2026-04-{day}T00:00:00+10:00" for day in range(20, 27)] == [
        row["period"] for row in rows
    ]
    assert rows[0]["dialogs"] == sum(row["dialogs"] for row in rows[1:]) > 100


@pytest.mark.parametrize(
    "arguments",
    [
        ("metric", "nothing"),
        ("metric", "dialogs", "--zone", "../../etc/passwd"),
        ("metric", "dialogs", "--from", "2026-05-02", "--to", "2026-05-01"),
    ],
)
def test_a_wrong_question_is_one_line(
    command: Command, month: Lake, arguments: tuple[str, ...]
) -> None:
    """
    No traceback.
    """
    code, out, err = command(*arguments, lake=month)

    assert (1, "") == (code, out)
    assert 1 == len(err.splitlines())


def test_the_document_of_the_metrics_is_made_of_their_headers(command: Command) -> None:
    """
    `python -m pipeline metrics --format markdown > docs/metrics.md` has been run since the last change.
    """
    _, made, _ = command("metrics", "--format", "markdown")

    assert made == (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
