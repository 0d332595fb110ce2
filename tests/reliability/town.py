"""A seller's day: clients who write, a person who answers now and then, and a service that keeps dying."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any
from unittest.mock import patch
from uuid import UUID

import structlog
from sqlalchemy import func, insert, select

from bot.jobs import answering, describing, drafting
from bot.jobs.intake import Rules
from bot.settings import Settings
from bot.store import chats, inbox, replies
from bot.store.engine import StoreUnavailable
from bot.store.tables import account, chat, draft, listing, message, reply
from bot.store.tables import inbox as inbox_table
from bot.store.tables import lead as lead_table
from tests.reliability.fake_avito import ACCOUNT, BEGIN, FakeAvito, Line, Sending
from tests.reliability.fake_others import FakeCrm, FakeModel
from tests.reliability.memory_store import database
from tests.reliability.power import Cut
from tests.reliability.process import Process, now, remember_tasks
from tests.reliability.virtual_time import VirtualLoop
from tests.reliability.weather import CALM, Weather

KEY = "k" * 32
LONG_ENOUGH = 3 * 3600.0
"""Virtual seconds after which everything must have come to its end: the last audit is after 50 minutes."""


@dataclass(frozen=True)
class Plan:
    """One run."""

    seed: int
    weather: Weather
    chats: int = 2
    bursts: int = 2
    person: float = 0.25  # share of pauses in which a person writes
    dies: float = 0.0  # chance to die at each point
    stops: float = 0.0  # share of deaths that are orderly stops
    pause_hours: float = 12.0
    answer_within_minutes: float = 120.0
    replies_per_hour: int = 10
    follow_ups: tuple[float, ...] = (0.4, 0.9)  # hours of silence
    drafts: bool = False  # the assistant only writes drafts, and a manager decides
    workers: int = 1  # processes on one database
    pauses: float = 0.0  # chance to stand still for a while, at each write
    hears_every: float = 0.0  # seconds between looks into the inbox; 0: at once, as it is
    always_the_same: bool = False  # the model writes one text only
    long_downtime: float = 0.0  # share of downtimes that last for hours


@dataclass
class Town:
    """Everything that outlives a process."""

    plan: Plan
    cut: Cut
    engine: Any = field(default_factory=database)
    trace: list[str] = field(default_factory=list)
    deaths: list[str] = field(default_factory=list)
    falls: list[str] = field(default_factory=list)
    processes: dict[int, Process] = field(default_factory=dict)
    asleep: float = 0.0
    decided: set[str] = field(default_factory=set)  # drafts on which a manager's word was taken

    def __post_init__(self) -> None:
        self.awake = asyncio.Event()
        seed, weather = self.plan.seed, self.plan.weather
        self.chance = random.Random(f"{seed} town")
        self.switched_off = {f"u2i-{n}" for n in range(self.plan.chats) if n % 7 == 6}
        self.avito = FakeAvito(
            random.Random(f"{seed} avito"),
            lambda: asyncio.get_running_loop().time(),
            self._hook,
            self._ledger,
            self.tell,
            {f"u2i-{n}": 100 + n for n in range(self.plan.chats)},
            weather,
        )
        self.model = FakeModel(random.Random(f"{seed} model"), weather, self.plan.always_the_same)
        self.crm = FakeCrm(random.Random(f"{seed} crm"), weather)
        values: dict[str, Any] = {
            "avito_client_id": "id",
            "avito_client_secret": "secret",
            "openai_api_key": "key",
            "jwt_secret": KEY,
            "webhook_signature_secret": KEY,
            "token_encryption_keys": "A" * 43,
            "human_pause_hours": self.plan.pause_hours,
            "answer_within_minutes": self.plan.answer_within_minutes,
            "replies_per_chat_hour": self.plan.replies_per_hour,
        }
        self.settings = Settings(_env_file=None, **values)  # type: ignore[call-arg]

    def tell(self, what: str) -> None:
        """Puts what happened down, so that two runs can be compared."""
        self.trace.append(f"{asyncio.get_running_loop().time():.6f} {what}")

    # --- what the fake Avito asks of the bot --------------------------------------------------------------------------

    def _hook(self, line: Line, body: str) -> None:
        """A webhook call: kept before it is said yes to, lost while no process listens."""
        if process := self._listening():
            process.start(self._receive(process, line, body))

    def _listening(self) -> Process | None:
        """One of the processes that live, if any does."""
        living = [process for process in self.processes.values() if process.power.on]
        return self.chance.choice(living) if living else None

    async def _receive(self, process: Process, line: Line, body: str) -> None:
        def kept(tx: Any) -> None:
            inbox.receive(tx, [inbox.Call(ACCOUNT, line.id, body, now())])
            line.known_at = min(line.known_at, asyncio.get_running_loop().time())

        try:
            await process.store.write(kept)
        except StoreUnavailable:
            return
        process.bot.bells.inbox.ring()

    def _ledger(self, chat_id: str) -> Sending:
        """Which reply a request is for: the one whose attempt is committed. More than one would be a fault."""
        with self.engine.connect() as tx:
            tried = tx.execute(
                select(reply).where(
                    reply.c.chat_id == chat_id, reply.c.state.in_(("sending", "unknown"))
                )
            ).all()
            assert [row.state for row in tried] == ["sending"], f"under way in {chat_id}: {tried}"
            covered = tx.scalars(select(message.c.id).where(message.c.reply_id == tried[0].id))
            return Sending(
                tried[0].id, tuple(sorted(covered)), tried[0].started_at.timestamp() - BEGIN
            )

    # --- people -------------------------------------------------------------------------------------------------------

    async def _client(self, chat_id: str) -> None:
        chance = self.chance
        for burst in range(self.plan.bursts):
            await asyncio.sleep(chance.uniform(1, 90))
            for part in range(chance.choice((1, 1, 2, 3))):
                kind = chance.choice(("text",) * 9 + ("image", "call"))
                phone = " +7 912 345-67-89" if chance.random() < 0.2 else ""
                self.avito.say(chat_id, "client", f"Вопрос {burst}.{part}.{phone}", kind)
                await asyncio.sleep(chance.choice((0.2, 2.0, 5.0, 12.0)))
            if chance.random() < self.plan.person:
                await asyncio.sleep(chance.choice((chance.uniform(0, 12), chance.uniform(0, 40))))
                await self._person(chat_id)

    async def _person(self, chat_id: str) -> None:
        """A person answers in the app or in the dashboard; sometimes they give the chat back later."""
        if self.chance.random() < 0.6:
            self.avito.say(chat_id, "person", f"Я сам, {self.avito.count}")
        else:
            text = f"Из кабинета, {self.avito.count}"
            await self._in_dashboard(
                lambda tx: replies.intend_by_person(
                    tx, chat_id, text, "anna", now(), pause_hours=self.plan.pause_hours
                )
            )
        if self.chance.random() < 0.5:
            await asyncio.sleep(self.chance.uniform(5, 120))
            if await self._in_dashboard(lambda tx: chats.give_back(tx, chat_id, "anna", now())):
                self.tell(f"{chat_id} given back")

    async def _in_dashboard(self, work: Any) -> bool:
        """A click; False if the service was down."""
        if (process := self._listening()) is None:
            return False
        task = process.start(process.store.write(work))
        done = (await asyncio.gather(task, return_exceptions=True))[0]
        process.bot.bells.chats.ring()
        return not isinstance(done, BaseException)

    async def _manager(self) -> None:
        """Looks at the drafts now and then: sends one as it is or in other words, throws it away, or lets it lie."""
        rules, done = Rules.of(self.settings), set[str]()
        while True:
            await asyncio.sleep(self.chance.uniform(2, 60))
            with self.engine.connect() as tx:
                rows = tx.execute(select(draft).where(draft.c.state == "waiting")).all()
            for row in (one for one in rows if one.id not in done):
                match self.chance.choice(("send", "send", "mend", "throw away", "let lie")):
                    case "let lie":
                        done.add(row.id)
                        continue
                    case "throw away":
                        work = partial(drafting.throw_away, draft_id=row.id)
                    case how:
                        text = None if how == "send" else f"Своими словами, {row.id}"
                        work = partial(drafting.send, draft_id=row.id, text=text)
                if await self._in_dashboard(partial(work, actor="anna", rules=rules, now=now())):
                    self.decided.add(row.id)

    # --- the day ------------------------------------------------------------------------------------------------------

    async def day(self) -> None:
        """Lives through the plan, then through calm weather until everything has come to its end."""
        asyncio.get_running_loop().set_task_factory(remember_tasks)
        self._furnish()
        keepers = [asyncio.create_task(self._keep_alive(n)) for n in range(self.plan.workers)]
        if self.plan.drafts:
            keepers.append(asyncio.create_task(self._manager()))
        await asyncio.sleep(1)
        await asyncio.gather(*(self._client(chat_id) for chat_id in self.avito.listings))
        await asyncio.sleep(self.chance.uniform(0, 60))
        if self.plan.dies:
            self.cut = lambda _: False
        self.avito.weather = self.model.weather = self.crm.weather = CALM
        self.tell("calm")
        await self._come_to_rest()
        self.asleep = LONG_ENOUGH
        self._switch_off()
        await asyncio.sleep(5)
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)

    async def _come_to_rest(self) -> None:
        """Waits until nothing is to be done any more; where only a late look is, the process sleeps until then."""
        await self.awake.wait()
        ends_at = asyncio.get_running_loop().time() + LONG_ENOUGH
        while (waits := self.waits()) and asyncio.get_running_loop().time() < ends_at:
            await self.awake.wait()
            self.asleep = 0.0
            if waits > 120:
                self.asleep = waits - 10
                self._switch_off()
            await asyncio.sleep(20)
        await asyncio.sleep(90)

    def _switch_off(self) -> None:
        for process in self.processes.values():
            process.power.off()

    async def _keep_alive(self, n: int) -> None:
        """Starts the service, and starts it again whenever it has ended."""
        while True:
            stop = asyncio.Event()
            cut = self._stopping(stop)
            process = self.processes[n] = Process(
                self.settings,
                self.engine,
                self.avito,
                self.model,
                self.crm,
                self.chance,
                cut,
                pauses=self._pause,
                alone=self.plan.workers == 1,
                hears_every=self.plan.hears_every,
                name=f"process {n}",
            )
            self.awake.set()
            await process.live(stop)
            self.deaths.append(process.power.where or "stopped")
            self.tell(f"died: {n}, {self.deaths[-1]}")
            if not any(other.power.on for other in self.processes.values()):
                self.awake.clear()
            await asyncio.sleep(self._downtime())

    def _pause(self) -> float:
        if not self.plan.pauses or self.avito.weather is CALM:
            return 0.0
        if self.chance.random() >= self.plan.pauses:
            return 0.0
        return self.chance.uniform(5, 200)

    def _downtime(self) -> float:
        if self.asleep:
            return self.asleep
        if self.chance.random() < self.plan.long_downtime:
            return self.chance.uniform(1, 4) * 3600
        return self.chance.choice((0.1, 2.0, 20.0, 100.0))

    def _stopping(self, stop: asyncio.Event) -> Cut:
        """Some deaths are orderly stops."""

        def cut(point: str) -> bool:
            if not self.cut(point):
                return False
            if self.chance.random() < self.plan.stops:
                stop.set()
                return False
            return True

        return cut

    def _furnish(self) -> None:
        at = now() - timedelta(seconds=1)
        with self.engine.begin() as tx:
            row = {"id": ACCOUNT, "name": "А", "zone": "Europe/Moscow", "state": "connected"}
            plan = {"after_hours": list(self.plan.follow_ups)}
            tx.execute(
                insert(account).values(**row, connected_by="anna", connected_at=at, follow_ups=plan)
            )
            for chat_id, listing_id in self.avito.listings.items():
                row = {"id": listing_id, "account_id": ACCOUNT, "title": "Обработка"}
                tx.execute(
                    insert(listing).values(
                        **row,
                        status="active",
                        ai_enabled=chat_id not in self.switched_off,
                        mode="draft" if self.plan.drafts else "automatic",
                        updated_at=at,
                    )
                )

    def waits(self) -> float:
        """Seconds until something is to be done, 0 when nothing ever is."""
        with self.engine.connect() as tx:
            due = [
                tx.scalar(select(func.min(column)).where(column.is_not(None)))
                for column in (chat.c.due_at, reply.c.next_at, lead_table.c.next_at)
            ]
            known = set(tx.scalars(select(message.c.id)))
            raw = tx.scalar(select(inbox_table.c.no).where(inbox_table.c.done_at.is_(None)))
        said = (line.id for lines in self.avito.lines.values() for line in lines)
        if raw or any(message_id not in known for message_id in said):
            return 1.0
        moments = [at for at in due if at]
        return max((min(moments) - now()).total_seconds(), 1.0) if moments else 0.0


def run(plan: Plan, *, town: Town | None = None, send_plan: Sequence[str] = ()) -> Town:
    """Lives through one plan; the same plan gives the same trace."""
    death = random.Random(f"{plan.seed} death")
    town = town or Town(plan, lambda _: death.random() < plan.dies)
    town.avito.send_plan = list(send_plan)
    loop, numbers = VirtualLoop(), count()

    def note_falls(_logger: Any, _method: str, told: Any) -> Any:
        if told["event"] in ("turn fell", "worker fell"):
            town.falls.append(f"{told}")
        raise structlog.DropEvent

    clock = type("Clock", (), {"monotonic": staticmethod(loop.time)})
    before = structlog.get_config()
    structlog.configure(processors=[structlog.processors.format_exc_info, note_falls])
    random.seed(plan.seed)
    try:
        with (
            patch.object(answering, "time", clock),
            patch.object(describing, "EVERY", 60.0),
            patch.object(replies, "uuid4", lambda: UUID(int=next(numbers))),
        ):
            loop.run_until_complete(town.day())
    finally:
        structlog.configure(**before)
        loop.close()
    town.falls += loop.faults
    return town
