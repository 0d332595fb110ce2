"""Logs of a few events, and what the pages of numbers say of them: without a browser, by the front door."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages._ui import kept, source
from pages._ui.address import WITH_VIEW
from pipeline import events
from pipeline.events import Event, EventRow, body_json
from pipeline.lake import Lake
from pipeline.making import make_log
from tests.pages.conftest import ROOT, SECRET
from tests.pages.fake_bot import FakeBot

NOW = datetime.now(UTC).replace(microsecond=0)
NO_NUMBER = re.compile(r"\b(nan|NaN|NaT|None|undefined|Infinity)\b|[>\s-]inf\b")
FORMULA = '=HYPERLINK("http://evil","<script>x</script>")'
HERE: dict[str, Any] = {"account_id": 1, "listing_id": 7, "chat_id": "c"}


@contextmanager
def machine(bot: FakeBot, monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[None]:
    """A machine whose log lies in `folder` alone."""
    lake = Lake.in_folder(folder / "log")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("AVITO_API_URL", bot.url)
    monkeypatch.setenv("JWT_SECRET", SECRET)
    monkeypatch.setenv("LAKE_CATALOG", lake.catalog)
    monkeypatch.setenv("LAKE_DATA", lake.data)
    source.settings.cache_clear()
    st.cache_resource.clear()
    kept.forget_everything()
    yield
    st.cache_resource.clear()
    kept.forget_everything()
    source.settings.cache_clear()


def client(
    ago: timedelta, text: str | None = "Сколько стоит?", **more: Any
) -> tuple[Event, timedelta]:
    """A client writes, so long ago."""
    said = HERE | {
        "message_id": uuid4().hex,
        "author": "client",
        "type": "text",
        "found_by": "webhook",
    }
    return events.MessageReceived(**(said | {"text": text, "received_at": NOW - ago} | more)), ago


def answer(ago: timedelta, **more: Any) -> tuple[Event, timedelta]:
    """The assistant answers, so long ago."""
    return events.MessageSent(
        **HERE | more,
        message_id=uuid4().hex,
        author="assistant",
        type="text",
        text="3 900 ₽",
        found_by="sending",
        received_at=NOW - ago,
    ), ago


def happened(*told: tuple[Event, timedelta]) -> None:
    """Makes the log of these events."""
    in_order = sorted(told, key=lambda pair: pair[1], reverse=True)
    rows = [row(n, NOW - ago, event) for n, (event, ago) in enumerate(in_order, 1)]
    make_log(Path("log"), rows, "loaded.json", dict)


def row(seq: int, at: datetime, event: Event) -> EventRow:
    """The event as the log keeps it."""
    return EventRow(
        seq=seq,
        at=at,
        kind=event.kind,
        account_id=event.account_id,
        listing_id=event.listing_id,
        chat_id=event.chat_id,
        message_id=event.message_id,
        body=body_json(event),
    )


def connected(zone: str, ago: timedelta = timedelta(days=20)) -> tuple[Event, timedelta]:
    return events.AccountConnected(account_id=1, name=FORMULA, zone=zone), ago


def opened_at(query: dict[str, str]) -> AppTest:
    """The first page as an owner sees it at this address."""
    front = AppTest.from_file(ROOT / "pages/_ui/main.py", default_timeout=60)
    front.user = {
        "email": "somebody@example.com",
        "role": "owner",
        "until": str(int(time.time() + 3600)),
        "session": uuid4().hex,
    }
    for name, value in query.items():
        front.query_params[name] = value
    return front.run()


def texts(
    query: dict[str, str] | None = None, pages: tuple[str, ...] = WITH_VIEW
) -> dict[str, str]:
    """Everything that the pages of numbers say, by page; none of them fails."""
    front = opened_at(query or {})
    said = {}
    for page in pages:
        opened = front.switch_page(f"../{page}.py").run()
        assert not opened.exception, page
        assert not opened.error, page
        pieces = [element.proto.body for element in opened.get("html")]
        pieces += [unescape(told) for told in re.findall(r'data-figure="([^"]*)"', "".join(pieces))]
        pieces += [str(element.value) for element in (*opened.markdown, *opened.caption)]
        said[page] = "\n".join(piece for piece in pieces if "<style>" not in piece)
    return said


def nothing_strange(said: dict[str, str]) -> None:
    for page, text in said.items():
        without_addresses = re.sub(r'(href|style|data-\w+)="[^"]*"', "", text)
        found = NO_NUMBER.search(without_addresses)
        assert not found, f"{page}: …{without_addresses[found.start() - 80 : found.end() + 40]}…"
