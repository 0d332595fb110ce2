"""Notices, budgets and "no answer needed" as people press them; the world is the fake bot's."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages._ui import source
from tests.pages.conftest import SECRET
from tests.pages.fake_bot import FakeBot
from tests.pages.test_roles import buttons, visit


@pytest.fixture(autouse=True)
def _machine(bot: FakeBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AVITO_API_URL", bot.url)
    monkeypatch.setenv("JWT_SECRET", SECRET)
    for name in ("LAKE_CATALOG", "LAKE_DATA"):
        monkeypatch.delenv(name, raising=False)
    source.settings.cache_clear()
    yield
    source.settings.cache_clear()


def said(page: AppTest) -> str:
    return "\n".join(one.value for one in (*page.markdown, *page.caption))


def test_why_a_person_is_needed_and_how_they_were_told(bot: FakeBot) -> None:
    """
    The reason in words, who and about what, and that Telegram has it; seen with one press, all with another.
    """
    page = visit("notices", "manager")
    assert "Нужен человек: клиент попросил человека" in said(page)
    assert "Telegram: отправлено" in said(page)

    page.button(key="seen-1").click().run()
    assert [True, False] == [one["seen"] for one in bot.world.notices]
    page.button(key="all_seen").click().run()

    assert all(one["seen"] for one in bot.world.notices)
    assert "Новых нет" in said(page)
    assert "all_seen" not in {one.key for one in visit("notices", "viewer").button}


def test_no_answer_is_needed(bot: FakeBot) -> None:
    """
    The button is where somebody waits; pressed, the chat waits no more.
    """
    chat = next(one for one in bot.world.chats if one["client_name"] == "Тимур")
    page = visit("chats", "manager")
    page.query_params["chat"] = chat["id"]
    page.run()
    assert "Ответ не нужен" in buttons(page)

    page.button(key=f"settle-{chat['id']}").click().run()

    assert "quiet" == chat["state"]
    assert "Ответ не нужен" not in buttons(page.run())


def test_a_budget_is_set_and_a_negative_one_is_not(bot: FakeBot) -> None:
    """
    What cannot be is said in words, and changes nothing; only the owner has the form.
    """
    page = visit("budget", "owner")
    page.number_input(key="day_rub_1001").set_value(-5.0)
    save = next(one for one in page.button if one.label == "Сохранить")
    save.click().run()
    assert "Ничего не изменено" in page.error[0].value
    assert {} == bot.world.limits

    page.number_input(key="day_rub_1001").set_value(150.0)
    next(one for one in page.button if one.label == "Сохранить").click().run()

    assert 150.0 == bot.world.limits[1001]["day_rub"]
    assert not page.error
    assert [] == list(visit("budget", "manager").number_input)


def test_follow_ups_are_off_until_the_owner_wants_them(bot: FakeBot) -> None:
    """
    One after a day; the words are the instructions', with the guard's opinion; others look and cannot press.
    """
    page = visit("follow_ups", "owner")
    page.segmented_control(key="follow_many_1001").set_value(1).run()
    page.number_input(key="follow_hours_1001_0").set_value(30.0)
    assert any("Ещё актуально?" in one.value for one in page.markdown)

    page.button(key="follow_save_1001").click().run()

    plan = bot.world.plans[1001]
    assert plan is not None
    assert ([30.0], "10:00") == (plan["after_hours"], plan["opens"])
    page.segmented_control(key="follow_many_1001").set_value(2).run()
    assert any("скидки" in one.value for one in page.warning)
    assert "follow_save_1001" not in {one.key for one in visit("follow_ups", "manager").button}


def with_listings(role: str) -> AppTest:
    """The page of follow-ups, on which the listings of the account are opened."""
    page = visit("follow_ups", role)
    page.session_state["follow_listings_1001"] = True
    return page.run()


def test_listings_are_asked_for_when_they_are_opened(bot: FakeBot) -> None:
    """
    Not at every run of a page on which they stand closed.
    """
    asked = "GET /api/avito/listings"
    visit("follow_ups", "manager")
    assert asked not in bot.said

    with_listings("manager")

    assert asked in bot.said


def test_a_listing_may_differ_from_its_account(bot: FakeBot) -> None:
    """
    A manager sets it to always, never, or back; a refusal leaves it as it was.
    """
    listing = next(one for one in bot.world.listings if one["status"] == "active")
    page = with_listings("manager")
    key = f"follow_of_{listing['id']}"
    assert "account" == page.segmented_control(key=key).value

    page.segmented_control(key=key).set_value("on").run()
    assert listing["follow_ups"] is True
    page.segmented_control(key=key).set_value("off").run()
    assert listing["follow_ups"] is False
    page.segmented_control(key=key).set_value("account").run()
    assert listing["follow_ups"] is None
    assert with_listings("viewer").segmented_control(key=key).disabled
