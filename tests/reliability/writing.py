"""A real process that writes to the store and says what was acknowledged: `python -m tests.reliability.writing URL`.

With a second argument its files may not grow beyond so many bytes until a line comes in on its standard input.
"""

import asyncio
import os
import resource
import sys
from datetime import UTC, datetime
from functools import partial

from bot.store import kept
from bot.store.engine import DatabaseInUse, Store, StoreUnavailable

AT_ONCE = 16


def say(word: str) -> None:
    os.write(1, f"{word}\n".encode())


async def write_for_ever(store: Store, worker: int) -> None:
    number = 0
    while True:
        name = f"{worker}.{number}"
        mark = partial(kept.mark, name=name, cursor="x" * 500, now=datetime.now(UTC))
        try:
            await store.write(lambda tx, mark=mark: mark(tx))
        except StoreUnavailable:
            say("unavailable")
            await asyncio.sleep(0.05)
            continue
        say(name)
        number += 1


async def grow_again() -> None:
    await asyncio.to_thread(sys.stdin.readline)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    say("room")


async def main(url: str, largest: str = "") -> None:
    try:
        store = Store(url)
    except DatabaseInUse:
        say("in use")
        return
    say("begun")
    async with asyncio.TaskGroup() as group:
        if largest:
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(largest), resource.RLIM_INFINITY))
            group.create_task(grow_again())
        for worker in range(AT_ONCE):
            group.create_task(write_for_ever(store, worker))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
