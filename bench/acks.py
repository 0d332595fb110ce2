"""Durable acknowledgements of webhook calls, against the same server that does nothing."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

import httpx

from bench.hook_servers import ACCOUNT, path
from bench.report import Figure, Section, at_least, at_most, quantile
from bot.avito.wire import read_webhook
from tests.ports import free_port
from tests.whole.town import eventually

ROUNDS, SECONDS, CONNECTIONS = 3, 4, 64
STEADY_RATE, STEADY_SECONDS = 300, 15

_LUA = """
local n = 0
local seed = %d
request = function()
  n = n + 1
  local id = string.format("%%016x%%016x", seed, n)
  return wrk.format("POST", "%s", {["Content-Type"]="application/json"}, string.format([[%s]], id, id))
end
"""


def measure() -> Section:
    """Needs wrk (Debian: `apt-get install wrk`); about a minute."""
    if shutil.which("wrk") is None:
        raise SystemExit("This benchmark needs wrk: apt-get install wrk")
    rates: dict[str, list[float]] = {kind: [] for kind in ("empty", "routed", "single", "grouped")}
    for turn in range(ROUNDS):
        for kind, found in rates.items():
            found.append(_rate(kind, turn))
    waits, reading = _steady(), _reading()
    empty, routed, single, grouped = (median(found) for found in rates.values())
    return Section(
        "Durable acknowledgements of webhook calls",
        f"wrk with one thread and {CONNECTIONS} connections beside one server process on the same machine, distinct "
        f"bodies of about 600 bytes, SQLite in WAL mode with synchronous=FULL, median of {ROUNDS} interleaved runs of "
        f"{SECONDS} s; then {STEADY_RATE} calls a second for {STEADY_SECONDS} s from an open loop.",
        [
            Figure("empty handler, same server", empty, "/s"),
            Figure("empty handler behind the framework's routing", routed, "/s"),
            Figure("a transaction for each call", single, "/s"),
            Figure("group commit: what the service does", grouped, "/s"),
            at_least("group commit against the empty handler", grouped / empty, "times", 0.55),
            Figure(
                "group commit against the empty handler behind routing", grouped / routed, "times"
            ),
            Figure("group commit against a transaction each", grouped / single, "times"),
            at_most("reading one call, processor time", reading * 1e6, "µs", 30),
            Figure(
                f"time to the answer at {STEADY_RATE}/s, median", quantile(waits, 0.5) * 1000, "ms"
            ),
            at_most(
                f"time to the answer at {STEADY_RATE}/s, p99",
                quantile(waits, 0.99) * 1000,
                "ms",
                25,
            ),
        ],
    )


@contextmanager
def _server(kind: str) -> Iterator[str]:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.hook_servers", kind, str(port), folder]
        )
        try:
            eventually(lambda: _up(port), within=20)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def _up(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health/live", trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _rate(kind: str, turn: int) -> float:
    with _server(kind) as address, tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_LUA % (turn, path(), _body("%s").replace("%%", "%")))
        script.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", script.name, address]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said, said
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert found, said
    return float(found[1])


def _body(message_id: str) -> str:
    """A call as Avito makes it; one place for the envelope's id, one for the message's."""
    now = int(time.time())
    call = {
        "id": message_id,
        "version": "v3.0.0",
        "timestamp": now,
        "payload": {
            "type": "message",
            "value": {
                "id": message_id,
                "chat_id": "u2i-AbCdEfGhIjKlMnOpQrStUv",
                "user_id": ACCOUNT,
                "author_id": 159471000,
                "created": now,
                "type": "text",
                "chat_type": "u2i",
                "item_id": 24122231,
                "read": None,
                "content": {"text": "Здравствуйте! " + "Сколько стоит обработка? " * 10},
                "published_at": "2026-10-09T09:01:40Z",
            },
        },
    }
    return json.dumps(call, ensure_ascii=False)


def _reading(rounds: int = 2000) -> float:
    """Processor seconds for understanding one call, the best of seven runs."""
    body = _body("0" * 32).encode()

    def once() -> float:
        began = time.process_time()
        for _ in range(rounds):
            read_webhook(body)
        return (time.process_time() - began) / rounds

    return min(once() for _ in range(7))


def _steady() -> list[float]:
    with _server("grouped") as address:
        return asyncio.run(_open_loop(address))


async def _open_loop(address: str) -> list[float]:
    """Calls leave by the clock, whether the ones before were answered or not."""
    waits: list[float] = []
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
    async with httpx.AsyncClient(base_url=address, limits=limits, trust_env=False) as http:

        async def call(number: int) -> None:
            body = _body(f"{number:032x}").encode()
            started = time.perf_counter()
            answer = await http.post(path(), content=body)
            waits.append(time.perf_counter() - started)
            assert answer.status_code == 200, answer.text

        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for number in range(STEADY_RATE * STEADY_SECONDS):
                await asyncio.sleep(max(began + number / STEADY_RATE - time.perf_counter(), 0))
                group.create_task(call(number))
    return waits
