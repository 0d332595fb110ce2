"""People who look at the dashboard, as their browsers speak to it: websockets with Streamlit's own messages."""

import asyncio
import random
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

PAGES = ("overview", "response", "traffic", "assistant", "leads", "listings", "quality")
PERIODS = ("7d", "30d", "90d")
CACHED = 10_000
"""Bytes from which Streamlit sends a message once, and then its name."""


@dataclass
class People:
    """`count` people, each with `think` seconds between clicks on the average: a page, or a period.
    Whatever their pages ask by themselves meanwhile is asked as well. Who would click after the
    end has gone: otherwise all of them would click in its very moment."""

    websocket: str
    cookies: list[str]
    think: float
    seconds: float
    waits: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    by_themselves: int = 0

    async def open_everything(self) -> None:
        """One person looks at every page over every period, so that the log was asked before."""
        async with self._connected(self.cookies[0]) as socket:
            looker = Looker(socket)
            await looker.asks("overview")
            for page in PAGES:
                for period in PERIODS:
                    await looker.asks(page, period)

    async def come(self) -> None:
        """One after the other within the first seconds, until the time is over."""
        until = time.monotonic() + self.seconds + len(self.cookies) * 0.1
        async with asyncio.TaskGroup() as group:
            for n, cookie in enumerate(self.cookies):
                group.create_task(self._person(random.Random(n), n * 0.1, cookie, until))

    async def _person(self, chance: random.Random, late: float, cookie: str, until: float) -> None:
        await asyncio.sleep(late)
        async with self._connected(cookie) as socket:
            looker = Looker(socket)
            self.first.append(await looker.asks("overview"))
            while (pause := chance.expovariate(1 / self.think)) < until - time.monotonic():
                self.by_themselves += await looker.thinks(pause)
                page = chance.choice(PAGES) if chance.random() < 0.7 else looker.page
                period = looker.period if page != looker.page else chance.choice(PERIODS)
                self.waits.append(await looker.asks(page, period))

    def _connected(self, cookie: str) -> connect:
        return connect(
            self.websocket,
            subprotocols=["streamlit"],  # type: ignore[list-item]
            additional_headers={"Cookie": f"{cookie}; lang=ru"},
            origin=self.websocket.replace("ws://", "http://").rpartition("/_stcore")[0],  # type: ignore[arg-type]
            max_size=None,
            proxy=None,
        )


class Looker:
    """One open tab."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._pages: dict[str, str] = {}
        self._kept: set[str] = set()
        self._timers: dict[str, tuple[float, float]] = {}
        self.page, self.period = "overview", "30d"

    async def asks(self, page: str, period: str = "30d") -> float:
        """Goes to a page; seconds until the last of it has come."""
        self.page, self.period = page, period
        self._timers.clear()
        return await self._run(page_script_hash=self._pages.get(page, ""))

    async def thinks(self, seconds: float) -> int:
        """Lets time pass in which the page asks by itself; how often it did."""
        until, asked = time.monotonic() + seconds, 0
        while True:
            soonest = min(((due, name) for name, (due, _) in self._timers.items()), default=None)
            if soonest is None or soonest[0] >= until:
                await asyncio.sleep(max(until - time.monotonic(), 0))
                return asked
            await asyncio.sleep(max(soonest[0] - time.monotonic(), 0))
            every = self._timers[soonest[1]][1]
            self._timers[soonest[1]] = (time.monotonic() + every, every)
            await self._run(fragment_id=soonest[1], is_auto_rerun=True)
            asked += 1

    async def _run(self, **asked: object) -> float:
        message = BackMsg()
        rerun = message.rerun_script
        rerun.query_string = urlencode({"period": self.period})
        rerun.page_name = "" if self.page == "overview" else self.page
        rerun.context_info.timezone = "Europe/Moscow"
        rerun.context_info.locale = "ru"
        rerun.context_info.color_scheme = "light"
        rerun.cached_message_hashes.extend(self._kept)
        for name, value in asked.items():
            setattr(rerun, name, value)
        started = time.monotonic()
        await self._socket.send(message.SerializeToString())
        while True:
            raw = await self._socket.recv()
            assert isinstance(raw, bytes)
            told = ForwardMsg.FromString(raw)
            self._hears(told, len(raw))
            if told.WhichOneof("type") == "script_finished":
                return time.monotonic() - started

    def _hears(self, told: ForwardMsg, size: int) -> None:
        kind = told.WhichOneof("type")
        if told.hash and size >= CACHED:
            self._kept.add(told.hash)
        if kind == "navigation":
            self._pages = {
                page.url_pathname or "overview": page.page_script_hash
                for page in told.navigation.app_pages
            }
        if kind == "auto_rerun":
            every = told.auto_rerun.interval
            self._timers.setdefault(told.auto_rerun.fragment_id, (time.monotonic() + every, every))
