"""How the tests look at a page that moves."""

from playwright.sync_api import Page, expect


def settled(page: Page) -> None:
    """The script has run and everything that it sent is drawn."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)


def heading(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", name=title, exact=True, level=1)).to_be_visible()


def go(page: Page, title: str) -> None:
    """By the sidebar, as people go from page to page."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
    heading(page, title)
    settled(page)
