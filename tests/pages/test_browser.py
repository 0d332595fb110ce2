"""The pages in a real browser, as a person of the seller sees and uses them."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.pages.conftest import PASSWORDS, Dashboard, Visit
from tests.pages.fake_bot import FakeBot
from tests.pages.looking import go, heading, settled
from tests.pages.world import World, stamp
from tests.whole.town import eventually

pytestmark = pytest.mark.browser

TITLES = {
    "/": ("Обзор", "Overview"),
    "/response": ("Ответы", "Response"),
    "/traffic": ("Обращения", "Traffic"),
    "/assistant": ("Ассистент", "Assistant"),
    "/quality": ("Качество данных", "Data quality"),
    "/chats": ("Чаты", "Chats"),
    "/leads": ("Заявки", "Leads"),
    "/listings": ("Объявления", "Listings"),
    "/connection": ("Подключение", "Connection"),
    "/health": ("Состояние", "Health"),
}


def open_chat(page: Page, name: str) -> None:
    """Presses a chat in the list, again if the first press was lost while the page still moved."""
    row = page.locator(".row", has=page.locator(".name", has_text=name))
    head = page.get_by_role("heading", name=name)
    for _ in range(5):
        row.click()
        try:
            expect(head).to_be_visible(timeout=3000)
        except AssertionError:
            continue
        return
    expect(head).to_be_visible()


def switch_of(page: Page, listing_id: int) -> tuple[Locator, Locator]:
    card = page.locator(f"[class*='st-key-ai-{listing_id}']")
    return card.get_by_role("switch"), card.locator("label")


@pytest.mark.parametrize(
    ("language", "theme", "phone"), [(0, "light", False), (1, "dark", True)], ids=["desk", "phone"]
)
def test_every_page_opens(
    visit: Visit, bot: FakeBot, language: int, theme: str, phone: bool
) -> None:
    """
    By the sidebar at a desk and by its address on a phone, in both languages and themes: with its
    title, without an error, without a word to the outside world, and no wider than the screen.
    """
    page = visit("/", language=("ru", "en")[language], theme=theme, phone=phone)
    for path, titles in TITLES.items():
        if phone:
            page.goto("/".join(page.url.split("/")[:3]) + path)
            heading(page, titles[language])
            settled(page)
        else:
            go(page, titles[language])
        expect(page.get_by_test_id("stException")).to_have_count(0)
        expect(page.get_by_text("Something went wrong")).to_have_count(0)
        width = page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
        assert width <= 0, f"{path} is {width} px wider than the screen"


def test_a_person_logs_in_and_out(visit: Visit, bot: FakeBot, dashboard: Dashboard) -> None:
    """
    A wrong password is said in words, the right one opens the page that was wanted, and after
    logging out the address leads to the login again.
    """
    page = visit("/leads", role=None)
    expect(page).to_have_url(re.compile("/login.next=/leads"))

    page.get_by_label("Пароль").fill("wrong")
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("alert")).to_contain_text("не подошёл")
    page.get_by_label("Пароль").fill(PASSWORDS["owner"])
    page.get_by_role("button", name="Войти").click()
    heading(page, "Заявки")

    page.get_by_role("link", name="Выйти").click()
    expect(page.get_by_label("Пароль")).to_be_visible()
    page.goto(f"{dashboard.url}/leads")
    expect(page.get_by_label("Пароль")).to_be_visible()


def test_the_language_is_switched_and_remembered(visit: Visit, bot: FakeBot) -> None:
    """
    One press in the sidebar changes every word, and a reload keeps it.
    """
    page = visit("/health")
    heading(page, "Состояние")

    page.get_by_role("radio", name="EN").click()
    heading(page, "Health")
    expect(page.get_by_text("Everything works.")).to_be_visible()
    page.reload()

    heading(page, "Health")


def test_a_switch_changes_the_listing(visit: Visit, bot: FakeBot) -> None:
    """
    The bot hears of it, the page says so, and a reload shows the same.
    """
    row = bot.world.listings[2]
    assert not row["ai_enabled"]
    page = visit("/listings")
    switch, press = switch_of(page, row["id"])

    press.click()
    expect(page.get_by_text(f"Ассистент отвечает: {row['title']}").first).to_be_attached()
    expect(switch).to_be_checked()
    eventually(lambda: row["ai_enabled"])

    page.reload()
    expect(switch_of(page, row["id"])[0]).to_be_checked()


def test_a_switch_that_the_bot_refused_goes_back(visit: Visit, bot: FakeBot) -> None:
    """
    The page never shows a wish as if it were a fact.
    """
    row = bot.world.listings[2]
    bot.refuse = True
    page = visit("/listings")
    switch, press = switch_of(page, row["id"])

    press.click()

    expect(page.get_by_test_id("stToast")).to_contain_text("Авито сейчас не отвечает")
    expect(switch).not_to_be_checked()
    assert not row["ai_enabled"]


def test_one_switch_for_all_that_are_shown(visit: Visit, bot: FakeBot) -> None:
    """
    Search narrows what is shown, and only that is switched.
    """
    page = visit("/listings")
    page.get_by_placeholder("Название объявления").fill("клещей")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(r"^4 объявления"))).to_be_visible()

    page.locator(".st-key-ai-all label").click()

    expect(page.get_by_test_id("stToast").first).to_contain_text("Переключено")
    expect(page.locator(".st-key-ai-all").get_by_role("switch")).to_be_checked()
    ticks = [row for row in bot.world.listings if "клещей" in row["title"]]
    assert all(row["ai_enabled"] for row in ticks)
    assert not all(row["ai_enabled"] for row in bot.world.listings)


def test_syncing_shows_how_far_it_is(visit: Visit, bot: FakeBot) -> None:
    """
    A bar while the listings are read, and a word when they are.
    """
    bot.sync_seconds = 2.5
    page = visit("/listings")

    page.get_by_role("button", name="Обновить с Авито").click()

    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_text(re.compile("Читаем объявления"))).to_be_visible()
    expect(page.get_by_test_id("stToast")).to_contain_text("Прочитано 32 объявления")
    expect(page.get_by_role("progressbar")).to_have_count(0)


def test_a_chat_shows_what_was_said_and_thought(visit: Visit, bot: FakeBot) -> None:
    """
    Bubbles by author, the verdict under the client's message, and behind a press the prompt's
    version, the model, tokens, cost and time.
    """
    page = visit("/chats")
    open_chat(page, "Марина")

    expect(page.locator(".client .bubble", has_text="тараканы в двушке")).to_be_visible()
    expect(page.locator(".assistant .bubble", has_text="Двухкомнатная")).to_be_visible()
    expect(page.locator(".notice", has_text="подтвердил номер")).to_be_visible()
    expect(page.locator(".under.orange", has_text="не текст")).to_be_visible()
    page.locator(".assistant summary").first.click()
    facts = page.locator(".assistant dl").first
    for fact in ("pest-7", "gpt-4o-mini", "1,8 с", "0,042"):
        expect(facts).to_contain_text(fact)
    assert "chat=" in page.url


def test_a_chat_opens_by_its_address_and_lives(visit: Visit, bot: FakeBot) -> None:
    """
    A message that comes while the page is open appears without a reload, and what was opened
    stays open.
    """
    chat = bot.world.chats[0]
    page = visit(f"/chats?chat={chat['id']}")
    page.locator(".assistant summary").first.click()

    bot.world.says(chat, "Вы ещё тут?", stamp(datetime.now(UTC)))

    expect(page.locator(".client .bubble", has_text="Вы ещё тут?")).to_be_visible()
    expect(page.locator(".assistant dl").first).to_be_visible()


def test_what_clients_write_is_text_and_nothing_else(visit: Visit, bot: FakeBot) -> None:
    """
    Markup in names, titles and messages is shown, never run.
    """
    evil = "<img src=x onerror=\"document.title='hacked'\"> **bold** [l](javascript:alert(1)) $x$"
    listing = bot.world.listing(evil, on=True)
    bot.world.listings.insert(0, bot.world.listings.pop())
    chat = bot.world.chat(evil, listing)
    bot.world.says(chat, evil, stamp(datetime.now(UTC)))
    bot.world.lead(chat, "failed", address=evil)

    page = visit(f"/chats?chat={chat['id']}")
    expect(page.locator(".client .bubble")).to_have_text(evil)
    for title in ("Обзор", "Заявки", "Объявления"):
        go(page, title)
        expect(page.get_by_text("onerror").first).to_be_attached()
        expect(page.locator("img[src=x], a[href^=javascript]")).to_have_count(0)

    assert "hacked" != page.title()


def test_a_person_answers_and_owns_the_chat(visit: Visit, bot: FakeBot) -> None:
    """
    The reply goes through the bot, the chat becomes the person's, and can be given back.
    """
    chat = bot.world.chats[1]
    page = visit(f"/chats?chat={chat['id']}", role="manager")
    expect(page.get_by_text("Здесь отвечает ассистент")).to_be_visible()

    page.get_by_placeholder("Ответить самому").fill("Да, за один раз")
    page.keyboard.press("Enter")

    expect(page.locator(".human .bubble", has_text="Да, за один раз")).to_be_visible()
    expect(page.get_by_text("Здесь отвечает человек")).to_be_visible()
    page.get_by_role("button", name="Вернуть ассистенту").click()
    expect(page.get_by_text("Здесь отвечает ассистент")).to_be_visible()
    assert "assistant" == chat["owner"]


def test_a_phone_shows_the_list_or_the_chat(visit: Visit, bot: FakeBot) -> None:
    """
    One at a time, and back by a button.
    """
    page = visit("/chats", phone=True)
    open_chat(page, "Антон")
    expect(page.locator(".row").first).not_to_be_visible()

    page.get_by_role("button", name="Все чаты").click()

    expect(page.locator(".row").first).to_be_visible()
    expect(page.locator(".talk")).to_have_count(0)


def test_a_lead_is_sent_again(visit: Visit, bot: FakeBot) -> None:
    """
    A lead that the CRM did not take says why, and a press sends it again.
    """
    page = visit("/leads", role="manager")
    expect(page.get_by_text("CRM answered 503")).to_be_visible()

    page.get_by_role("button", name="Отправить снова").click()

    expect(page.get_by_text("CRM answered 503")).to_have_count(0)
    assert "failed" not in {lead["state"] for lead in bot.world.leads}


def test_connecting_goes_to_consent_and_back(visit: Visit, bot: FakeBot) -> None:
    """
    The button leads to Avito's page, and the way back says that it worked and what comes next.
    """
    page = visit("/connection")
    link = page.get_by_role("link", name="Подключить аккаунт")
    expect(link).to_have_attribute("href", f"{bot.url}/consent")

    page.goto(str(link.get_attribute("href")))

    expect(page.get_by_text("ДезЭксперт Москва: аккаунт подключён.")).to_be_visible()
    expect(page.get_by_role("link", name="К объявлениям")).to_be_visible()


def test_the_owner_tells_the_assistant_what_to_know(visit: Visit, bot: FakeBot) -> None:
    """
    Facts and time zone stand in a dialog, and reach the bot when they are saved.
    """
    page = visit("/connection")
    page.get_by_role("button", name="Факты и часовой пояс").click()
    facts = page.get_by_label("Что должен знать ассистент")
    expect(facts).to_have_value("Работаем без выходных с 9 до 21.")

    facts.fill("Гарантия два года.")
    page.get_by_role("button", name="Сохранить").click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    assert "Гарантия два года." == bot.world.accounts[0]["facts"]


def test_disconnecting_asks_first(visit: Visit, bot: FakeBot) -> None:
    """
    Nothing happens before the second press; then the page says how to begin.
    """
    page = visit("/connection")
    page.get_by_role("button", name="Отключить").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Чаты и цифры останутся")
    assert bot.world.accounts

    dialog.get_by_role("button", name="Отключить").click()

    expect(page.get_by_text("Подключите аккаунт Авито")).to_be_visible()
    assert not bot.world.accounts


def test_when_the_bot_is_down_history_stays_readable(visit: Visit) -> None:
    """
    The pages say so in words, and the log still tells what was said, masked.
    """
    page = visit("/chats")
    expect(page.get_by_text("Бот не отвечает.").first).to_be_visible()

    page.locator(".row").click()

    expect(page.locator(".client .bubble")).to_have_text("Клопы замучили, мой номер [телефон]")
    expect(page.locator(".assistant .bubble")).to_have_text("Поможем, приедем завтра")
    for title in ("Заявки", "Объявления", "Подключение", "Состояние", "Обзор"):
        go(page, title)
        expect(page.get_by_text("Бот не отвечает.").first).to_be_visible()
        expect(page.get_by_test_id("stException")).to_have_count(0)


def test_an_error_in_a_page_is_said_in_plain_words(
    visit: Visit, bot: FakeBot, dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The visitor reads a sentence and a number; the number and the traceback are in the log.
    """
    monkeypatch.setattr(World, "state", lambda _: {"queues": 5})
    page = visit("/health")

    said = page.get_by_text("что-то пошло не так")
    expect(said.first).to_be_visible()
    number = str(page.locator("strong", has_text=re.compile("^[0-9a-f]{8}$")).first.text_content())
    assert f"reference {number}" in dashboard.log.read_text()
    assert "Traceback" not in str(page.content())
