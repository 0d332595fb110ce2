"""Wake-up calls between the parts of one process: whoever has made work rings, whoever does it waits."""

import asyncio


class Bell:
    """Rings from the event loop's thread. A ring that nobody waits for is kept for the next who does."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()

    async def wait(self, seconds: float) -> bool:
        """True when it rang, False when nothing did for so many seconds."""
        try:
            async with asyncio.timeout(max(seconds, 0)):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True


class Bells:
    """One bell for each kind of work."""

    def __init__(self) -> None:
        self.inbox = Bell()
        self.chats = Bell()
        self.leads = Bell()
        self.events = Bell()
