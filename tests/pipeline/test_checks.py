"""Checks of the log: each finds the fault that it is about, and nothing in a sound log."""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import Lake, checks, connect
from pipeline.checks import NoSuchCheck, read_check
from pipeline.events import (
    AccountConnected,
    BotStarted,
    ReplyIntended,
    ReplySent,
    VerdictGiven,
)
from pipeline.writer import LakeWriter
from tests.pipeline.conftest import END
from tests.pipeline.story import START, Story, remember

Command = Callable[..., tuple[int, str, str]]
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
LATER = START + timedelta(days=2)


def told() -> Story:
    """A service that starts, an account, a client who asks and is answered."""
    story = Story()
    story.happens(BotStarted(version="1"), 0)
    story.happens(AccountConnected(account_id=1, name="ДезЛаб", zone="Europe/Moscow"), 0)
    asked = story.client("a", after=60)
    reply(story, "r1", 70)
    story.happens(
        VerdictGiven(chat_id="a", message_id=asked, verdict="answered", reason=None, reply_id="r1"),
        75,
    )
    return story


def reply(story: Story, reply_id: str, after: float, **more: Any) -> None:
    story.happens(
        ReplyIntended(chat_id="a", reply_id=reply_id, author="assistant", covers=1), after
    )
    sent = {"sent_message_id": story.assistant("a", after + 2), "how": "answer", "attempts": 1}
    story.happens(ReplySent(chat_id="a", reply_id=reply_id, **sent | more), after + 3)


def judged(story: Story, message_id: str, after: float = 80) -> None:
    verdict = VerdictGiven(chat_id="a", message_id=message_id, verdict="off", reason="listing_off")
    story.happens(verdict, after)


def found(story: Story, now: datetime = LATER) -> dict[str, int]:
    """What is not as it should be, and how often."""
    findings = checks.run(remember(story.rows), now=now)
    return {each.check.name: each.count for each in findings if not each.ok}


def without_one(story: Story) -> None:
    story.rows = [row for row in story.rows if row.seq != 2]


def a_number_again(story: Story) -> None:
    story.rows.append(replace(story.rows[1], seq=3))


def a_message_again(story: Story) -> None:
    first = next(row for row in story.rows if row.kind == "message.received")
    story.rows.append(replace(first, seq=len(story.rows) + 1))


def a_silent_client(story: Story) -> None:
    story.client("b", after=90)


def two_verdicts(story: Story) -> None:
    judged(story, "m3")


def a_verdict_of_nothing(story: Story) -> None:
    judged(story, "nobody's")


def a_reply_into_the_void(story: Story) -> None:
    asked = story.client("a", after=100)
    reply(story, "r2", 110, sent_message_id="not in the chat")
    story.happens(
        VerdictGiven(chat_id="a", message_id=asked, verdict="answered", reason=None, reply_id="r2"),
        120,
    )


def a_reply_that_came_twice(story: Story) -> None:
    again = story.assistant("a", 200)
    story.happens(
        ReplySent(chat_id="a", reply_id="r1", sent_message_id=again, how="history", attempts=2),
        201,
    )


def a_phone(story: Story) -> None:
    row = story.rows[-3]
    story.rows[-3] = replace(row, body=row.body.replace("…", "звоните 8 (916) 123-45-67 вечером"))


def an_answer_to_nobody(story: Story) -> None:
    reply(story, "r2", 300)


def tomorrow(story: Story) -> None:
    story.avito("a", after=(LATER - START).total_seconds() + 600)


def another_word(story: Story) -> None:
    story.rows.append(replace(story.rows[0], seq=len(story.rows) + 1, kind="bot.dreamt"))


def a_zone_of_mars(story: Story) -> None:
    story.happens(AccountConnected(account_id=2, name="Х", zone="Mars/Base"), 5)


def a_slow_clock(story: Story) -> None:
    judged(story, story.client("a", after=400, delay=-60), 401)


FAULTS = {
    "gaps": without_one,
    "repeated_numbers": a_number_again,
    "message_twice": a_message_again,
    "message_without_verdict": a_silent_client,
    "second_verdict": two_verdicts,
    "verdict_without_message": a_verdict_of_nothing,
    "reply_not_in_chat": a_reply_into_the_void,
    "reply_twice": a_reply_that_came_twice,
    "unmasked_phone": a_phone,
    "reply_to_nobody": an_answer_to_nobody,
    "from_the_future": tomorrow,
    "unknown_kind": another_word,
    "unknown_zone": a_zone_of_mars,
    "clocks_disagree": a_slow_clock,
}


@pytest.mark.parametrize("name", list(FAULTS))
def test_a_check_finds_its_fault_and_no_other_does(name: str) -> None:
    """
    The same story without the fault is sound.
    """
    story = told()
    assert {} == found(story)

    FAULTS[name](story)

    assert {name: 1} == found(story)


def test_every_check_has_a_fault_that_it_finds() -> None:
    """
    A check that somebody adds wants a story above.
    """
    assert set(FAULTS) | {"dialogs_differ"} == set(checks.catalog())


@pytest.mark.parametrize(
    "fault",
    [
        "SELECT * REPLACE (client_messages + 1 AS client_messages) FROM true_dialogs",
        "SELECT * REPLACE (opened_at - INTERVAL 1 SECOND AS opened_at) FROM true_dialogs",
        "SELECT * FROM true_dialogs WHERE false",
    ],
)
def test_dialogs_that_do_not_agree_with_the_events_are_found(fault: str) -> None:
    """
    Whatever keeps or computes the dialogs: a message too many, another time, a dialog that is missing.
    """
    con = remember(told().rows)
    con.execute("ALTER VIEW dialogs RENAME TO true_dialogs")
    con.execute(f"CREATE VIEW dialogs AS {fault}")
    [finding] = checks.run(con, now=LATER, only=["dialogs_differ"])

    assert ["a"] == [each["chat_id"] for each in finding.examples]


