"""What each role sees and may do: the page hides it, and the bot refuses it as well."""

import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from streamlit.testing.v1 import AppTest

from bot.client import BotClient, BotRefused, mint_token
from pages._ui import source
from pages._ui.door import session
from tests.pages.conftest import ROOT, SECRET
from tests.pages.fake_bot import FakeBot

PAGES = tuple(file.stem for file in sorted((ROOT / "pages").glob("[!_]*.py")))
"""A page that someone adds is visited here without anyone having to ask."""


@pytest.fixture(autouse=True)
def _machine(bot: FakeBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """The dashboard's settings, with a working directory that holds no log."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AVITO_API_URL", bot.url)
    monkeypatch.setenv("JWT_SECRET", SECRET)
    for name in ("LAKE_CATALOG", "LAKE_DATA"):
        monkeypatch.delenv(name, raising=False)
    source.settings.cache_clear()
    yield
    source.settings.cache_clear()


def visit(page: str, role: str = "owner") -> AppTest:
    """Comes in by the front door as a person of the role, and goes to the page."""
    front = AppTest.from_file(ROOT / "pages/_ui/main.py", default_timeout=30)
    front.user = {
        "email": f"{uuid4().hex}@example.com",
        "role": role,
        "until": str(int(time.time() + 3600)),
        "session": uuid4().hex,
    }
    return front.run().switch_page(f"../{page}.py").run()


@pytest.mark.parametrize("role", session.ROLES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_for_every_role(page: str, role: str) -> None:
    """
    Reading is for all three; nothing on any page breaks for want of rights.
    """
    opened = visit(page, role)

    assert not opened.exception
    assert opened.title or opened.subheader
    assert not [error.value for error in opened.error]


def buttons(page: AppTest) -> set[str]:
    return {button.label for button in page.button}


def test_a_viewer_sees_switches_but_cannot_press_them(bot: FakeBot) -> None:
    """
    The switch is disabled, there is none for all, and no sync.
    """
    page = visit("listings", "viewer")

    assert all(toggle.disabled for toggle in page.toggle)
    assert "ai-all" not in {toggle.key for toggle in page.toggle}
    assert "Обновить с Авито" not in buttons(page)


def test_a_manager_has_what_a_viewer_has_not(bot: FakeBot) -> None:
    """
    Switches, sync and retries.
    """
    assert "ai-all" in {toggle.key for toggle in visit("listings", "manager").toggle}
    assert "Обновить с Авито" in buttons(visit("listings", "manager"))
    assert "Отправить снова" in buttons(visit("leads", "manager"))
    assert "Отправить снова" not in buttons(visit("leads", "viewer"))
    assert "Прочитано" in buttons(visit("health", "manager"))
    assert "Прочитано" not in buttons(visit("health", "viewer"))


def test_only_the_owner_connects_and_disconnects(bot: FakeBot) -> None:
    """
    Others see the accounts and read who may change them.
    """
    assert "Отключить" in buttons(visit("connection", "owner"))
    bot.said.clear()
    for role in ("manager", "viewer"):
        page = visit("connection", role)
        assert "Отключить" not in buttons(page)
        assert "GET /api/avito/oauth/url" not in bot.said
        assert any("только владелец" in caption.value for caption in page.caption)


@pytest.mark.parametrize(
    ("role", "act"),
    [
        ("viewer", lambda bot: bot.set_ai(70001, True)),
        ("viewer", lambda bot: bot.sync_listings()),
        ("viewer", lambda bot: bot.reply("u2i-33~Ab", "text")),
        ("viewer", lambda bot: bot.set_owner("u2i-33~Ab", "human")),
        ("viewer", lambda bot: bot.retry_lead("l-1")),
        ("viewer", lambda bot: bot.notice_seen(1)),
        ("manager", lambda bot: bot.oauth_url()),
        ("manager", lambda bot: bot.disconnect(1001)),
    ],
)
def test_the_bot_refuses_what_the_page_hides(bot: FakeBot, role: str, act: object) -> None:
    """
    A page that showed too much would still change nothing: the role travels with every call.
    """
    client = BotClient(bot.url, mint_token(SECRET, "somebody", role))

    with pytest.raises(BotRefused) as refused:
        act(client)  # type: ignore[operator]

    assert 403 == refused.value.status


@pytest.mark.parametrize("role", [None, "king"])
def test_nobody_without_a_role_gets_past_the_first_line(bot: FakeBot, role: str | None) -> None:
    """
    Even if the gate were not there: no page, no navigation, no call to the bot.
    """
    page = stay(role)

    assert "Сеанс закончился. Войдите снова." == page.warning[0].value
    assert [] == bot.said
    assert not page.title


def test_a_page_that_stays_open_does_not_outlive_its_session(bot: FakeBot) -> None:
    """
    The connection was made with a good cookie; when its time is over the next run ends.
    """
    page = stay("owner", until=-1)

    assert "Сеанс закончился. Войдите снова." == page.warning[0].value
    assert [] == bot.said


def stay(role: str | None, until: float = 60) -> AppTest:
    """A page whose connection was made with such a session."""
    front = AppTest.from_file(ROOT / "pages/_ui/main.py", default_timeout=30)
    front.user = {"role": role, "until": str(int(time.time() + until)), "session": "s"}
    return front.run()
