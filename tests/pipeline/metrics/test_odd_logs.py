"""Logs that nobody would make up: the numbers are right or missing, and no metric stumbles."""

import math
from collections.abc import Callable

import pytest

from pipeline import catalog
from pipeline.events import AccountDisconnected, MessageDeleted
from tests.pipeline.metrics.telling import HOUR, Story, ask, days, whole

DAY = 24 * HOUR


def clocks_that_disagree(story: Story) -> None:
    """Read before it was written, judged before it was known, taken before it was handed off, a lead before the dialog."""
    message = story.client("a", after=0, delay=-300)
    story.verdict("a", -200, "answered", message)
    story.assistant("a", after=-1, delay=-500)
    story.taken("a", -1)
    story.handed_off("a", -100)
    story.lead("a", -100)


def a_removed_account(story: Story) -> None:
    """Its chats stay, and what comes late about them too."""
    story.connected(account=1, zone="Asia/Omsk")
    story.client("a", after=0)
    story.happens(AccountDisconnected(account_id=1, reason="asked"), 10)
    story.assistant("a", after=20)


def a_long_text(story: Story) -> None:
    """Ten thousand letters, with quotes, lines and what looks like JSON, a formula and SQL."""
    text = '=cmd|\' /C calc\'!A0\n"},{"author": "avito"} \'; DROP TABLE dialogs; -- 😀\x00' * 140
    story.client("a", after=0, text=text[:10_000])
    story.client("a", after=1, text="")
    story.client("a", after=2, kind="something new", text=None)


def a_chat_of_two_years(story: Story) -> None:
    """A line every other day: one dialog that does not end."""
    for n in range(365):
        story.client("a", after=2 * n * DAY)
        story.assistant("a", after=2 * n * DAY + 60)


def nothing_but_the_seller(story: Story) -> None:
    """A mailing: nobody asked, nobody answered."""
    story.assistant("a", after=0)
    story.person("b", after=0)
    story.avito("c", after=0)


def things_without_a_chat(story: Story) -> None:
    """A verdict, a hand-off, a lead, a model call and a reply in a chat that nobody wrote in; a message taken back twice."""
    story.verdict("ghost", 0, "failed")
    story.handed_off("ghost", 0)
    story.lead("ghost", 0)
    story.model("ghost", 0)
    story.reply("ghost", 0)
    for _ in range(2):
        story.happens(MessageDeleted(message_id="ghost", by="client"), 1)


def no_listing_and_no_account(story: Story) -> None:
    """A chat about a profile, of nobody known."""
    story.client("a", after=0, listing=None, account=None)  # type: ignore[arg-type]
    story.assistant("a", after=5, listing=None, account=None)


def the_same_second(story: Story) -> None:
    """Forty lines at once."""
    for n in range(20):
        story.client(f"c{n % 3}", after=0)
        story.person(f"c{n % 3}", after=0)


LOGS = [
    clocks_that_disagree, a_removed_account, a_long_text, a_chat_of_two_years, nothing_but_the_seller,
    things_without_a_chat, no_listing_and_no_account, the_same_second,
]  # fmt: skip


@pytest.mark.parametrize("log", LOGS)
def test_every_metric_answers(log: Callable[[Story], None]) -> None:
    """
    In a zone off the full hours, with working hours: finite numbers or nothing, no negative span, no share above one.
    """
    story = Story()
    log(story)

    for name in catalog():
        for row in ask(
            name, story, first=days(-1), last=days(40), zone="Asia/Kolkata", grain="week"
        ):
            for column, value in row.items():
                if isinstance(value, float):
                    assert math.isfinite(value), (name, column)
                    assert value >= 0, (name, column)
                    assert value <= 1 or not column.startswith(("share", "within", "never")), name


def test_an_account_that_was_removed_keeps_its_numbers() -> None:
    """
    What happened has happened.
    """
    story = Story()
    a_removed_account(story)

    assert [1] == [row["dialogs"] for row in whole("dialogs", story, account=1)]


def test_a_chat_of_two_years_is_one_dialog_of_its_first_day() -> None:
    """
    365 waits of a minute, in one dialog; each day that has one has its wait.
    """
    story = Story()
    a_chat_of_two_years(story)

    [row] = whole("next_reply_waiting", story, last=days(800))[:1]

    assert (365, 60.0) == (row["waits"], row["km_median_seconds"])
    assert [1] == [each["dialogs"] for each in whole("dialogs", story, last=days(800))]
    assert [0] == [each["dialogs"] for each in whole("dialogs", story, first=days(1), last=days(9))]


def test_what_happened_in_no_dialog_is_counted_where_it_belongs() -> None:
    """
    Verdicts, leads and calls are; a hand-off is of a dialog, and there is none.
    """
    story = Story()
    things_without_a_chat(story)

    assert [1] == [row["messages"] for row in whole("verdicts", story)]
    assert [1] == [row["leads"] for row in whole("leads", story)]
    assert [(1, 1, None)] == [
        (row["calls"], row["replies"], row["cost_per_dialog"]) for row in whole("model_cost", story)
    ]
    assert [] == whole("handoffs", story)
    assert [0] == [row["dialogs"] for row in whole("dialogs", story)]
