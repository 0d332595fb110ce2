"""Logs as nobody wishes them: every page of numbers shows right numbers or plain words, never a
traceback, never a NaN."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import events
from tests.pages.fake_bot import FakeBot
from tests.pages.small_logs import (
    FORMULA,
    HERE,
    answer,
    client,
    connected,
    happened,
    machine,
    nothing_strange,
    texts,
)


@pytest.fixture(autouse=True)
def _machine(bot: FakeBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    with machine(bot, monkeypatch, tmp_path):
        yield


def test_an_empty_log_says_how_to_get_numbers() -> None:
    """
    No page of numbers without words about what to do.
    """
    happened()
    said = texts()

    nothing_strange(said)
    for page in ("overview", "response", "traffic", "assistant", "quality"):
        assert "Чтобы увидеть пример" in said[page]


def test_a_log_of_one_event() -> None:
    """
    One client who waits: one dialog, nobody answered, and no share of nothing.
    """
    happened(client(timedelta(minutes=5)))
    said = texts()

    nothing_strange(said)
    assert '<span class="value">1</span>' in said["traffic"]
    assert "Без ответа" in said["response"]


def test_only_a_person_who_wrote_first() -> None:
    """
    A log in which no client ever wrote: there are lines, and no dialogs.
    """
    happened(answer(timedelta(minutes=5)))

    nothing_strange(texts())


@pytest.mark.parametrize("period", ["1d", "all"])
def test_days_without_dialogs(period: str) -> None:
    """
    A client, an answer, a fortnight of silence: whichever period is looked at.
    """
    happened(client(timedelta(days=14)), answer(timedelta(days=14, seconds=-20)))

    nothing_strange(texts({"period": period}))


@pytest.mark.parametrize(
    ("first", "last"), [("2019-01-01", "2019-02-01"), ("2031-01-01", "2031-01-02")]
)
def test_a_period_before_the_first_event_and_one_after_today(first: str, last: str) -> None:
    """
    Plain words, and the way to what there is.
    """
    happened(client(timedelta(days=3)), answer(timedelta(days=3, seconds=-20)))
    said = texts({"from": first, "to": last})

    nothing_strange(said)
    assert "Показать за всё время" in said["response"]


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Australia/Lord_Howe"])
def test_zones_with_odd_offsets(zone: str) -> None:
    """
    Half hours, and half an hour of summer: by the hour too.
    """
    happened(connected(zone), client(timedelta(days=2)), answer(timedelta(days=2, seconds=-20)))

    nothing_strange(texts({"zone": zone, "grain": "hour", "period": "7d"}))


def test_strange_words_stay_words() -> None:
    """
    An account and a listing named like a formula with markup, a text of ten thousand characters, an
    account removed: shown as they are, never run.
    """
    listing = events.ListingSeen(
        account_id=1, listing_id=7, title=FORMULA, price=None, status="active", category=None
    )
    happened(
        connected("Europe/Moscow"),
        (listing, timedelta(days=19)),
        client(timedelta(days=2), "ы" * 10_000),
        answer(timedelta(days=2, seconds=-20)),
        client(timedelta(hours=2), None, type="voice", listing_id=None, chat_id="other"),
        (events.AccountDisconnected(account_id=1, reason="asked"), timedelta(hours=1)),
    )
    said = texts({"listing": "7", "account": "1"})

    nothing_strange(said)
    assert "&lt;script&gt;" in said["traffic"]
    assert not any("<script>x" in text for text in said.values())


def test_a_listing_without_statistics() -> None:
    """
    What Avito did not tell is said to be so, and is no zero; our own numbers are there.
    """
    happened(client(timedelta(minutes=5)))
    said = texts({}, ("listings",))

    nothing_strange(said)
    assert "Авито не сообщил" in said["listings"]
    assert '<span class="value">1</span>' in said["listings"]


def test_a_chat_of_two_years() -> None:
    """
    A line every other day is one dialog that does not end: of its first day, by months and by days.
    """
    told = []
    for day in range(1, 730, 2):
        told += [client(timedelta(days=day)), answer(timedelta(days=day, seconds=-20))]
    happened(*told)

    whole = texts({"period": "all"})
    nothing_strange(whole)
    assert '<span class="value">1</span>' in whole["traffic"]
    month = texts()
    nothing_strange(month)
    assert "Показать за всё время" in month["overview"]


def test_the_words_behind_a_number_whatever_they_are() -> None:
    """
    Ten thousand letters, a formula, markup and what is no text, in the drawer of a number and of its chat.
    """
    long = "<b>ы</b>" * 1250
    happened(
        client(timedelta(hours=3), long),
        client(timedelta(hours=2), FORMULA),
        client(timedelta(hours=1), None, type="voice"),
        answer(timedelta(minutes=50)),
    )
    see = {"see": "dialogs", "period": "7d"}
    for query in (see, see | {"chat": "c"}, see | {"chat": "nobody"}):
        said = texts(query, ("traffic",))
        nothing_strange(said)
        assert "<script>x" not in said["traffic"]
        assert "<b>ы</b>" not in said["traffic"]


def test_two_clocks_that_disagree() -> None:
    """
    An answer that came before its question by the clocks, and a model that was never asked for a
    reply: no negative waits, no costs per nothing.
    """
    call = events.ModelCalled(
        **HERE, model="m", outcome="timeout", tokens_in=0, tokens_out=0, cost_rub=0.0, latency_ms=9
    )
    happened(
        client(timedelta(hours=1)),
        answer(timedelta(hours=1, seconds=2)),
        (call, timedelta(hours=1)),
    )
    said = texts()

    nothing_strange(said)
    assert (
        "-2" not in re.sub(r'(href|style|data-\w+)="[^"]*"|"spec".*', "", said["overview"])[:2000]
    )


def test_changes_are_told_by_what_they_are() -> None:
    """
    A mode and the silence stand on a chart in words, and not as versions of the instructions.
    """
    mode = {"account_id": 1, "listing_id": 7, "actor": "anna", "minutes": None}
    happened(
        connected("Europe/Moscow"),
        (events.ModeSet(**mode, mode="draft"), timedelta(days=9)),
        (events.ModeSet(**mode, mode="automatic"), timedelta(days=2)),
        (events.AssistantSilenced(silenced=True, actor="anna"), timedelta(days=2)),
        *[client(timedelta(days=day), chat_id=f"c{day}") for day in range(1, 10)],
    )
    said = texts({}, ("assistant",))["assistant"]

    assert "режим «Отвечает сам», был «Черновики" in said
    assert "Тишина везде включена" in said
    assert "automatic" not in re.sub(r'href="[^"]*"', "", said)


@pytest.mark.parametrize(
    "word",
    [
        "first_response~period.no-day",
        "first_response~nothing.here",
        "first_response.naive_mean_seconds",
        "conversion_by_listing.dialogs~listing_id.seven",
        "conversion_by_listing.dialogs~listing_id-99999999999999999999999999",
        "marks",
        "no_such_metric",
    ],
)
def test_a_number_that_does_not_open_says_so(word: str) -> None:
    """
    Whatever somebody typed into the address: words in the drawer or none, and no traceback.
    """
    happened(client(timedelta(minutes=5)))

    nothing_strange(texts({"see": word}, ("response",)))
