"""Answers in time: the promise that is looked at, the share that kept it, and who waited past it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.pages.fake_bot import FakeBot
from tests.pages.small_logs import answer, client, happened, machine, nothing_strange, texts


@pytest.fixture(autouse=True)
def _machine(bot: FakeBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    with machine(bot, monkeypatch, tmp_path):
        yield


def told(**query: str) -> tuple[list[str], str]:
    """The shares kept, of first answers and of every one; and what the page of the answers says."""
    said = texts(query, ("response",))
    nothing_strange(said)
    text = said["response"].replace("\u00a0", " ")
    return re.findall(r"<strong>(.*?)</strong>", text), text


def three_waits() -> None:
    """Answered after twenty seconds, after ten minutes, and not for a day: so far does the log know."""
    happened(
        client(timedelta(days=2), chat_id="soon"),
        answer(timedelta(days=2, seconds=-20), chat_id="soon"),
        client(timedelta(days=2), chat_id="late"),
        answer(timedelta(days=2, minutes=-10), chat_id="late"),
        client(timedelta(days=3), chat_id="never"),
    )


@pytest.mark.parametrize(
    ("target", "kept"),
    [("", "33,3 %"), ("10", "0,0 %"), ("900", "66,7 %"), ("2000000000", "33,3 %"), ("x", "33,3 %")],
)
def test_the_share_is_of_all_whose_time_is_over(target: str, kept: str) -> None:
    """
    Who was never answered counts against the promise; the address chooses it, and one that cannot
    be is the usual one.
    """
    three_waits()

    assert [kept, kept] == told(target=target)[0]


def test_who_may_still_wait_counts_nowhere() -> None:
    """
    A promise of three days: the one without an answer waits within it.
    """
    three_waits()
    shares, text = told(target="259200")

    assert ["100,0 %", "100,0 %"] == shares
    assert "Срок ещё не вышел, в доле не посчитаны: 1" in text


def test_nothing_was_due() -> None:
    """
    Plain words instead of a share of nothing; another promise can still be chosen.
    """
    happened(client(timedelta(minutes=2)))
    shares, text = told()

    assert [] == shares
    assert "срок ответа ещё ни разу не вышел" in text
    assert "target=60" in text


def test_each_part_opens_its_dialogs() -> None:
    """
    Kept and broken promises lead to the dialogs behind them.
    """
    three_waits()
    _shares, text = told()

    for word in ("sla.met~wait.first", "sla.breached~wait.first", "sla.breached~wait.every"):
        assert f"see={word}" in text


@pytest.mark.parametrize(("answered", "why"), [(3, 0), (2, 1), (1, 2)])
def test_a_time_that_too_few_waited_for_says_so(answered: int, why: int) -> None:
    """
    Of three who asked: nine of ten, and then half, were not answered.
    """
    lines = [client(timedelta(days=2), chat_id=f"c{n}") for n in range(3)]
    lines += [answer(timedelta(days=2, seconds=-20), chat_id=f"c{n}") for n in range(answered)]
    happened(*lines)

    assert why == told()[1].count("ответили меньшей доле")
