"""Health, metrics and the state inside."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from bot.api import health
from bot.jobs.auditing import JOB
from bot.jobs.sink import Sink
from bot.store import journal
from pipeline.events import BotStarted, Event, VerdictGiven
from pipeline.writer import LakeWriter
from tests.bot.town import ACCOUNT, Town, call


async def test_the_process_lives(village: Town) -> None:
    """
    Anybody may ask whether the process answers.
    """
    answer = await village.api.get("/health/live")

    assert (200, "ok") == (answer.status_code, answer.json()["status"])


async def test_a_service_that_is_well(town: Town) -> None:
    """
    Ready names each thing that it depends on.
    """
    answer = await town.api.get("/health/ready")

    assert (200, "ok") == (answer.status_code, answer.json()["status"])
    assert {"database", "workers", "lake", "avito", "model", "crm", "data"} == set(
        answer.json()["checks"]
    )
    assert all(set(check) == {"ok", "detail"} for check in answer.json()["checks"].values())


async def test_a_database_that_cannot_be_written(
    village: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A locked database makes the service not ready, with the reason; unlocked, it is ready by itself.
    """
    monkeypatch.setattr(health, "PATIENCE", 0.3)
    path = village.bot.store.url.database
    assert path
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    down = await village.api.get("/health/ready")
    live = await village.api.get("/health/live")
    holder.execute("ROLLBACK")
    holder.close()

    assert (503, "down", False) == (
        down.status_code,
        down.json()["status"],
        down.json()["checks"]["database"]["ok"],
    )
    assert down.json()["checks"]["database"]["detail"]
    assert 200 == live.status_code
    monkeypatch.undo()
    assert 200 == (await village.api.get("/health/ready")).status_code


async def after_maintenance(town: Town, *events: Event) -> dict[str, Any]:
    """What the health route says of the data, after these were written and the log was maintained."""
    sink = Sink(town.bot)
    town.time.advance(minutes=11)
    for event in events:
        await town.bot.store.write(
            lambda tx, event=event: journal.record(tx, event, at=town.bot.now())
        )
    running = asyncio.create_task(sink.run())
    async with asyncio.timeout(20):
        while JOB not in town.bot.pulse.parts:
            await asyncio.sleep(0.02)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    await sink.close()
    answer = await town.api.get("/health/ready")
    return {"code": answer.status_code, **answer.json()["checks"]["data"]}


async def test_the_log_is_checked_when_it_is_maintained(village: Town) -> None:
    """
    The result is told with the service's health, and kept as that of a job. A fault of the log is no
    reason to stop answering: the service stays ready.
    """
    sound = await after_maintenance(village, BotStarted(version="1"))
    assert {"code": 200, "ok": True, "detail": "nothing wrong"} == sound

    village.bot.pulse.parts.pop(JOB)
    verdict = VerdictGiven(chat_id="c", message_id="nobody's", verdict="off", reason="listing_off")
    broken = await after_maintenance(village, verdict)
    said = "stop: Verdicts of messages that are not there (1)"
    assert {"code": 200, "ok": False, "detail": said} == broken
    [job] = [
        each for each in (await village.get("/api/avito/state"))["jobs"] if each["name"] == JOB
    ]
    assert (False, said) == (job["ok"], job["detail"])


async def test_what_happens_during_a_maintenance_need_not_wait_for_its_end(
    village: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    It is in the log before the next piece of the maintenance begins.
    """
    loop, places = asyncio.get_running_loop(), []
    event = BotStarted(version="1")

    def pieces(writer: LakeWriter) -> list[Callable[[], dict[str, int]]]:
        def piece() -> dict[str, int]:
            places.append(writer.position())
            written = village.bot.store.write(
                lambda tx: journal.record(tx, event, at=village.bot.now())
            )
            asyncio.run_coroutine_threadsafe(written, loop).result(10)
            return {}

        return [piece, piece]

    monkeypatch.setattr(LakeWriter, "maintenance", pieces)
    await after_maintenance(village, event)

    assert 1 == places[1] - places[0]


async def test_trouble_outside_is_degraded_and_inside_is_down(village: Town) -> None:
    """
    A broken log does not make the service unready: messages are answered without it. A fallen worker does.
    """
    pulse, now = village.bot.pulse, village.time.now()
    pulse.beat("sink", now, ok=False, detail="the catalog is broken")
    degraded = await village.api.get("/health/ready")
    assert (200, "degraded") == (degraded.status_code, degraded.json()["status"])
    assert "the catalog is broken" == degraded.json()["checks"]["lake"]["detail"]

    pulse.beat("sink", now)
    pulse.beat("answering", now, ok=False, detail="KeyError")
    down = await village.api.get("/health/ready")
    assert (503, "answering: KeyError") == (
        down.status_code,
        down.json()["checks"]["workers"]["detail"],
    )

    pulse.beat("answering", now - timedelta(minutes=10))
    assert 503 == (await village.api.get("/health/ready")).status_code


async def test_the_state_inside(town: Town) -> None:
    """
    The state counts what waits, what was acknowledged, and how far the log is behind.
    """
    await town.connect()
    await town.api.post(town.hook_path(), json=call("m1"))
    town.time.advance(seconds=30)

    state = await town.get("/api/avito/state")

    assert (1, 0) == (state["queues"]["inbox"], state["queues"]["waiting_chats"])
    assert state["queues"]["unpublished_events"] > 3
    assert state["ages"]["oldest_unpublished_event_s"] >= 30
    assert state["lake"]["lag_s"] >= 30
    assert state["ages"]["oldest_waiting_s"] is None
    assert (1, 0) == (state["webhook"]["acks"], state["webhook"]["over_2s"])
    assert 1.0 == state["webhook"]["budget_left"]
    for _ in range(1999):
        town.bot.pulse.acknowledged(5.0)
    town.bot.pulse.acknowledged(2500.0)
    late = (await town.get("/api/avito/state"))["webhook"]
    assert (2001, 1, 0.5) == (late["acks"], late["over_2s"], round(late["budget_left"], 3))
    assert 0 < state["webhook"]["p50_ms"] <= state["webhook"]["p99_ms"]
    assert {"intended", "sending", "sent", "unknown", "dropped"} == set(state["replies"])
    assert {"webhook", "sweep", "reading"} == set(state["found_24h"])


async def test_the_numbers_for_prometheus(town: Town) -> None:
    """
    The metrics are Prometheus text, with the queues and the acknowledgements in it.
    """
    from prometheus_client.parser import text_string_to_metric_families

    await town.connect()
    await town.api.post(town.hook_path(), json=call("m1"))

    answer = await town.ask("GET", "/metrics", role="viewer")

    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert 1 == found["avito_webhook_acks_total",]
    assert 1 == found["avito_queue_size", "inbox"]
    assert 1 == found["avito_accounts", "connected"]
    assert 1 == found["avito_webhook_error_budget_left",]
    assert 0 < found["avito_token_seconds_left", str(ACCOUNT)] <= 24 * 3600
    assert ("avito_lake_lag_seconds",) in found
    assert answer.headers["content-type"].startswith("text/plain")
