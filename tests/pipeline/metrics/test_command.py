"""`python -m pipeline metrics` and `… metric NAME`: what they print, and what they say to nonsense."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import Lake, catalog
from pipeline.writer import LakeWriter
from tests.pipeline.metrics.telling import HOUR, Story
from tests.pipeline.metrics.test_odd_logs import LOGS

Command = Callable[..., tuple[int, str, str]]


def written(story: Story, folder: Path) -> Lake:
    found = Lake.in_folder(folder)
    writer = LakeWriter(found)
    writer.append(story.rows)
    writer.close()
    return found


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Two days in Omsk: answered after 60 s by the assistant, after 10 h by a person, and never."""
    story = Story()
    story.connected(account=1, zone="Asia/Omsk")
    story.client("a", after=0)
    story.assistant("a", after=60)
    story.client("b", after=12 * HOUR, listing=8)
    story.person("b", after=22 * HOUR, listing=8)
    story.client("c", after=24 * HOUR)
    story.until(30 * HOUR)
    return written(story, tmp_path_factory.mktemp("omsk"))


def test_the_metrics_are_listed_with_their_definitions(command: Command, lake: Lake) -> None:
    """
    All words of the header, as JSON; and a page for people, which needs no log.
    """
    _, as_json, _ = command("metrics", "--format", "json")
    _, as_text, _ = command("metrics")

    rows = json.loads(as_json)
    assert list(catalog()) == [each["name"] for each in rows]
    assert {"name", "title_en", "title_ru", "asks_en", "asks_ru", "grain", "unit", "denominator", "version", "notes_en",
            "notes_ru", "grain_ru", "unit_ru", "denominator_ru"} == set(rows[0])  # fmt: skip
    assert "first_response\n  title_en     First response time" in as_text


def test_every_metric_is_printed_whatever_the_log_is(command: Command, tmp_path: Path) -> None:
    """
    All odd stories in one log: exit code 0, nothing to complain of, JSON without what is no number.
    """
    story = Story()
    for tell in LOGS:
        tell(story)
    log = written(story, tmp_path / "log")

    for name in catalog():
        code, out, err = command("metric", name, "--format", "json", lake=log)
        assert (0, "") == (code, err), name
        assert "no number" not in str(json.loads(out, parse_constant=lambda _word: "no number")), (
            name
        )


def test_a_metric_is_computed_on_the_clock_of_the_account(command: Command, lake: Lake) -> None:
    """
    Days are included at both ends, and periods carry the offset of Omsk, or of the zone that is named.
    """
    code, out, _ = command("metric", "dialogs", "--format", "json", lake=lake)
    _, moscow, _ = command(
        "metric", "dialogs", "--zone", "Europe/Moscow", "--to", "2026-05-12", "--format", "json"
    )

    assert 0 == code
    assert [(None, 3), ("2026-05-12T00:00:00+06:00", 1), ("2026-05-13T00:00:00+06:00", 2)] == [
        (row["period"], row["dialogs"]) for row in json.loads(out)
    ]
    assert [(None, 2), ("2026-05-12T00:00:00+03:00", 2)] == [
        (row["period"], row["dialogs"]) for row in json.loads(moscow)
    ]


@pytest.mark.parametrize(
    ("options", "dialogs", "median"),
    [
        ("", 3, 18_030.0),
        ("--from 2026-05-13", 2, 36_000.0),
        ("--author assistant", 1, 60.0),
        ("--author human", 1, 36_000.0),
        ("--listing 8", 1, 36_000.0),
        ("--account 2", None, None),
        ("--hours 9:00-18:00 --author human", 1, 3600.0),
        ("--hours 9-18 --weekdays 2 --author human", 1, 0.0),
        ("--hours 9-18 --weekdays 1,3 --author human", 1, 3600.0),
        ("--hours 0-24 --weekdays 1-7 --author human", 1, 36_000.0),
    ],
)
def test_the_window_is_told_in_words(
    command: Command, lake: Lake, options: str, dialogs: int | None, median: float | None
) -> None:
    """
    From, to, answerer, listing, account, hours of work and their days.
    """
    arguments = ("metric", "first_response", *options.split(), "--format", "json")
    _, out, _ = command(*arguments, lake=lake)
    rows = [r for r in json.loads(out) if r["period"] is None and r["answered_by"] == "all"]

    assert [(dialogs, median)] * (dialogs is not None) == [
        (row["dialogs"], row["median_seconds"]) for row in rows
    ]


def test_a_number_opens_on_the_command_line(command: Command, lake: Lake, tmp_path: Path) -> None:
    """
    The dialogs behind a cell, printed or in a file.
    """
    opened = ("metric", "first_response", "--behind", "unanswered", "--cell", "answered_by=all")
    _, out, _ = command(*opened, "--format", "json", lake=lake)
    code, said, _ = command(*opened, "--export", tmp_path / "who.csv")

    assert ["c/1"] == [row["dialog_id"] for row in json.loads(out)]
    assert (0, f"1 rows in {tmp_path / 'who.csv'}\n") == (code, said)
    assert "c/1" in (tmp_path / "who.csv").read_text("utf-8-sig")


def test_a_promise_is_a_number_of_seconds(command: Command, lake: Lake) -> None:
    """
    Within a minute one of three, within half a minute none.
    """

    def met(target: str) -> list[int]:
        _, out, _ = command("metric", "sla", "--target", target, "--format", "json", lake=lake)
        return [r["met"] for r in json.loads(out) if r["period"] is None and r["wait"] == "first"]

    assert ([1], [0]) == (met("60"), met("59"))


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ("metric nothing", "there is no metric 'nothing'; there are automation, "),
        ("metric dialogs --zone ../../etc/passwd", "there is no time zone '../../etc/passwd'"),
        ("metric dialogs --zone Mars/Base", "there is no time zone 'Mars/Base'"),
        ("metric dialogs --from 2026-05-02 --to 2026-05-01", "before it begins"),
        ("metric dialogs --from 2026-13-01", "'2026-13-01' is no day like 2026-05-12"),
        ("metric dialogs --to tomorrow", "'tomorrow' is no day like 2026-05-12"),
        ("metric dialogs --to 9999-12-31", "no calendar goes"),
        ("metric dialogs --from 1900-01-01 --grain hour", "choose a coarser grain"),
        ("metric dialogs --grain year", "invalid choice: 'year'"),
        ("metric dialogs --listing seven", "'seven' is no number of Avito's"),
        ("metric dialogs --listing 99999999999999999999", "is no number of Avito's"),
        ("metric sla --target -5", "above 0"),
        ("metric dialogs --hours nine", "'nine' are no hours like 9:00-18:00"),
        ("metric dialogs --hours 25-26", "'25-26' are no hours"),
        ("metric dialogs --hours 9-18 --weekdays 8", "'8' are no days like 1-5"),
        ("metric dialogs --author robot", "invalid choice: 'robot'"),
        ("metric model_cost --behind calls", "no dialogs stand behind model_cost"),
        ("metric dialogs --behind dialogs --cell verdict=off", "have no verdict"),
        ("metric dialogs --behind dialogs --cell period=noon", "the log cannot tell"),
        ("metric dialogs --behind dialogs --cell period", "is no pair like"),
        ("metric", "required: NAME"),
    ],
)
def test_nonsense_is_answered_in_one_line(
    command: Command, lake: Lake, arguments: str, complaint: str
) -> None:
    """
    No traceback, nothing on the way of the answer, and a code that scripts see.
    """
    code, out, err = command(*arguments.split(), lake=lake)

    assert code in (1, 2)
    assert "" == out
    assert [complaint in line for line in err.splitlines()] == [True], err
