"""A thousand chats that wait for a slow model at once, and a backlog of ten thousand messages."""

import tempfile
import time
from pathlib import Path

import httpx
import psutil
from sqlalchemy import create_engine, func, insert, select

from bench.report import Figure, Section, at_most
from bot.store import tables
from tests.whole.town import Town, eventually, town

CHATS, MODEL_SECONDS = 1000, 5.0
BACKLOG = 10_000


def measure() -> Section:
    """Real processes; takes about two minutes."""
    with (
        tempfile.TemporaryDirectory() as home,
        town(Path(home), ANSWER_WITHIN_MINUTES="600") as place,
    ):
        place.connect()
        listing = place.client().listings(status="active", limit=1).rows[0].id
        place.switch(listing)
        place.faults(model_latency=MODEL_SECONDS)
        one = _until_answered(place, listing, 1)
        crowd = _until_answered(place, listing, CHATS)
        memory = psutil.Process(place.bot.pid).memory_info().rss / 1e6 if place.bot else 0.0
        place.faults(clear=True)
        drained = _drain(place)
    return Section(
        "A crowd, and a backlog",
        f"Sandbox and bot as processes on loopback, SQLite; a model that takes {MODEL_SECONDS:g} s. First one chat, then "
        f"{CHATS} chats whose clients write as fast as the sandbox takes it: from the last message said to the last "
        f"message answered. Backlog: {BACKLOG:,} webhook calls lie in the inbox when the bot starts, for a listing that "
        "is off: until each has its verdict.",
        [
            Figure("one chat, from the message to the answer", one, "s"),
            Figure(f"{CHATS} chats, from the last message to the last answer", crowd, "s"),
            at_most("last of the crowd against one", crowd / one, "times", 1.5),
            at_most("memory of the bot after the crowd", memory, "MB", 300),
            Figure(f"backlog of {BACKLOG:,} messages", drained, "s"),
        ],
    )


def _until_answered(place: Town, listing: int, chats: int) -> float:
    before = _answered(place)
    with httpx.Client(base_url=place.avito, timeout=60, trust_env=False) as http:
        for number in range(chats):
            body = {
                "item_id": listing,
                "text": "Сколько стоит?",
                "client": f"Клиент {chats}-{number}",
            }
            http.post("/sandbox/say", json=body).raise_for_status()
    started = time.monotonic()
    eventually(lambda: _answered(place) >= before + chats, within=300)
    return time.monotonic() - started


def _answered(place: Town) -> int:
    return int(place.api("GET", "/api/avito/state").json()["replies"].get("sent", 0))


def _drain(place: Town) -> float:
    """Puts raw calls into the inbox while the bot is down, and waits for their verdicts after its start."""
    place.stop_bot()
    engine = create_engine(f"sqlite:///{place.home / 'data/bot.sqlite3'}")
    with engine.begin() as tx:
        raw = tx.execute(select(tables.inbox).limit(1)).one()
        message_id = raw.message_id
        rows = [
            {
                "account_id": raw.account_id,
                "message_id": f"{number:032x}",
                "body": raw.body.replace(message_id, f"{number:032x}"),
                "received_at": raw.received_at,
            }
            for number in range(BACKLOG)
        ]
        tx.execute(tables.listing.update().values(ai_enabled=False))
        tx.execute(insert(tables.inbox), rows)
        verdicts = select(func.count()).where(tables.message.c.verdict.is_not(None))
        before = tx.scalar(verdicts) or 0
    place.start_bot()
    started = time.monotonic()

    def all_judged() -> bool:
        with engine.connect() as tx:
            return (tx.scalar(verdicts) or 0) >= before + BACKLOG

    eventually(all_judged, within=300)
    return time.monotonic() - started
