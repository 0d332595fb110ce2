"""Plays the demo: starts everything, connects an account, lets clients write, and waits for Ctrl-C."""

import argparse
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

import httpx

from bot.client import BotClient, mint_token
from bot.demo.actors import Actor, Fallen, refuse_busy, start
from bot.demo.props import HOME, Props, prepare

LISTINGS_ON = 12
ABOUT = "обработка"
"""What the clients of the demo want."""

SAMPLE = Path("data/sample")
PACE = 3.0
"""Seconds between two lines of the clients, on average."""


class _Over(Exception):
    """Somebody asked for the end."""


def main(argv: Sequence[str]) -> int:
    """`python -m bot demo`; 0 when ended by Ctrl-C, 1 when something fell."""
    argparse.ArgumentParser(prog="python -m bot demo", description=__doc__).parse_args(argv)
    signal.signal(signal.SIGTERM, _over)
    signal.signal(signal.SIGINT, _over)
    actors: list[Actor] = []
    try:
        props = prepare()
        _play(props, actors)
    except (_Over, KeyboardInterrupt):
        print("\nEnding: putting down what is in hand …", flush=True)
        return 0
    except (Fallen, ValueError) as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    finally:
        signal.signal(
            signal.SIGINT, signal.SIG_IGN
        )  # a second Ctrl-C must not cut the ending short
        _end(actors)
    return 0


def _play(props: Props, actors: list[Actor]) -> None:
    """1. The world outside. 2. The bot. 3. An account, listings, clients. 4. The dashboard. 5. Wait."""
    refuse_busy(props.ports)
    logs = HOME / "logs"
    print("Starting sandbox, bot and dashboard …", flush=True)
    actors.append(start("sandbox", ["bot", "sandbox"], props.env, logs))
    actors[-1].wait_for(f"{props.sandbox}/sandbox/state", 20)
    actors.append(start("bot", ["bot", "serve"], props.env, logs))
    command = ["streamlit", "run", "app.py", "--server.port", str(props.ports["dashboard"])]
    actors.append(start("dashboard", command, props.env, logs))
    actors[1].wait_for(f"{props.bot}/health/live", 20)
    _set_the_scene(props)
    sample = _sample()
    actors[2].wait_for(f"{props.dashboard}/_stcore/health", 30)
    print(_bill(props), flush=True)
    _watch(actors, sample)


def _set_the_scene(props: Props) -> None:
    """Connects the sandbox's account as its owner would, switches listings on, and lets clients write."""
    bot = BotClient(props.bot, lambda: mint_token(props.jwt_secret, "demo", "owner"))
    if not bot.accounts():
        _connect(props)
        for listing in bot.listings(status="active", q=ABOUT, limit=LISTINGS_ON).rows:
            bot.set_ai(listing.id, enabled=True)
    on = [listing.id for listing in bot.active_listings()]
    answer = httpx.post(
        f"{props.sandbox}/sandbox/buyers",
        json={"on": True, "pace": PACE, "item_ids": on},
        timeout=10,
        trust_env=False,
    )
    answer.raise_for_status()


def _connect(props: Props) -> None:
    """Goes the way of a browser: the consent page, "allow", and back to the bot."""
    token = mint_token(props.jwt_secret, "demo", "owner")
    with httpx.Client(
        timeout=60, trust_env=False, headers={"Authorization": f"Bearer {token}"}
    ) as http:
        page = http.get(f"{props.bot}/api/avito/oauth/url").raise_for_status().json()["url"]
        consent = http.get(page, params={**_query(page), "auto": "allow"})
        answer = http.get(consent.headers["location"], headers={"Accept": "application/json"})
    if answer.status_code != 200:
        raise Fallen(f"The sandbox's account could not be connected: {answer.text[:300]}")


def _query(address: str) -> dict[str, str]:
    return dict(httpx.QueryParams(urlsplit(address).query))


def _sample() -> subprocess.Popen[bytes] | None:
    """Two months of history: charts have something to show from the first minute, and something to compare with."""
    if (SAMPLE / "catalog.sqlite").exists():
        return None
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "sample",
        "--days",
        "62",
        "--seed",
        "7",
        "--out",
        str(SAMPLE),
    ]
    return subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def _bill(props: Props) -> str:
    return f"""
  Dashboard   {props.dashboard}
  Password    {props.password}

  Bot         {props.bot}/health/ready
  Sandbox     {props.sandbox}/sandbox/state   (plays Avito, the model and the CRM)
  Event log   LAKE_CATALOG={props.env["LAKE_CATALOG"]} LAKE_DATA={props.env["LAKE_DATA"]} \\
              .venv/bin/python -m pipeline query 'FROM verdicts'
  Logs        {HOME / "logs"}

Clients are writing. Ctrl-C ends everything and loses nothing; the next `make demo` goes on from here.
"""


def _watch(actors: Sequence[Actor], sample: subprocess.Popen[bytes] | None) -> None:
    try:
        while True:
            for actor in actors:
                actor.check()
            time.sleep(0.5)
    finally:
        if sample is not None and sample.poll() is None:
            sample.terminate()


def _end(actors: Sequence[Actor]) -> None:
    """The dashboard first, then the bot, which finishes what it has in hand, then the world that it speaks to."""
    for actor in sorted(
        actors, key=lambda actor: ("dashboard", "bot", "sandbox").index(actor.name)
    ):
        actor.end(12.0)


def _over(_signal: int, _frame: FrameType | None) -> None:
    raise _Over
