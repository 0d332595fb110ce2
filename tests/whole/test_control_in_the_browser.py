"""The seller's hand on the assistant, in a real browser against the real bot: words, a try, drafts, silence."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import browser
from tests.ports import free_port
from tests.whole.test_in_the_browser import PASSWORD, SECONDS, dashboard
from tests.whole.town import Town, eventually, town

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    home: Path = tmp_path_factory.mktemp("controlled")
    with town(home, DASHBOARD_URL=f"http://127.0.0.1:{free_port()}") as controlled:
        yield controlled


@pytest.fixture
def page(place: Town) -> Iterator[Page]:
    """A browser in which the owner has logged in."""
    with dashboard(place) as address, browser() as chromium:
        opened = chromium.new_context(
            viewport={"width": 1440, "height": 1200}, locale="ru-RU"
        ).new_page()
        opened.set_default_timeout(SECONDS)
        expect.set_options(timeout=SECONDS)
        opened.goto(address)
        opened.get_by_label("Пароль").fill(PASSWORD)
        opened.get_by_role("button", name="Войти").click()
        yield opened


def _open(page: Page, title: str) -> None:
    page.get_by_role("link", name=title, exact=True).first.click()
    expect(page.get_by_role("heading", name=title, exact=True, level=1)).to_be_visible()


def test_from_first_words_to_a_draft_that_is_sent(place: Town, page: Page) -> None:
    """
    Begin with a ready set, write a guarantee, look at the chats and find it still there, try it out before it holds, publish it with a confirmation, let a listing
    write drafts, mend one and send it; then silence everything.
    """
    account = place.connect()
    listing = place.client().listings(account_id=account, status="active", q="клоп").rows[0]

    _open(page, "Инструкции")
    page.get_by_text("Дезинсекция и дератизация").click()
    expect(page.get_by_label("Как говорить с клиентами?")).to_have_value(re.compile("Спокойно"))
    guarantee = page.get_by_label("Какую гарантию даёте?")
    guarantee.fill("3 года по договору")
    guarantee.press("Enter")
    expect(
        page.locator(".st-key-card_preview").get_by_text("3 года по договору").first
    ).to_be_visible()
    _open(page, "Чаты")
    _open(page, "Инструкции")
    expect(page.get_by_label("Какую гарантию даёте?")).to_have_value("3 года по договору")
    page.get_by_role("button", name="Сохранить и проверить").click()
    expect(page.get_by_role("heading", name="Проверка", exact=True, level=1)).to_be_visible()
    page.get_by_placeholder("Напишите как клиент").fill("Какая гарантия?")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-card_playground").get_by_text("3 года").last).to_be_visible()
    [saved] = place.client().instructions(account).versions
    expect(page.get_by_text(f"/i{saved.no}").first).to_be_visible()
    assert place.client().instructions(account).published is None

    _open(page, "Инструкции")
    page.get_by_role("button", name="Опубликовать").click()
    page.get_by_role("dialog").get_by_role("button", name="Опубликовать").click()
    eventually(lambda: place.client().instructions(account).published)

    _open(page, "Объявления")
    page.get_by_placeholder("Название объявления").fill(listing.title)
    page.keyboard.press("Enter")
    page.locator(f"[class*='st-key-mode-open-{listing.id}'] button").click()
    page.get_by_text("Черновики: отправляете вы").click()
    page.locator(f".st-key-mode-save-{listing.id} button").click()
    eventually(lambda: place.client().listings(q=listing.title).rows[0].mode == "draft")

    chat = place.say(listing.id, "А гарантия какая?", client="Анна")["chat_id"]
    eventually(lambda: place.chat(chat).get("draft"))
    page.goto(f"{place.env['DASHBOARD_URL']}/chats?chat={chat}")
    draft = page.locator(".st-key-card_draft textarea")
    expect(draft).to_have_value(place.chat(chat)["draft"]["text"])
    draft.fill("Три года, по договору.")
    page.locator(".st-key-card_draft").get_by_role("button", name="Отправить").click()
    assert ["Три года, по договору."] == eventually(lambda: place.replies_at_avito(chat))

    page.locator(".st-key-silence label").click()
    eventually(lambda: place.client().silence().silenced)
