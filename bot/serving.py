"""The background service: HTTP, workers and the clock in one process, from the first signal to the last."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Iterator

import structlog
import uvicorn
import uvloop

from bot import logs
from bot.api import create_app
from bot.bootstrap import build
from bot.jobs.scheduled import scheduled
from bot.jobs.service import running
from bot.settings import Settings
from bot.store.engine import DatabaseInUse, StoreUnavailable

log = structlog.get_logger()

REQUESTS_END = 1
"""Seconds that open requests have to end; then the workers put down what they have in hand."""

BACKLOG = 2048


class CannotStart(Exception):
    """The message is one plain line that says why, and what to do."""


def serve(settings: Settings) -> None:
    """Serves until SIGTERM or SIGINT. Raises CannotStart."""
    logs.configure(settings.log_level)
    door = _door(settings)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings, door))


async def _serve(settings: Settings, door: socket.socket) -> None:
    try:
        bot = build(settings)
    except DatabaseInUse as error:
        raise CannotStart(
            f"{error}. Stop the other process, or set another DATABASE_URL."
        ) from error
    except StoreUnavailable as error:
        raise CannotStart(f"The database cannot be used: {error}. Check DATABASE_URL.") from error
    server = _Server(_config(settings, create_app(bot)))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, server.end)
    try:
        async with running(bot), scheduled(bot):
            log.info("serving", address=f"http://{settings.bot_host}:{settings.bot_port}")
            await server.serve(sockets=[door])
        await bot.tokens.settled()
    finally:
        await bot.close()
    log.info("stopped")


class _Server(uvicorn.Server):
    """Uvicorn raises a signal once more after it stopped, which would end us before the workers are done."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def end(self) -> None:
        self.should_exit = True


def _config(settings: Settings, app: object) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # an ASGI app
        host=settings.bot_host,
        port=settings.bot_port,
        http="httptools",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=REQUESTS_END,
    )


def _door(settings: Settings) -> socket.socket:
    """Taken before anything else: a busy port is said before the database is touched."""
    family = socket.AF_INET6 if ":" in settings.bot_host else socket.AF_INET
    door = socket.socket(family)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((settings.bot_host, settings.bot_port))
    except OSError as error:
        door.close()
        where = f"{settings.bot_host}:{settings.bot_port}"
        raise CannotStart(
            f"The bot cannot listen on {where}: {error.strerror}. Free the port, or set BOT_HOST and BOT_PORT."
        ) from error
    door.set_inheritable(True)
    return door
