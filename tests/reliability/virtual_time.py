"""An event loop whose clock jumps to the next thing to do, so that hours pass in milliseconds."""

import asyncio
import selectors
from typing import Any


class Stuck(Exception):
    """Nothing will ever happen any more, or the same moment never ends."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """Runs callbacks in the same order every time: no threads, no sockets, no real clock."""

    def __init__(self) -> None:
        self.moment = 0.0
        self.faults: list[str] = []
        super().__init__(_Jump(self))
        self.set_exception_handler(self._note)

    def _note(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """What nobody caught is a fault, except that a process ended."""
        error = context.get("exception")
        if isinstance(error, Exception):
            self.faults.append(f"{error!r} in {context.get('future') or context.get('handle')}")

    def time(self) -> float:
        return self.moment


class _Jump(selectors.SelectSelector):
    """Instead of waiting, moves the loop's clock."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop
        self._rounds = 0

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise Stuck("nobody waits for a moment, and nothing is ready")
        self._rounds += 1
        if timeout > 0:
            self._loop.moment += timeout
            self._rounds = 0
        if self._rounds > 100_000:
            raise Stuck(f"the moment {self._loop.moment} does not end")
        return []
