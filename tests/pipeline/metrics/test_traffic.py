"""Who writes, how much and when: tiny chats with answers that were computed by hand."""

from datetime import datetime, timedelta

from pipeline import Window
from tests.pipeline.metrics.telling import HOUR, Story, answer, ask, days, whole
from tests.pipeline.story import START, part


def test_dialogs_by_day_with_the_empty_day() -> None:
    """
    Two clients on the first day, none on the next five, one of them back on the seventh, as a client who returns.
    """
    story = Story()
    story.client("a", after=0)
    story.assistant("a", after=10)
    story.client("b", after=0)
    story.client("a", after=6 * 24 * HOUR)

    rows = ask("dialogs", story, last=days(6))

    assert (3, 2, 1, 1, 2) == tuple(rows[0].values())[1:]
    assert [2, 0, 0, 0, 0, 0, 1] == [row["dialogs"] for row in rows[1:]]
    assert (1, 0, 1) == (
        rows[7]["returning_clients"],
        rows[7]["new_clients"],
        rows[7]["unanswered"],
    )
    assert datetime(2026, 5, 12) == rows[1]["period"]


def test_a_missed_call_alone_is_a_dialog_in_which_nothing_was_asked() -> None:
    """
    It counts, and is not among the unanswered, nor with the assistant.
    """
    story = Story()
    story.client("a", after=0, kind="call")
    story.client("b", after=0)
    story.person("b", after=5)

    [row] = whole("dialogs", story)

    assert {"dialogs": 2, "unanswered": 0, "with_assistant": 0} == part(
        row, "dialogs", "unanswered", "with_assistant"
    )


def test_an_empty_log_has_no_dialogs_and_no_traceback() -> None:
    """
    Nothing happened: zeros where things are counted, unknown where there is nothing to divide.
    """
    assert [0] == [row["dialogs"] for row in whole("dialogs", Story())]
    assert [] == whole("first_response", Story())
    assert [(0, None, None)] == [
        (row["leads"], row["conversion"], row["low"]) for row in whole("lead_conversion", Story())
    ]


def test_messages_by_author() -> None:
    """
    Two lines of the client, one of the assistant, one of Avito; the shares of a day are of that day.
    """
    story = Story()
    story.client("a", after=0)
    story.client("a", after=1)
    story.assistant("a", after=10)
    story.avito("a", after=11)
    story.client("a", after=24 * HOUR)

    assert {"assistant": (1, 0.25), "avito": (1, 0.25), "client": (2, 0.5)} == {
        row["author"]: (row["messages"], row["share"]) for row in whole("messages_by_author", story)
    }
    assert [("client", 1, 1.0)] == [
        (row["author"], row["messages"], row["share"])
        for row in ask("messages_by_author", story, last=days(1))
        if row["period"] == datetime(2026, 5, 13)
    ]


def test_messages_by_kind() -> None:
    """
    A client sends two texts and two photos, the assistant one text: the shares are of each author's own.
    """
    story = Story()
    for n, kind in enumerate(("text", "text", "image", "voice")):
        story.client("a", after=n, kind=kind)
    story.assistant("a", after=10)
    story.client("a", after=24 * HOUR)

    assert [
        ("assistant", "text", 1, 1.0),
        ("client", "image", 1, 0.25),
        ("client", "text", 2, 0.5),
        ("client", "voice", 1, 0.25),
    ] == [tuple(row.values()) for row in whole("messages_by_kind", story)]
    assert [("client", "text", 1, 1.0)] == [
        tuple(row.values())[1:]
        for row in ask("messages_by_kind", story, last=days(1))
        if row["period"] == datetime(2026, 5, 13)
    ]


