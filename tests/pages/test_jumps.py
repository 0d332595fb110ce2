"""Nothing jumps: a page that is opened stands still from the moment it is seen."""

import pytest
from playwright.sync_api import Page, expect

from tests.pages.conftest import ROOT, Visit
from tests.pages.fake_bot import FakeBot
from tests.pages.looking import settled

pytestmark = pytest.mark.browser

MOST = 0.1
"""Cumulative layout shift that people do not mind, by web.dev/cls."""

PAGES = sorted(file.stem for file in (ROOT / "pages").glob("*.py") if file.stem[0] != "_")

WATCH = """
const named = (node) => {
  const said = []
  for (let at = node?.nodeType === 3 ? node.parentElement : node; at && said.length < 3; at = at.parentElement) {
    const key = [...at.classList].find((each) => each.startsWith("st-key-"))
    said.push(key ?? at.dataset.testid ?? (at.tagName.toLowerCase() + (at.className && "." + at.className)))
  }
  return said.join(" in ")
}
const box = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" ")
window.jumps = []
new PerformanceObserver((list) => {
  for (const jump of list.getEntries()) {
    const moved = jump.sources.map((each) => `${named(each.node)}: ${box(each.previousRect)} -> ${box(each.currentRect)}`)
    window.jumps.push([jump.hadRecentInput ? 0 : jump.value, moved])
  }
}).observe({ type: "layout-shift", buffered: true })
"""


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_no_page_jumps_when_it_is_opened(visit: Visit, bot: FakeBot, phone: bool) -> None:
    """
    On every page what is seen stays where it is, at a desk and on a phone; else the elements that
    moved are named, with their places before and after.
    """
    page = visit("/?log=sample", phone=phone)
    page.add_init_script(WATCH)
    here = page.url.partition("?")[0].rstrip("/")
    for name in PAGES:
        page.goto(f"{here}/{'' if name == 'overview' else name}?log=sample")
        jumps = _jumps(page)
        assert sum(much for much, _moved in jumps) < MOST, f"{name}: {jumps}"


def _jumps(page: Page) -> list[tuple[float, list[str]]]:
    """How much moved, and what, until the page has settled and its charts are drawn."""
    settled(page)
    expect(page.locator("body.opening")).to_have_count(0)
    expect(page.locator(".chart:not(:has(.main-svg))")).to_have_count(0)
    page.wait_for_timeout(200)
    found: list[tuple[float, list[str]]] = page.evaluate("window.jumps")
    return found
