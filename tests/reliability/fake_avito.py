"""Avito in memory, with all that it does to us: faults, lag, echoes, webhooks lost, late and repeated."""

import asyncio
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from math import inf

from bot.errors import AvitoBusy, AvitoUnreachable, BadRequest, OutcomeUnknown
from bot.model import DayStats, ListingRow, Profile, WireChat, WireMessage
from tests.reliability.power import Power
from tests.reliability.weather import HISTORY_LAG, LATEST, SEND_FAULTS, Weather

ACCOUNT = 94235311
BEGIN = datetime(2026, 10, 9, 9, 0, tzinfo=UTC).timestamp()
DELETED = "Сообщение удалено"
TIME_OUT = 10.0


@dataclass
class Line:
    """A message in a chat. `by` is client, person, or the id of the reply that it is."""

    id: str
    chat_id: str
    by: str
    kind: str
    text: str
    at: float
    visible_at: float
    known_at: float = inf  # when the bot could first know of it
    covers: tuple[str, ...] = ()  # what the reply answers
    attempted_at: float = inf  # when its attempt was committed
    deleted: bool = False


@dataclass
class Sending:
    """What the ledger says when a request reaches Avito."""

    reply_id: str
    covers: tuple[str, ...]
    attempted_at: float


@dataclass
class FakeAvito:
    """One account's chats. `hook` hands a webhook call to whoever listens; False if nobody does."""

    chance: random.Random
    clock: Callable[[], float]
    hook: Callable[[Line, str], None]
    ledger: Callable[[str], Sending]
    tell: Callable[[str], None]
    listings: dict[str, int]
    weather: Weather
    send_plan: list[str] = field(default_factory=list)
    lines: dict[str, list[Line]] = field(default_factory=dict)
    count: int = 0

    def say(self, chat_id: str, by: str, text: str, kind: str = "text") -> Line:
        """Somebody wrote: the line is there at once, in the history a little later."""
        line = self._add(chat_id, by, text, kind)
        self._announce(line)
        return line

    def apply(self, chat_id: str, text: str, sending: Sending) -> Line:
        """A request of the bot's is carried out."""
        line = self._add(chat_id, sending.reply_id, text, "text")
        line.covers, line.attempted_at = sending.covers, sending.attempted_at
        if self.chance.random() >= self.weather.echo_lost:
            asyncio.get_running_loop().call_later(
                self.chance.choice((0.0, 0.05, 1.0, 8.0)), self.hook, line, self.body(line)
            )
        return line

    def _add(self, chat_id: str, by: str, text: str, kind: str) -> Line:
        self.count += 1
        lags = self.chance.random() < self.weather.history_lags
        lag = self.chance.uniform(0, HISTORY_LAG) if lags else 0.0
        now = self.clock()
        line = Line(f"{self.count:032x}", chat_id, by, kind, text, now, now + lag)
        self.lines.setdefault(chat_id, []).append(line)
        self.tell(f"{chat_id} {'own' if self._own(line) else by}: {text}")
        return line

    def _announce(self, line: Line) -> None:
        weather, chance = self.weather, self.chance
        if chance.random() < weather.webhook_lost:
            return
        calls = 2 if chance.random() < weather.webhook_repeated else 1
        for _ in range(calls):
            late = chance.uniform(0, 15) if chance.random() < weather.webhook_late else 0.05
            asyncio.get_running_loop().call_later(late, self.hook, line, self.body(line))

    def _own(self, line: Line) -> bool:
        return line.by != "client"

    def body(self, line: Line) -> str:
        """The webhook call about a line, as Avito writes it."""
        value = {
            "id": line.id,
            "chat_id": line.chat_id,
            "user_id": ACCOUNT,
            "author_id": ACCOUNT if self._own(line) else 1000,
            "created": int(BEGIN + line.at),
            "type": line.kind,
            "chat_type": "u2i",
            "content": {"text": line.text} if line.kind == "text" else {},
            "item_id": self.listings[line.chat_id],
        }
        return json.dumps(
            {
                "id": line.id,
                "version": "v3.0.0",
                "timestamp": 1,
                "payload": {"type": "message", "value": value},
            }
        )

    def shown(self, chat_id: str) -> list[Line]:
        """What the history shows now, newest first."""
        return [line for line in self.lines.get(chat_id, []) if line.visible_at <= self.clock()][
            ::-1
        ]

    def send_fault(self) -> str:
        """What comes of the next request to send."""
        if self.send_plan:
            return self.send_plan.pop(0)
        lot = self.chance.random()
        if lot < self.weather.send_refused_for_ever:
            return "permanent"
        return self.chance.choice(SEND_FAULTS) if lot < self.weather.send_fails else "ok"


