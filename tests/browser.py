"""Finds a Chromium for the tests that look through a browser."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HOW_TO = (
    "These tests look through a browser, and there is none. Install Debian's: "
    "`apt-get install chromium`, or Playwright's own: `.venv/bin/playwright install chromium`."
)


def chromium() -> str | None:
    """The system's Chromium, else None: then Playwright's own is tried."""
    named = os.environ.get("CHROMIUM")
    found = named or shutil.which("chromium") or shutil.which("chromium-browser")
    return found if found and Path(found).exists() else None


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless Chromium. Without one the tests fail and say what to install, everywhere alike."""
    with sync_playwright() as playwright:
        try:
            found = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        except Error as error:
            pytest.fail(f"{HOW_TO}\n{error}", pytrace=False)
        yield found
        found.close()
