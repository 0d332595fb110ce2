"""From a start to an answered client, from a message to its reply, and what it costs to wait."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import psutil

from bench.report import ROOT, Figure, Section, at_most, quantile
from tests.ports import free_port
from tests.whole.town import QUIET, Town, eventually, town

MESSAGES = 60
SETTLE_SECONDS, IDLE_SECONDS = 60.0, 30.0
"""After the last client began: replies, the log and its checks are done meanwhile."""


def measure() -> Section:
    """Starts real processes; takes about two minutes."""
    waits = _waits()
    return Section(
        "From a client's message to its reply",
        f"Sandbox and bot as processes on loopback, {MESSAGES} messages one after the other; what is left of the time "
        "from the webhook to the message at Avito after the quiet time and the model's own time. The demo: from its "
        "start to the first reply that a client sees. Idle: CPU time of bot and dashboard over "
        f"{IDLE_SECONDS:g} s, a minute after the last client began to write, with no page open.",
        [
            at_most(
                "reply beyond quiet and model time, median", quantile(waits, 0.5) * 1000, "ms", 300
            ),
            Figure("reply beyond quiet and model time, p99", quantile(waits, 0.99) * 1000, "ms"),
            *_demo(),
        ],
    )


def _waits() -> list[float]:
    with tempfile.TemporaryDirectory() as home, town(Path(home)) as place:
        place.connect()
        listing = place.client().listings(status="active", limit=1).rows[0].id
        place.switch(listing)
        return [_one(place, listing, number) for number in range(MESSAGES)]


def _one(place: Town, listing: int, number: int) -> float:
    """Seconds that are ours, as somebody sees it who looks at the chat at Avito again and again."""
    asked = time.monotonic()
    chat = place.say(listing, "Сколько стоит?", client=f"Клиент {number}")["chat_id"]
    time.sleep(QUIET)
    while not place.replies_at_avito(chat):
        time.sleep(0.005)
    answered = time.monotonic()
    place.settled(chat, 1)
    reply = place.chat(chat)["replies"][0]
    return answered - asked - QUIET - float(reply["latency_ms"]) / 1000


def _demo() -> list[Figure]:
    """A demo in a folder of its own, on free ports."""
    ports = {f"{name}_PORT": str(free_port()) for name in ("BOT", "DASHBOARD", "SANDBOX")}
    with tempfile.TemporaryDirectory() as home:
        started = time.monotonic()
        demo = subprocess.Popen(
            [sys.executable, "-m", "bot", "demo"],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            env={**os.environ, **ports, "DEMO_HOME": home},
        )
        sandbox = f"http://127.0.0.1:{ports['SANDBOX_PORT']}"
        try:
            eventually(lambda: _somebody_was_answered(sandbox), within=60)
            first = time.monotonic() - started
            httpx.post(
                f"{sandbox}/sandbox/buyers", json={"on": False}, timeout=10
            ).raise_for_status()
            eventually(lambda: _dashboard_is_up(ports["DASHBOARD_PORT"]), within=60)
            time.sleep(SETTLE_SECONDS)
            idle = _cpu_share(demo.pid)
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(60)
    return [
        at_most("start of the demo to the first answered client", first, "s", 20),
        at_most("idle CPU of bot and dashboard together, of one core", 100 * idle, "%", 5),
    ]


def _somebody_was_answered(sandbox: str) -> bool:
    try:
        chats = httpx.get(f"{sandbox}/sandbox/state", timeout=5, trust_env=False).json()["chats"]
    except httpx.HTTPError:
        return False
    return any(message.get("sent_via") == "api" for chat in chats for message in chat["messages"])


def _dashboard_is_up(port: str) -> bool:
    try:
        return (
            httpx.get(
                f"http://127.0.0.1:{port}/_stcore/health", timeout=5, trust_env=False
            ).status_code
            == 200
        )
    except httpx.HTTPError:
        return False


def _is_ours(process: psutil.Process) -> bool:
    """Bot or dashboard; not the sandbox, and not what makes the sample, which may be over and unburied."""
    if process.status() == psutil.STATUS_ZOMBIE:
        return False
    return not {"sandbox", "sample"} & set(process.cmdline())


def _cpu_share(demo: int) -> float:
    watched = [p for p in psutil.Process(demo).children() if _is_ours(p)]
    assert len(watched) == 2, watched
    before = sum(sum(p.cpu_times()[:2]) for p in watched)
    time.sleep(IDLE_SECONDS)
    return (sum(sum(p.cpu_times()[:2]) for p in watched) - before) / IDLE_SECONDS
