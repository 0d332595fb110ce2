"""How often an address may try a password."""

from collections import deque
from datetime import datetime, timedelta

LIMIT = 5
SPAN = timedelta(minutes=5)


class Attempts:
    """Failed tries by address, in memory."""

    def __init__(self, limit: int = LIMIT, span: timedelta = SPAN) -> None:
        self._limit, self._span = limit, span
        self._failed: dict[str, deque[datetime]] = {}

    def may_try(self, address: str, now: datetime) -> bool:
        self._forget(now)
        return len(self._failed.get(address, ())) < self._limit

    def count(self, address: str, now: datetime) -> None:
        """Counts a try before it is verified, so that many at once do not slip through."""
        self._failed.setdefault(address, deque()).append(now)

    def clear(self, address: str) -> None:
        self._failed.pop(address, None)

    def _forget(self, now: datetime) -> None:
        for address, times in list(self._failed.items()):
            while times and times[0] <= now - self._span:
                times.popleft()
            if not times:
                del self._failed[address]
