"""The pages of numbers in a real browser: what is looked at stands in the address, and every number opens."""

import re
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.pages.conftest import Visit
from tests.pages.fake_bot import FakeBot
from tests.pages.looking import go, heading, settled

pytestmark = pytest.mark.browser


def span(page: Page) -> str:
    """The span in words, as it stands under the head of the page."""
    return str(page.locator(".told .span").text_content())


def test_what_is_looked_at_stands_in_the_address(visit: Visit, bot: FakeBot) -> None:
    """
    A period that is chosen goes into the address as a code; another page, a reload, another
    language and the way back all show the same.
    """
    page = visit("/response?log=sample")
    settled(page)
    usual = span(page)

    page.get_by_role("radio", name="7 дней").click()
    expect(page).to_have_url(re.compile(r"/response\?period=7d&log=sample$"))
    expect(page.locator(".told .span")).not_to_have_text(usual)
    week = span(page)
    go(page, "Обзор")
    expect(page).to_have_url(re.compile(r"/\?period=7d&log=sample$"))
    expect(page.locator(".told .span")).to_have_text(week)
    page.reload()
    expect(page.locator(".told .span")).to_have_text(week)
    page.go_back()
    heading(page, "Ответы")
    expect(page.locator(".told .span")).to_have_text(week)
    page.go_back()
    expect(page.locator(".told .span")).to_have_text(usual)
    expect(page.get_by_role("radio", name="30 дней")).to_be_checked()
    page.go_forward()
    expect(page.locator(".told .span")).to_have_text(week)

    page.get_by_role("radio", name="EN").click()
    heading(page, "Response")
    expect(page).to_have_url(re.compile(r"\?period=7d&log=sample$"))
    expect(page.get_by_role("radio", name="7 days")).to_be_checked()


def test_a_view_is_remembered_across_other_pages(visit: Visit, bot: FakeBot) -> None:
    """
    Who goes to the chats and comes back looks at the same days.
    """
    page = visit("/response?period=7d&log=sample")
    settled(page)
    week = span(page)

    go(page, "Чаты")
    go(page, "Ответы")

    expect(page.locator(".told .span")).to_have_text(week)


def test_a_number_opens_the_dialogs_behind_it(visit: Visit, bot: FakeBot) -> None:
    """
    A click on a number opens a drawer with its dialogs; one of them shows what was said; Back goes
    to the list, and to the page; the address of the drawer opens it again.
    """
    page = visit("/response?log=sample")
    page.get_by_role("link", name=re.compile("^Без ответа: .*Показать диалоги")).click()
    drawer = page.get_by_role("dialog")
    first = drawer.locator("a.dialog").first
    expect(first).to_be_visible()
    address = page.url

    first.click()
    expect(drawer.locator(".bubble").first).to_be_visible()
    page.go_back()
    expect(first).to_be_visible()
    page.go_back()
    expect(drawer).to_have_count(0)

    page.goto(address)
    expect(first).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/response\?log=sample$"))


def test_a_number_tells_how_it_is_counted(visit: Visit, bot: FakeBot) -> None:
    """
    Title, question, definition, unit, version and SQL from the catalogue, in the reader's language.
    """
    page = visit("/response?log=sample", language="en")
    page.get_by_role("link", name="How this is counted: Never answered").click()

    told = page.get_by_role("dialog").locator(".definition")
    expect(told).to_contain_text("First response time")
    expect(told).to_contain_text("seconds")
    told.get_by_text("The SQL that counts it").click()
    expect(told.locator("pre")).to_contain_text("SELECT")


def test_the_numbers_are_there_as_a_file(visit: Visit, bot: FakeBot) -> None:
    """
    A table, and the file that is made when its button is pressed, with the definition inside.
    """
    page = visit("/response?log=sample")
    page.get_by_role("link", name="Цифры и файлы: Время первого ответа").first.click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_role("table")).to_contain_text("median_seconds")

    with page.expect_download() as waited:
        drawer.get_by_role("button", name="XLSX").click()

    book = openpyxl.load_workbook(BytesIO(Path(waited.value.path()).read_bytes()))
    assert 2 == len(book.sheetnames)


def test_filters_are_chips_that_can_be_taken_back(visit: Visit, bot: FakeBot) -> None:
    """
    What is chosen beside the period is said, and one press takes it back.
    """
    page = visit("/response?log=sample&grain=week&zone=Asia/Kamchatka")
    chip = page.get_by_role("link", name=re.compile("Убрать: Неделя"))
    expect(chip).to_be_visible()

    chip.click()

    expect(chip).to_have_count(0)
    expect(page).to_have_url(re.compile(r"zone=Asia%2FKamchatka&log=sample$"))


