"""The processes of a demo: started one after the other, watched, and ended in an order in which nothing is lost."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx


class Fallen(Exception):
    """A process cannot start, or ended by itself. The message is one plain line."""


@dataclass
class Actor:
    """One running process."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def check(self) -> None:
        """Raises Fallen if the process has ended."""
        code = self.process.poll()
        if code is not None:
            raise Fallen(
                f"The {self.name} ended by itself (exit {code}): {self._last_words()} — all it said: {self.log}"
            )

    def wait_for(
        self, address: str, seconds: float, good: Callable[[httpx.Response], bool] | None = None
    ) -> None:
        """Until it answers there. Raises Fallen when it does not in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.check()
            try:
                answer = httpx.get(address, timeout=2.0, trust_env=False)
                if good(answer) if good else answer.status_code < 500:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
        raise Fallen(f"The {self.name} does not answer at {address} — all it said: {self.log}")

    def end(self, seconds: float) -> None:
        """Asks the process to end, and ends it if it does not in time."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _last_words(self) -> str:
        lines = [line for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
        return lines[-1][:300] if lines else "it said nothing"


def start(name: str, command: Sequence[str], env: Mapping[str, str], logs: Path) -> Actor:
    """Starts `python -m …` with its words going to a file. It does not hear the terminal's Ctrl-C: we end it."""
    logs.mkdir(parents=True, exist_ok=True)
    log = logs / f"{name}.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            env={**os.environ, **env},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
    return Actor(name, process, log)


def refuse_busy(ports: Mapping[str, int]) -> None:
    """Raises Fallen, naming the port and how to choose another, if one of them is taken."""
    for name, port in ports.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise Fallen(
                    f"Port {port} is taken, and the {name} needs it. "
                    f"Free it or choose another: {name.upper()}_PORT={port + 1} make demo"
                ) from None


def _die_with_parent() -> None:
    """If the demo itself is killed, its processes must not stay behind. Linux only; elsewhere they may."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
