"""The dashboard as people feel it: a first visit, a page switch, and a hundred people at once."""

import asyncio
import contextlib
import io
import itertools
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
from playwright.sync_api import Browser, BrowserContext, Page

from bench.people import People
from bench.report import Figure, Section, at_most, quantile
from pages._ui.door import session
from pipeline.__main__ import main as pipeline
from tests.browser import browser
from tests.pages.conftest import SECRET, Dashboard, cookie, dashboard_at
from tests.pages.fake_bot import FakeBot, running
from tests.pages.world import ordinary

DAYS, SEED = 120, 7
PEOPLE, THINK, SECONDS = 100, 5.0, 45.0
TIMES = 6
CHARTS = {"overview": 2, "response": 2, "traffic": 1, "assistant": 2, "quality": 1}
"""Figures on each page; the heading and the numbers come with them."""

DRAWN = """(told) => new Promise((done) => {
  const look = () => {
    const app = document.querySelector("[data-testid=stApp]")
    const is = app?.dataset.testScriptState === "notRunning"
      && !document.body.classList.contains("opening")
      && document.querySelector("h1")?.textContent === told.title
      && document.querySelectorAll(".number").length >= 4
      && document.querySelectorAll(".js-plotly-plot .main-svg .xaxislayer-above text, .js-plotly-plot .xtick").length > 0
      && [...document.querySelectorAll(".js-plotly-plot")].filter((each) => each.querySelector(".xtick")).length >= told.charts
      && !document.querySelector("[data-stale=true], [data-testid=stSkeleton]")
    if (is) requestAnimationFrame(() => done(performance.now()))
    else requestAnimationFrame(look)
  }
  look()
})"""
TITLES = {
    "overview": "Overview",
    "response": "Response",
    "traffic": "Traffic",
    "assistant": "Assistant",
    "quality": "Data quality",
}


def measure() -> Section:
    """A real dashboard, a bot that answers from memory, a real Chromium; about three minutes."""
    with tempfile.TemporaryDirectory() as home, _dashboard(Path(home)) as (place, events):
        with browser() as chromium:
            cold, warm = _first_visits(chromium, place)
            switches = _switches(chromium, place)
        process = _process_of(place)
        before = process.memory_info().rss / 1e6
        people = People(
            place.websocket,
            [f"{session.COOKIE}={cookie(user=f'{n}@example.com')}" for n in range(PEOPLE)],
            THINK,
            SECONDS,
        )
        asyncio.run(people.open_everything())
        asyncio.run(people.come())
        after = process.memory_info().rss / 1e6
    return Section(
        "The dashboard",
        f"Streamlit as one process on loopback, its bot answering from memory, a log of {events:,} events ({DAYS} days). "
        f"Chromium without a GPU on the same cores: from the navigation (or the click in the sidebar) until heading, numbers "
        f"and every chart of the page are drawn; median of {TIMES}. Warm: the log was asked before; a cold visit is the first after "
        f"the start, with an empty browser cache. {PEOPLE} people: websockets with Streamlit's own messages, {THINK:g} s "
        "between clicks on the average (a page or a period), for "
        f"{SECONDS:g} s, each page and period asked once before, and whatever their pages ask by themselves meanwhile; from the click to the end of the answer.",
        [
            Figure("first visit, cold", cold, "s"),
            at_most("first visit, warm", statistics.median(warm), "s", 1.0),
            at_most(
                "page switch, all pages",
                statistics.median(itertools.chain(*switches.values())),
                "s",
                0.6,
            ),
            *(
                Figure(f"page switch to {name}", statistics.median(all_of), "s")
                for name, all_of in switches.items()
            ),
            Figure(f"click of {PEOPLE} people, p50", quantile(people.waits, 0.5) * 1000, "ms"),
            at_most(
                f"click of {PEOPLE} people, p95", quantile(people.waits, 0.95) * 1000, "ms", 600
            ),
            Figure("first page of each of them, p95", quantile(people.first, 0.95) * 1000, "ms"),
            Figure("clicks in all", len(people.waits), ""),
            Figure("questions that pages asked by themselves", people.by_themselves, ""),
            Figure("memory of the dashboard before them", before, "MB"),
            Figure("memory of the dashboard with them", after, "MB"),
        ],
    )


@contextmanager
def _dashboard(home: Path) -> Iterator[tuple[Dashboard, int]]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        pipeline(("sample", "--days", str(DAYS), "--seed", str(SEED), "--out", str(home / "log")))
    events = int(said.getvalue().split()[0])
    lake = {
        "LAKE_CATALOG": f"sqlite:{home / 'log/catalog.sqlite'}",
        "LAKE_DATA": str(home / "log/files"),
    }
    bot = FakeBot(SECRET, ordinary())
    with running(bot), dashboard_at(home, bot.url, lake) as place:
        yield place, events


def _first_visits(chromium: Browser, place: Dashboard) -> tuple[float, list[float]]:
    """Seconds of the very first visit, and of later ones of a browser that knows the scripts."""
    with _person(chromium, place) as context:
        cold = _visit(context, place)
        return cold, [_visit(context, place) for _ in range(TIMES)]


def _visit(context: BrowserContext, place: Dashboard) -> float:
    page = context.new_page()
    page.goto(place.url, wait_until="commit")
    done = float(page.evaluate(DRAWN, _told("overview")))
    page.close()
    return done / 1000


def _switches(chromium: Browser, place: Dashboard) -> dict[str, list[float]]:
    """By the sidebar, round and round; the first round is not counted: it asks the log."""
    found: dict[str, list[float]] = {name: [] for name in CHARTS}
    with _person(chromium, place) as context:
        page = context.new_page()
        page.goto(place.url)
        page.evaluate(DRAWN, _told("overview"))
        for n in range(TIMES + 1):
            for name in ("response", "traffic", "assistant", "quality", "overview"):
                seconds = _switch(page, name)
                if n:
                    found[name].append(seconds)
    return found


def _switch(page: Page, name: str) -> float:
    link = page.get_by_test_id("stSidebarNav").get_by_role("link", name=TITLES[name], exact=True)
    started = float(
        link.evaluate("(link) => { const now = performance.now(); link.click(); return now }")
    )
    return (float(page.evaluate(DRAWN, _told(name))) - started) / 1000


def _told(name: str) -> dict[str, object]:
    return {"title": TITLES[name], "charts": CHARTS[name]}


@contextmanager
def _person(chromium: Browser, place: Dashboard) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    for name, value in {"lang": "en", session.COOKIE: cookie()}.items():
        context.add_cookies([{"name": name, "value": value, "url": place.url}])
    try:
        yield context
    finally:
        context.close()


def _process_of(place: Dashboard) -> psutil.Process:
    port = httpx.URL(place.url).port
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if any(each.laddr.port == port for each in child.net_connections("tcp")):
                return child
    raise LookupError(f"no process of ours listens on {port}")


if __name__ == "__main__":
    from bench.report import show

    started = time.monotonic()
    show(measure())
    print(f"{time.monotonic() - started:.0f} s")