@pytest.mark.parametrize("check", checks.catalog().values(), ids=lambda check: check.name)
def test_every_check_says_what_it_means(check: checks.Check) -> None:
    """
    In both languages, and to a person: what is wrong, and what to do.
    """
    assert CYRILLIC.search(check.title("ru"))
    assert CYRILLIC.search(check.means("ru"))
    assert not CYRILLIC.search(check.title("en") + check.means("en"))


@pytest.mark.parametrize("seqs", [[1, 2, 5, 6], [1, 1, 2, 4], [2, 3, 70_000], [9, 9, 9], [5]])
def test_gaps_and_repeats_are_told_apart(seqs: list[int]) -> None:
    """
    However far apart, and when a gap and a repeat lie side by side.
    """
    con = remember([replace(told().rows[0], seq=seq) for seq in seqs])
    gaps, repeats = checks.run(con, now=LATER, only=["gaps", "repeated_numbers"])

    missing = [
        n for each in gaps.examples for n in range(each["first_missing"], each["last_missing"] + 1)
    ]
    assert sorted(set(range(min(seqs), max(seqs))) - set(seqs)) == missing
    assert sorted({seq for seq in seqs if seqs.count(seq) > 1}) == [
        each["seq"] for each in repeats.examples
    ]


def test_a_message_of_yesterday_may_still_wait() -> None:
    """
    Only after a day without a verdict something is wrong; a log that no service wrote has none.
    """
    story = told()
    story.client("b", after=90)

    assert {} == found(story, now=START + timedelta(hours=23))
    assert {} == found_without_service(story)


def found_without_service(story: Story) -> dict[str, int]:
    history = Story()
    history.rows = [row for row in story.rows if row.kind.startswith("message.")]
    history.rows = [replace(row, seq=n) for n, row in enumerate(history.rows, 1)]
    return found(history)


def test_what_is_long_past_does_not_trouble_the_recent_look() -> None:
    """
    The sink looks at the last days: what is older costs nothing, and is found by whoever asks for all.
    """
    story = told()
    story.client("b", after=90)
    story.avito("a", after=timedelta(days=60).total_seconds())
    con, now = remember(story.rows), START + timedelta(days=61)

    assert "ok" == checks.worst(checks.run(con, now=now, recent=timedelta(days=3)))
    assert "stop" == checks.worst(checks.run(con, now=now, recent=timedelta(days=90)))
    assert "stop" == checks.worst(checks.run(con, now=now))


def test_many_faults_are_counted_and_some_are_shown() -> None:
    """
    A broken log is not printed whole.
    """
    story = told()
    for n in range(50):
        judged(story, f"nobody's {n}")
    [finding] = checks.run(remember(story.rows), now=LATER, only=["verdict_without_message"])

    assert (50, 20) == (finding.count, len(finding.examples))
    assert {"message_id", "chat_id", "at", "verdict"} == set(finding.examples[0])


def test_checks_side_by_side_find_the_same() -> None:
    """
    In the same order, whoever is asked first.
    """
    story = told()
    story.rows.append(replace(story.rows[-1], seq=story.rows[-1].seq + 5))
    con = remember(story.rows)

    with ThreadPoolExecutor(4) as pool:
        together = checks.run(con, now=LATER, pool=pool)

    alone = checks.run(con, now=LATER)
    assert [(each.check, each.examples) for each in alone] == [
        (each.check, each.examples) for each in together
    ]
    assert "stop" == checks.worst(together)


def test_an_empty_log_is_sound() -> None:
    """
    Nothing happened, so nothing is wrong.
    """
    assert {} == found(Story())


def test_the_sample_is_sound(month: Lake) -> None:
    """
    What comes through the bot's own door, texts and all.
    """
    findings = checks.run(connect(month), now=END)

    assert [] == [(each.check.name, each.examples) for each in findings if not each.ok]


def test_the_command_ends_with_one_when_it_says_stop(
    command: Command, month: Lake, tmp_path: Path
) -> None:
    """
    A machine reads the code, a person the table, a program the JSON.
    """
    broken = Lake.in_folder(tmp_path)
    story = told()
    judged(story, "nobody's")
    with_writer(broken, story)

    code, table, _ = command("checks", lake=month)
    assert (0, len(checks.catalog()) + 2) == (code, len(table.splitlines()))
    code, out, _ = command(
        "checks", "verdict_without_message", "--format", "json", "--language", "ru", lake=broken
    )
    [row] = json.loads(out)
    assert (1, False, 1) == (code, row["ok"], row["found"])
    assert "Итоги сообщений, которых нет" == row["title"]
    assert "nobody's" == row["examples"][0]["message_id"]
    assert row["examples"][0]["at"].endswith("Z")


def with_writer(lake: Lake, story: Story) -> None:
    writer = LakeWriter(lake)
    writer.append(story.rows)
    writer.close()


def test_an_unknown_check_and_a_header_without_a_word_are_refused() -> None:
    """
    The message names what there is, or what is missing.
    """
    with pytest.raises(NoSuchCheck, match="there are gaps, repeated_numbers"):
        checks.run(remember([]), now=datetime.now(UTC), only=["gap"])
    with pytest.raises(ValueError, match="x lacks severity"):
        read_check("-- name: x\nSELECT 1")
