"""A process that may end at any point which it passes."""

import asyncio
from collections.abc import Callable

Cut = Callable[[str], bool]
"""Whether the power goes at this point."""


class PowerCut(BaseException):
    """The process is gone. Nothing in it may catch this, and nothing in it works any more."""


class Power:
    """The power of one process."""

    def __init__(self, cut: Cut, pauses: Callable[[], float] = lambda: 0.0) -> None:
        self._cut = cut
        self._pauses = pauses
        self._paused_until = 0.0
        self.on = True
        self.gone = asyncio.Event()
        self.where = ""

    def point(self, name: str) -> None:
        """The process passes a point. Raises PowerCut when it ends there, or has ended."""
        if self.on and self._cut(name):
            self.where = name
            self.off()
        if not self.on:
            raise PowerCut(name)

    async def rest(self) -> None:
        """Sometimes the whole process stands still for a while, and the world goes on."""
        clock = asyncio.get_running_loop().time
        if (seconds := self._pauses()) and clock() >= self._paused_until:
            self._paused_until = clock() + seconds
        while clock() < self._paused_until:
            await asyncio.sleep(self._paused_until - clock())

    def off(self) -> None:
        self.on = False
        self.gone.set()
