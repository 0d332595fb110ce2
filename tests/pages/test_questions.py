"""What a page asks the log is begun together, before its cards ask one after the other."""

import threading
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pages._ui import answers, kept
from pages._ui.questions import QUESTIONS
from pipeline.__main__ import main as pipeline
from tests.pages.fake_bot import FakeBot
from tests.pages.small_logs import machine, opened_at


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a sample whose last month has a month before it."""
    folder = tmp_path_factory.mktemp("questions")
    assert pipeline(["sample", "--days", "65", "--out", str(folder / "data/sample")]) == 0
    return folder


@pytest.fixture(autouse=True)
def _machine(bot: FakeBot, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with machine(bot, monkeypatch, home):
        yield


class Noting(kept.Kept):
    """Notes what is asked by the cards, and what was begun ahead of them."""

    def __init__(self) -> None:
        super().__init__(512)
        self.begun: set[Hashable] = set()
        self.asked: set[Hashable] = set()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        if not threading.current_thread().name.startswith("questions"):
            self.asked.add(key)
        return super().get(key, make)

    def has(self, key: Hashable) -> bool:
        self.begun.add(key)
        return super().has(key)


TABS = {"leads, charts": ("lead_tabs", "Графики"), "listings, charts": ("listing_tabs", "Цифры")}


@pytest.mark.parametrize("place", QUESTIONS)
def test_a_page_begins_to_ask_what_its_cards_ask(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Nothing that nobody would see, and nothing less than all.
    """
    noted = Noting()
    monkeypatch.setattr(answers, "_answers", noted)
    front = opened_at({"log": "sample"})
    noted.begun.clear()
    noted.asked.clear()
    kept.forget_everything()

    if tab := TABS.get(place):
        front.session_state[tab[0]] = tab[1]
    opened = front.switch_page(f"../{place.partition(',')[0]}.py").run()

    assert not opened.exception
    wanted = QUESTIONS[place]
    assert _names(noted.asked) == _names(noted.begun)
    now = (*wanted.alone, *wanted.compared, *wanted.against_before)
    assert {(name, False) for name in now} <= _names(noted.begun)


def _names(keys: set[Hashable]) -> set[tuple[Any, bool]]:
    """The metric, and whether it is that of the span before."""
    return {(key[0], key[2] == "before") for key in keys}
