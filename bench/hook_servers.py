"""Servers for the benchmark of acknowledgements: `python -m bench.hook_servers KIND PORT FOLDER`.

`grouped` is the service's own webhook. `single` is the same, but each call has a transaction to itself. `empty` is the
same server with a handler that reads the body and says yes; `routed` is that handler behind the framework's routing.
"""

import base64
import sys
from pathlib import Path

import uvicorn
import uvloop
from sqlalchemy import insert
from starlette.types import Receive, Scope

from bot.api import create_app, webhook
from bot.bootstrap import Bot, build
from bot.hook_key import key_for
from bot.settings import Settings
from bot.store import engine, inbox, tables

ACCOUNT = 94235311
SECRET = "bench-webhook-secret-of-more-than-32-bytes"


def settings(folder: Path) -> Settings:
    return Settings(
        avito_client_id="bench",
        avito_client_secret="bench",
        openai_api_key="bench",  # type: ignore[arg-type]
        jwt_secret="bench-jwt-secret-of-more-than-32-bytes",  # type: ignore[arg-type]
        webhook_signature_secret=SECRET,  # type: ignore[arg-type]
        token_encryption_keys=base64.urlsafe_b64encode(b"k" * 32).decode(),  # type: ignore[arg-type]
        database_url=f"sqlite:///{folder / 'bot.sqlite3'}",
        lake_catalog=f"sqlite:{folder / 'lake.sqlite'}",
        lake_data=str(folder / "files"),
    )


def path() -> str:
    return f"/api/avito/webhook/{key_for(SECRET, ACCOUNT)}"


async def _empty(_hook: webhook.Hook, _scope: Scope, receive: Receive, _key: str) -> None:
    while (await receive()).get("more_body"):
        pass


def _prepare(bot: Bot) -> None:
    row = {
        "id": ACCOUNT,
        "name": "bench",
        "zone": "UTC",
        "state": "connected",
        "connected_by": "bench",
        "connected_at": bot.now(),
    }
    bot.store.write_now(lambda tx: tx.execute(insert(tables.account).values(row)))


async def main(kind: str, port: int, folder: Path) -> None:
    if kind in ("empty", "routed"):
        webhook.Hook.answer = _empty  # type: ignore[method-assign, assignment]
    if kind == "single":
        inbox.AT_ONCE = 1
        engine.GROUP = 1
    bot = build(settings(folder))
    _prepare(bot)
    front = create_app(bot)
    await uvicorn.Server(
        uvicorn.Config(
            front.app if kind == "routed" else front,
            port=port,
            log_level="warning",
            access_log=False,
            http="httptools",
            backlog=2048,
        )
    ).serve()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])))
