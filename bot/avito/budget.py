"""How fast one account may speak to Avito, shared by everything in the process that does."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.errors import AvitoBusy

MINUTE = 60.0
MARGIN = 0.5
"""Avito's clock and ours do not tick together."""

UNTOLD_WAIT = 1.0
"""After a 429 that does not say for how long; doubled for each further one, up to a minute."""

TROUBLES = 5
REST = 15.0
"""After so many failures in a row nobody asks for so long; then one may try."""


class Lane(Protocol):
    """Gives out moments at which one request may leave, in the order of asking."""

    def next(self, now: float) -> float:
        """The earliest moment that is free."""
        ...

    def take(self, at: float) -> None:
        """Books that moment."""
        ...


class Window:
    """At most `limit` in any minute: right whether Avito counts by fixed or by sliding minutes."""

    def __init__(self, limit: int) -> None:
        self._taken: deque[float] = deque(maxlen=limit)

    def next(self, now: float) -> float:
        full = len(self._taken) == self._taken.maxlen
        return max(now, self._taken[0] + MINUTE + MARGIN) if full else now

    def take(self, at: float) -> None:
        self._taken.append(at)


class Trickle:
    """`per_minute` on the average, and `burst` at once after a quiet time."""

    def __init__(self, per_minute: float, burst: int) -> None:
        self._step = MINUTE / per_minute
        self._slack = (burst - 1) * self._step
        self._due = float("-inf")

    def next(self, now: float) -> float:
        return max(now, self._due - self._slack)

    def take(self, at: float) -> None:
        self._due = max(self._due, at) + self._step


def avito_lanes() -> dict[str, Lane]:
    """Avito's documented limits, and our own manners where it documents none.

    Sends have a lane of their own, and so has what the sweep reads: thousands of chats never delay an answer.
    """
    return {
        "listings": Window(25),
        "item": Window(500),
        "stats": Trickle(60, 30),
        "stats_v2": Window(1),
        "messenger": Trickle(250, 2400),
        "sweep": Trickle(250, 2400),
        "send": Trickle(500, 2000),
        "account": Trickle(60, 30),
    }


@dataclass
class _State:
    lane: Lane
    closed_until: float = float("-inf")
    refusals: int = 0


@dataclass
class _Circuit:
    troubles: int = 0
    open_until: float = float("-inf")


@dataclass
class Budget:
    """The budget of one account. `now` is monotonic seconds; `sleep` waits seconds."""

    lanes: Mapping[str, Lane] = field(default_factory=avito_lanes)
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def __post_init__(self) -> None:
        self._routes = {name: _State(lane) for name, lane in self.lanes.items()}
        self._circuit = _Circuit()

    async def take(self, route: str, *, patience: float = 90.0) -> None:
        """Waits for this route's turn, first come first served.

        AvitoBusy, at once and without taking a turn, if that would last longer than `patience`
        seconds or Avito has been failing; `retry_after` says how long.
        """
        state, start = self._routes[route], self.now()
        at = max(state.lane.next(start), state.closed_until)
        if at - start > patience:
            raise AvitoBusy(f"no turn for {route} yet", status=429, retry_after=at - start)
        self._pass_circuit(start)
        state.lane.take(at)
        while (wait := max(at, state.closed_until) - self.now()) > 0:
            if self.now() + wait - start > patience:
                raise AvitoBusy(f"Avito closed {route}", status=429, retry_after=wait)
            await self.sleep(wait)

    def _pass_circuit(self, now: float) -> None:
        """While open nobody passes; afterwards one passes in each rest, until something succeeds."""
        circuit = self._circuit
        if circuit.troubles < TROUBLES:
            return
        if now < circuit.open_until:
            wait = circuit.open_until - now
            raise AvitoBusy("Avito has been failing; resting", status=503, retry_after=wait)
        circuit.open_until = now + REST

    def went_well(self, route: str, *, remaining: int | None = None) -> None:
        """Avito answered, be it with a refusal that is about the request alone."""
        self._circuit.troubles = 0
        self._routes[route].refusals = 0
        if remaining == 0:
            self._close(route, 1.0)

    def refused(self, route: str, retry_after: float | None) -> None:
        """Avito answered 429: nobody takes this route until it may be."""
        state = self._routes[route]
        state.refusals += 1
        untold = min(UNTOLD_WAIT * 2 ** min(state.refusals - 1, 10), MINUTE)
        self._circuit.troubles = 0
        self._close(route, untold if retry_after is None else retry_after)

    def failed(self) -> None:
        """Avito failed or could not be reached."""
        self._circuit.troubles += 1
        if self._circuit.troubles >= TROUBLES:
            self._circuit.open_until = self.now() + REST

    def _close(self, route: str, seconds: float) -> None:
        state = self._routes[route]
        state.closed_until = max(state.closed_until, self.now() + seconds)


class Budgets:
    """One budget for each account, for the whole process."""

    def __init__(self, make: Callable[[], Budget] = Budget) -> None:
        self._make = make
        self._of: dict[int, Budget] = {}

    def of(self, account_id: int) -> Budget:
        if account_id not in self._of:
            self._of[account_id] = self._make()
        return self._of[account_id]