def test_a_promise_is_chosen_on_its_card_and_goes_along(visit: Visit, bot: FakeBot) -> None:
    """
    The promised time of an answer is a filter as any other: in the address, in either language, on other pages, and a chip
    takes it back.
    """
    page = visit("/response?log=sample")
    kept = page.locator(".kept strong").first
    expect(kept).to_be_visible()
    usual = kept.text_content()

    page.locator(".promise").get_by_role("link", name="1 ч").click()
    expect(page).to_have_url(re.compile(r"target=3600"))
    expect(kept).not_to_have_text(str(usual))
    page.get_by_role("radio", name="EN").click()
    heading(page, "Response")
    go(page, "Overview")
    expect(page).to_have_url(re.compile(r"target=3600"))
    page.get_by_role("link", name=re.compile("^Take back: promised within 1 h")).click()
    go(page, "Response")
    expect(page.locator(".promise b")).to_have_text("5 min")


def test_the_sample_is_shown_and_called_a_sample(visit: Visit, bot: FakeBot) -> None:
    """
    By the filters; under a line that says so, with a way back.
    """
    page = visit("/")
    page.get_by_role("button", name="Фильтры").click()
    page.get_by_role("radio", name="Пример").click()

    expect(page.get_by_text("Это пример")).to_be_visible()
    page.get_by_role("link", name="К моим данным").click()
    expect(page.get_by_text("Это пример")).to_have_count(0)


PLACES = (
    "/?log=sample",
    "/response?log=sample",
    "/traffic?log=sample",
    "/assistant?log=sample",
    "/leads?log=sample",
    "/listings?log=sample",
    "/quality?log=sample",
    "/response?log=sample&how=first_response",
    "/response?log=sample&see=first_response.never~answered_by.all",
)


@pytest.mark.parametrize(
    ("theme", "phone", "places"),
    [("light", False, PLACES), ("dark", True, (PLACES[1], PLACES[2], PLACES[8]))],
    ids=["desk", "phone"],
)
def test_everybody_can_read_the_pages(
    visit: Visit, bot: FakeBot, theme: str, phone: bool, places: tuple[str, ...]
) -> None:
    """
    Axe finds nothing serious on the pages of numbers nor in the drawer, in the light and in the dark.
    """
    page = visit(places[0], theme=theme, phone=phone)
    for place in places:
        page.goto("/".join(page.url.split("/")[:3]) + place)
        expect(page.locator(".number").first).to_be_visible()
        settled(page)
        if "how=" in place or "see=" in place:
            expect(page.get_by_role("dialog")).to_be_visible()
        found = [each for each in Axe().run(page).response["violations"] if _is_serious(each)]
        told = [(each["id"], [node["html"][:120] for node in each["nodes"][:3]]) for each in found]
        assert [] == told, place


def _is_serious(violation: dict[str, object]) -> bool:
    return violation["impact"] in {"serious", "critical"}


def test_a_point_of_a_chart_opens_as_well(visit: Visit, bot: FakeBot) -> None:
    """
    A click on a day's bar opens that day's dialogs.
    """
    page = visit("/traffic?log=sample")
    bar = page.locator("[data-chart=traffic] .barlayer .point").nth(3)
    expect(bar).to_be_visible()
    bar.scroll_into_view_if_needed()
    settled(page)
    place = bar.bounding_box()
    assert place

    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2, steps=3)
    page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)

    expect(page.get_by_role("dialog").locator("a.dialog").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"see=dialogs~period\."))


def test_a_chart_is_drawn_over_the_one_before(visit: Visit, bot: FakeBot) -> None:
    """
    Another period changes what is drawn, and never empties the chart: nothing flashes.
    """
    page = visit("/traffic?log=sample")
    graph = page.locator("[data-chart=traffic] .js-plotly-plot")
    expect(graph.locator(".xtick")).not_to_have_count(0)
    graph.evaluate("(graph) => { graph.wasThere = true }")

    page.get_by_role("radio", name="7 дней").click()

    expect(graph.locator(".barlayer .point")).to_have_count(14)
    assert graph.evaluate("(graph) => graph.wasThere")


def test_on_a_phone_the_names_below_an_axis_do_not_touch(visit: Visit, bot: FakeBot) -> None:
    """
    Days of a month and spans of waiting keep apart, and the chart is as wide as its card.
    """
    page = visit("/response?log=sample", phone=True)
    expect(page.locator(".chart:not(:has(.xtick))")).to_have_count(0)

    for chart in page.locator(".chart").all():
        boxes = [tick.bounding_box() for tick in chart.locator(".xtick text").all()]
        ends = [(box["x"], box["x"] + box["width"]) for box in boxes if box]
        assert len(ends) > 1
        assert all(before[1] + 3 < after[0] for before, after in pairwise(ends)), ends
        place, drawn = chart.bounding_box(), chart.locator(".main-svg").first.bounding_box()
        assert place
        assert drawn
        assert place["width"] == drawn["width"]