def test_the_heat_map_is_on_the_clock_of_the_zone() -> None:
    """
    Tuesday 20:45 UTC is still Tuesday in Moscow, and Wednesday 02:15 in Kolkata; all 168 squares are there. The seller's
    lines are not in it, nor Avito's; a second line at another hour is a message there and no dialog.
    """
    story = Story()
    story.client("a", after=14.75 * HOUR)
    story.client("a", after=14.75 * HOUR + 60)
    story.assistant("a", after=14.75 * HOUR + 70)
    story.avito("a", after=14.75 * HOUR + 80)
    story.client("a", after=-8 * HOUR)

    moscow = ask("heatmap", story)
    kolkata = ask("heatmap", story, zone="Asia/Kolkata", last=days(1))

    assert 168 == len(moscow) == len(kolkata)
    assert (1, 0, 0, 0) == tuple(moscow[0].values())
    assert [(2, 1, 1, 1), (2, 23, 0, 2)] == [tuple(r.values()) for r in moscow if r["messages"]]
    assert [(2, 3, 1, 1), (3, 2, 0, 2)] == [tuple(r.values()) for r in kolkata if r["messages"]]


def test_the_messages_of_the_heat_map_keep_to_the_window() -> None:
    """
    An hour in the middle of the day, one account, one listing: of messages as of dialogs.
    """
    story = Story()
    for n, after in enumerate((-1, 0, HOUR - 1, HOUR)):
        story.client(f"c{n}", after)
    story.client("d", 60, account=2, listing=8)

    def messages(**more: int) -> int:
        window = Window(START, START + timedelta(hours=1), **more)
        return sum(row["messages"] for row in answer("heatmap", story, window))

    assert [3, 2, 1, 1, 2] == [
        messages(**each)
        for each in ({}, {"account": 1}, {"account": 2}, {"listing": 8}, {"listing": 7})
    ]


def test_the_heat_map_adds_the_weeks_up() -> None:
    """
    Two Tuesdays and one Sunday at nine.
    """
    story = Story()
    for chat, day in (("a", 0), ("b", 7), ("c", 5)):
        story.client(chat, after=day * 24 * HOUR)

    assert [(2, 9, 2, 2), (7, 9, 1, 1)] == [
        tuple(r.values()) for r in ask("heatmap", story, last=days(9)) if r["dialogs"]
    ]


def test_a_client_is_silent_who_says_nothing_after_the_first_answer() -> None:
    """
    a is silent after the assistant, b after a person, c wrote again; d was not answered and is not here.
    """
    story = Story()
    for chat in "abcd":
        story.client(chat, after=0)
    story.assistant("a", after=30)
    story.assistant("a", after=HOUR)
    story.person("b", after=30)
    story.assistant("c", after=30)
    story.client("c", after=60)
    story.until(100 * HOUR)

    rows = {
        row["answered_by"]: (row["dialogs"], row["silent"], row["share_silent"])
        for row in whole("silent_clients", story)
    }

    assert {
        "all": (3, 2, 2 / 3),
        "assistant": (2, 1, 0.5),
        "human": (1, 1, 1.0),
        "human_app": (1, 1, 1.0),
    } == rows
    [everybody, *_] = whole("silent_clients", story)
    assert (0.2077, 0.9385) == (round(everybody["low"], 4), round(everybody["high"], 4))


def test_who_may_still_write_is_not_silent_yet() -> None:
    """
    The dialog ends after more than 72 hours of silence; until then nobody knows. Who comes back later began a new one.
    """
    story = Story()
    story.client("a", after=0)
    story.assistant("a", after=HOUR)
    story.until(73 * HOUR)
    [_, young] = whole("silent_clients", story)
    story.until(73 * HOUR + 1)
    [_, over] = whole("silent_clients", story)
    story.client("a", after=80 * HOUR)
    [_, back] = whole("silent_clients", story)

    assert {
        "dialogs": 0,
        "silent": 0,
        "undecided": 1,
        "share_silent": None,
        "low": None,
        "high": None,
    } == part(young, "dialogs", "silent", "undecided", "share_silent", "low", "high")
    assert (1, 1, 0) == (over["dialogs"], over["silent"], over["undecided"])
    assert (1, 1, 0) == (back["dialogs"], back["silent"], back["undecided"])


def test_words_in_the_second_of_the_answer_came_before_it() -> None:
    """
    A line of the client at the very second of the answer is not one that followed it.
    """
    story = Story()
    story.client("a", after=0)
    story.client("a", after=30)
    story.assistant("a", after=30)
    story.until(100 * HOUR)

    [everybody, _] = whole("silent_clients", story)

    assert (1, 1) == (everybody["dialogs"], everybody["silent"])
