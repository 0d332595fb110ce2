"""Starts the dashboard: `streamlit run app.py`.

The main script is pages/_ui/main.py and not this file: a main script with a folder `pages` beside
it lets visitors open those pages past the login while the server is cold.
"""

import gc
import logging
import os
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from pages._ui import settings as machine
from pages._ui import trouble, warm_up
from pages._ui.compress import Compress
from pages._ui.door import methods as ways_in
from pages._ui.door.gate import Gate
from pages._ui.door.routes import routes
from pages._ui.shell import Shell

log = logging.getLogger("dashboard")


@asynccontextmanager
async def ready(_app: st.App) -> AsyncIterator[None]:
    """What is there from the start, the garbage collector never looks at."""
    warm_up.run()
    gc.collect()
    gc.freeze()
    yield


def tell(error: Exception) -> bool:
    """The visitor gets plain words and a number; the log gets the number and the traceback."""
    number = uuid.uuid4().hex[:8]
    log.error("page failed, reference %s", number, exc_info=error)
    trouble.apologise(number)
    return True


def listen_where_told(port: int) -> None:
    """`streamlit run` binds before it reads this file, so a port of our own needs a second start."""
    command = sys.orig_argv[1:]
    is_ours = any(Path(word).name in {"streamlit", "streamlit.exe"} for word in command[:3])
    is_told = any(word.startswith("--server.port") for word in command)
    if not is_ours or "run" not in command or is_told or "STREAMLIT_SERVER_PORT" in os.environ:
        return
    if st.get_option("server.port") != port:
        env = {**os.environ, "STREAMLIT_SERVER_PORT": str(port)}
        log.warning("DASHBOARD_PORT is %s: starting again there", port)
        os.execve(sys.executable, [sys.executable, *command], env)  # noqa: S606  # the same again


settings = machine.load()
listen_where_told(settings.port)
methods = ways_in.read(settings)
app = st.App(
    Path(__file__).parent / "pages/_ui/main.py",
    lifespan=ready,
    routes=routes(settings, methods),
    middleware=[
        Middleware(Gate, settings=settings, methods=methods),
        Middleware(Shell),
        Middleware(Compress),
    ],
    on_script_error=tell,
)
