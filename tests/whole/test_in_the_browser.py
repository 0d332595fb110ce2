"""A seller's first hour, in a real browser, against the real bot and the sandbox as the world outside."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Page, expect

from tests.browser import browser
from tests.ports import free_port
from tests.whole.town import ROOT, Town, eventually, town

PASSWORD = "a good password"
SECONDS = 20_000


@contextmanager
def dashboard(place: Town) -> Iterator[str]:
    """The dashboard as a real process beside the bot; its address."""
    address = place.env["DASHBOARD_URL"]
    log = (place.home / "dashboard.log").open("wb")
    port = address.rpartition(":")[2]
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(ROOT / "app.py"),
        "--server.port",
        port,
    ]
    env = place.env | {
        "AVITO_API_URL": place.here,
        "DASHBOARD_PASSWORD_HASH": PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD),
    }
    process = subprocess.Popen(command, cwd=place.home, env=env, stdout=log, stderr=log)
    try:
        eventually(lambda: _is_up(address), within=60)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _is_up(address: str) -> bool:
    try:
        return httpx.get(f"{address}/_stcore/health", timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    home: Path = tmp_path_factory.mktemp("browsed")
    with town(home, DASHBOARD_URL=f"http://127.0.0.1:{free_port()}") as browsed:
        yield browsed


@pytest.fixture
def page(place: Town) -> Iterator[Page]:
    """A browser in which nobody has logged in yet."""
    with dashboard(place) as address, browser() as chromium:
        opened = chromium.new_context(
            viewport={"width": 1440, "height": 900}, locale="ru-RU"
        ).new_page()
        opened.set_default_timeout(SECONDS)
        expect.set_options(timeout=SECONDS)
        opened.goto(address)
        yield opened


def test_from_the_login_to_a_lead(place: Town, page: Page) -> None:
    """
    Log in, connect the account by Avito's consent page, switch a listing on, see a client answered, answer oneself,
    find the lead, and take leave of the account.
    """
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("button", name="Войти").click()

    _open(page, "Подключение")
    page.get_by_role("link", name="Подключить").first.click()
    page.get_by_role("button", name="Отказать").click()
    expect(page).to_have_url(re.compile("error=denied"))
    page.get_by_role("link", name="Подключить").first.click()
    page.get_by_role("button", name="Разрешить").click()
    expect(page).to_have_url(re.compile(f"^{place.env['DASHBOARD_URL']}/connection"))
    expect(page.get_by_text("ДезСервис").first).to_be_visible()

    _open(page, "Объявления")
    chosen = place.client().listings(q="клоп", status="active", limit=1).rows[0]
    page.get_by_placeholder("Название объявления").fill(chosen.title)
    page.keyboard.press("Enter")
    page.locator(f"[class*='st-key-'][class*='{chosen.id}'] label").first.click()
    eventually(lambda: [one.id for one in place.client().active_listings()] == [chosen.id])

    chat = place.say(chosen.id, "Клопы! Звоните 8 926 441-08-73", client="Анна")["chat_id"]
    page.goto(f"{place.env['DASHBOARD_URL']}/chats?chat={chat}")
    expect(page.get_by_text("Клопы! Звоните 8 926 441-08-73").last).to_be_visible()
    [reply] = eventually(lambda: place.replies_at_avito(chat))
    expect(page.get_by_text(reply).last).to_be_visible()

    page.get_by_placeholder("Ответить самому").fill("Мастер перезвонит в течение часа.")
    page.keyboard.press("Enter")
    eventually(lambda: "Мастер перезвонит в течение часа." in place.replies_at_avito(chat))
    expect(page.get_by_text("Здесь отвечает человек").last).to_be_visible()

    _open(page, "Заявки")
    expect(page.get_by_text("+7 926 441-08-73").first).to_be_visible()

    _open(page, "Подключение")
    page.get_by_role("button", name="Отключить").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Отключить").click()
    eventually(lambda: not place.client().accounts())


def _open(page: Page, title: str) -> None:
    page.get_by_role("link", name=title, exact=True).first.click()
    expect(page.get_by_role("heading", name=title, exact=True, level=1)).to_be_visible()
