"""Every number opens, or says why it cannot: on every page, in both languages."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from pages._ui.address import WITH_VIEW
from pages._ui.see import CLOSED
from pipeline import catalog
from pipeline.columns import label
from tests.pages.fake_bot import FakeBot
from tests.pages.small_logs import answer, client, connected, happened, machine, texts

CARD = re.compile(r'<div class="number">.*?(?=<div class="number">|$)', re.MULTILINE)
FOOT = re.compile(r'<div class="foot">.*?</div>')
WHY = "Это числа машины: диалогов за ними нет."
OF_OTHERS = {"Журнал", "Просмотры", "Контакты"}
"""The checks' verdict, and what Avito counts: no dialogs of ours are behind them."""


@pytest.fixture(autouse=True)
def _machine(bot: FakeBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    with machine(bot, monkeypatch, tmp_path):
        yield


def a_month() -> None:
    """Some dialogs of two listings in two months, answered and not."""
    told = [connected("Europe/Moscow", timedelta(days=65))]
    for day in range(1, 62, 2):
        where = {"chat_id": f"c{day}", "listing_id": 7 + day % 4}
        told.append(client(timedelta(days=day), **where))
        if day % 3:
            told.append(answer(timedelta(days=day, seconds=-40 * day), **where))
    happened(*told)


@pytest.mark.parametrize("page", WITH_VIEW)
def test_every_number_and_every_card_opens_or_says_why(page: str) -> None:
    """
    A number is a link to its dialogs, or one of the machine's, of which "how this is counted" says so; below each card
    stands a way to its dialogs, or why there is none.
    """
    a_month()
    said = texts({}, (page,))[page]

    for card in CARD.findall(said):
        name = re.findall(r'class="label">(.*?)<', card)[0]
        of = re.findall(r"how=(\w+)", card)
        assert "see=" in card or name in OF_OTHERS or set(of) <= CLOSED, name
    for foot in FOOT.findall(said):
        assert "see=" in foot or WHY in foot, unescape(foot)


def test_the_machine_says_that_it_opens_nothing() -> None:
    """
    In the drawer too; and no metric of dialogs is called one of the machine.
    """
    a_month()

    assert all(catalog()[name].opens is None for name in CLOSED)
    for name in CLOSED:
        assert WHY in texts({"how": name}, ("quality",))["quality"]


def test_the_drawer_says_which_number_was_opened() -> None:
    """
    Whose dialogs these are, in words: the number, the listing, the day; codes of the address are for links.
    """
    a_month()
    opened = {"see": "first_response.never~answered_by.all~period.2026-11-01"}
    said = texts(opened, ("response",))["response"]
    assert f"{label('never', 'ru')} · Все · 1 ноября 2026" in said

    said = texts({"see": "sla.breached~wait.first"}, ("response",))["response"]
    assert "Не в срок · Первые ответы" in said


def test_the_table_behind_a_chart_has_words_for_its_codes() -> None:
    """
    A seller reads who answered; below what a column is called stands the name that the file has for code.
    """
    a_month()
    said = texts({"data": "first_response"}, ("response",))["response"]

    for code, words in (("all", "Все"), ("assistant", "Ассистент"), ("nobody", "Пока никто")):
        assert f"<td>{words}</td>" in said
        assert f"<td>{code}</td>" not in said
    assert "<small>km_median_seconds</small>" in said
    assert "<td>весь срок</td>" in said
