"""Work that goes on when the answer could not wait for it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def to_its_end(work: Coroutine[Any, Any, T]) -> T:
    """Its result, if whoever asks is patient; else it goes on unheard, and nothing is left half done."""
    task = asyncio.ensure_future(work)
    _under_way.add(task)
    task.add_done_callback(_heard_out)
    return await asyncio.shield(task)


_under_way: set["asyncio.Future[Any]"] = set()


def _heard_out(task: "asyncio.Future[Any]") -> None:
    _under_way.discard(task)
    if not task.cancelled():
        task.exception()