class Door:
    """The port `Avito` of one process; what has left through it happens even if the process ends."""

    def __init__(self, avito: FakeAvito, power: Power) -> None:
        self._avito = avito
        self._power = power
        self._chance = avito.chance

    # --- reading ------------------------------------------------------------------------------------------------------

    async def messages(
        self, chat_id: str, *, limit: int = 100, offset: int = 0, swept: bool = False
    ) -> Sequence[WireMessage]:
        await self._ask("history")
        lines = self._avito.shown(chat_id)[offset : offset + limit]
        told = [self._wire(line) for line in lines]
        await self._answer("history")
        for line in lines:
            line.known_at = min(line.known_at, self._avito.clock())
        return told

    async def chat(self, chat_id: str) -> WireChat:
        await self._ask("chat")
        told = self._chat(chat_id)
        await self._answer("chat")
        if told is None:
            raise AvitoBusy("not yet", status=500)
        return told

    async def chats(self, *, limit: int = 100, offset: int = 0) -> Sequence[WireChat]:
        await self._ask("chats")
        told = [one for chat_id in self._avito.lines if (one := self._chat(chat_id))]
        await self._answer("chats")
        newest_first = sorted(told, key=lambda one: one.updated_at, reverse=True)
        return newest_first[offset : offset + limit]

    async def _ask(self, what: str) -> None:
        self._power.point(f"before asking for {what}")
        await asyncio.sleep(self._chance.uniform(0.01, 0.3))
        if self._chance.random() < self._avito.weather.read_fails:
            self._power.point(f"after failing to get {what}")
            if self._chance.random() < 0.5:
                raise AvitoUnreachable("no route")
            raise AvitoBusy("bad gateway", status=502)

    async def _answer(self, what: str) -> None:
        await asyncio.sleep(self._chance.uniform(0.01, 0.3))
        self._power.point(f"after getting {what}")

    def _wire(self, line: Line) -> WireMessage:
        own = line.by != "client"
        text = line.text if line.kind == "text" else None
        return WireMessage(
            id=line.id,
            account_id=ACCOUNT,
            chat_id=line.chat_id,
            listing_id=None,
            author="own" if own else "client",
            author_id=ACCOUNT if own else 1000,
            kind="deleted" if line.deleted else line.kind,
            text=DELETED if line.deleted else text,
            content={},
            created_at=datetime.fromtimestamp(int(BEGIN + line.at), UTC),
        )

    def _chat(self, chat_id: str) -> WireChat | None:
        shown = self._avito.shown(chat_id)
        if not shown:
            return None
        return WireChat(
            id=chat_id,
            account_id=ACCOUNT,
            listing_id=self._avito.listings[chat_id],
            listing_title="Обработка",
            listing_price=None,
            client_name="Клиент",
            chat_type="u2i",
            created_at=datetime.fromtimestamp(int(BEGIN), UTC),
            updated_at=datetime.fromtimestamp(int(BEGIN + shown[0].at), UTC),
            last_message_id=shown[0].id,
        )

    # --- sending and deleting -----------------------------------------------------------------------------------------

    async def send(self, chat_id: str, text: str) -> str:
        self._power.point("before sending")
        sending, fault = self._avito.ledger(chat_id), self._avito.send_fault()
        self._avito.tell(f"{chat_id} request, {fault}")
        try:
            return await self._outcome(chat_id, text, sending, fault)
        finally:
            self._power.point("after sending")

    async def _outcome(self, chat_id: str, text: str, sending: Sending, fault: str) -> str:
        loop, travel = asyncio.get_running_loop(), self._chance.uniform(0.01, 0.5)
        waits = TIME_OUT if fault.startswith("no_answer") else travel + 0.2
        arrived: asyncio.Future[str] = loop.create_future()

        def carry_out() -> None:
            line = self._avito.apply(chat_id, text, sending)
            if not arrived.done():
                arrived.set_result(line.id)

        if fault == "ok" or (fault.endswith("_applied") and "_not_" not in fault):
            loop.call_later(travel, carry_out)
        elif fault.endswith("_late"):
            loop.call_later(self._chance.uniform(travel, waits + LATEST), carry_out)
        self._power.point("while sending")
        if fault == "ok":
            message_id = await arrived
            await asyncio.sleep(self._chance.uniform(0.01, 0.5))
            return message_id
        await asyncio.sleep(waits)
        raise _error(fault)

    async def delete(self, chat_id: str, message_id: str) -> None:
        self._power.point("before deleting")
        await asyncio.sleep(self._chance.uniform(0.01, 0.3))
        lot = self._chance.random()
        fails = lot < self._avito.weather.delete_fails
        if not fails or lot < self._avito.weather.delete_fails / 2:
            line = next(one for one in self._avito.lines[chat_id] if one.id == message_id)
            line.deleted = True
            self._avito.tell(f"{chat_id} deleted: {line.text}")
        self._power.point("after deleting")
        if fails:
            raise OutcomeUnknown("no answer")

    # --- what these tests do not ask for ------------------------------------------------------------------------------

    async def profile(self) -> Profile:
        raise NotImplementedError

    async def listings(self, page: int) -> Sequence[ListingRow]:
        raise NotImplementedError

    async def subscribe(self, url: str) -> None:
        raise NotImplementedError

    async def subscriptions(self) -> Sequence[str]:
        raise NotImplementedError

    async def unsubscribe(self, url: str) -> None:
        raise NotImplementedError

    async def stats(self, listing_ids: Sequence[int], start: date, end: date) -> Sequence[DayStats]:
        raise NotImplementedError


def _error(fault: str) -> Exception:
    match fault:
        case "busy":
            return AvitoBusy("too many", status=429)
        case "busy_retry_after":
            return AvitoBusy("too many", status=429, retry_after=7.0)
        case "unreachable":
            return AvitoUnreachable("refused")
        case "permanent":
            return BadRequest("no such chat", status=400)
        case _ if fault.startswith("bad_answer"):
            return OutcomeUnknown("502", answered=True)
        case _:
            return OutcomeUnknown("no answer")
