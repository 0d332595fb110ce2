"""Keeps the world in a file, so that tomorrow goes on where today ended."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from bot.sandbox.records import State
from bot.sandbox.world import World

EVERY_SECONDS = 2.0
KEEP_RECORDS = 200


def load(path: Path | None) -> State | None:
    """The world in the file, None when there is no file; raises ValueError when it is none."""
    if path is None or not path.exists():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=State)
    except msgspec.DecodeError as error:
        raise ValueError(f"{path} holds no sandbox world: {error}") from error


def picture(state: State) -> bytes:
    """The world as JSON; of model calls and webhook calls only the newest."""
    short = {
        "model_calls": state.model_calls[-KEEP_RECORDS:],
        "deliveries": state.deliveries[-KEEP_RECORDS:],
    }
    return msgspec.json.encode(msgspec.structs.replace(state, **short))


def save(path: Path, raw: bytes) -> None:
    """Replace the file in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    with fresh.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


@contextlib.asynccontextmanager
async def kept(world: World) -> AsyncIterator[None]:
    """Save the world every few seconds when it changed, and once more at the end."""
    path = world.config.state_file
    if path is None:
        yield
        return
    keeper = asyncio.create_task(_keep(world, path))
    try:
        yield
    finally:
        keeper.cancel()
        save(path, picture(world.state))


async def _keep(world: World, path: Path) -> None:
    saved = world.version
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        if world.version != saved:
            saved = world.version
            await asyncio.to_thread(save, path, picture(world.state))
