"""What changed by listing: who moved the numbers most, each with a way to the dialogs."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pages._ui import changes
from tests.pages.fake_bot import FakeBot
from tests.pages.small_logs import answer, client, happened, machine, nothing_strange, texts

ITEM = re.compile(
    r'<a class="in" href="[^"]*see=listing_changes\.([^&"]*)" target="_self">'
    r'<span class="change (\w+)">(.*?)</span><span>(.*?)<small>(.*?)</small>'
)


@pytest.fixture(autouse=True)
def _machine(bot: FakeBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    with machine(bot, monkeypatch, tmp_path):
        yield


def told(**query: str) -> tuple[list[list[tuple[str, ...]]], str]:
    """The lists of the card: what opens, colour, change, listing, and from what to what; and all that the page says."""
    said = texts({"period": "7d", **query}, ("overview",))
    nothing_strange(said)
    text = said["overview"].replace("\u00a0", " ")
    sections = re.findall(r"<section><h4>.*?</section>", text)
    return [ITEM.findall(section) for section in sections], text


def dialog(days: int, chat: str, listing: int, wait: int | None = None) -> list[Any]:
    where = {"chat_id": f"{chat} {listing} {days}", "listing_id": listing}
    asked = timedelta(days=days)
    lines = [client(asked, **where)]
    if wait:
        lines.append(answer(asked - timedelta(seconds=wait), **where))
    return lines


def test_the_listings_that_moved_a_number_most_come_first() -> None:
    """
    Listing 8 is new with six dialogs, answered late: more than chance. Listing 7 has two after one; 9 has one after one,
    answered in time as before, and moved nothing but the share.
    """
    lines = dialog(20, "first", 9, 20)
    for n in range(6):
        lines += dialog(1, f"c{n}", 8, 900)
    for n in range(2):
        lines += dialog(2, f"c{n}", 7, 20)
    lines += dialog(9, "c", 7, 20) + dialog(9, "c", 9, 20) + dialog(3, "c", 9, 20)
    happened(*lines)

    (dialogs, leads, in_time), _text = told()

    assert [
        ("dialogs~listing_id-8", "good", "↑ +6", "8", "6, было 0"),
        ("dialogs~listing_id-7", "plain", "↑ +100 %", "7", "2, было 1"),
    ] == dialogs
    assert [] == leads
    assert ("late~listing_id-8", "plain", "—", "8", "0 %, было —") == in_time[0]


def test_a_young_log_has_nothing_to_compare_with() -> None:
    """
    The card is not there, and the one beside says why.
    """
    happened(*dialog(1, "c", 7, 20))
    sections, text = told()

    assert [] == sections
    assert "Сравнить не с чем" in text


def test_the_promise_of_the_address_counts_here_too() -> None:
    """
    An answer after a quarter of an hour is in time when twenty minutes were promised.
    """
    happened(*dialog(20, "c", 7, 20), *dialog(9, "c", 7, 20), *dialog(1, "c", 7, 900))

    assert "Первый ответ за 20 мин" in told(target="1200")[1]
    assert [] == told(target="1200")[0][2]
    assert ["late~listing_id-7"] == [item[0] for item in told()[0][2]]


def test_who_looks_at_many_listings_needs_a_greater_change() -> None:
    """
    One listing is judged as any number is; the greatest of a thousand must be much farther off.
    """
    assert pytest.approx(changes.SURE) == changes.sure_among(1)
    assert 4 < changes.sure_among(1000) < 4.2
    assert changes.counts(20, 8).is_sure  # type: ignore[union-attr]
    assert not changes.counts(20, 8, sure=changes.sure_among(100)).is_sure  # type: ignore[union-attr]
