"""Puts the routes together."""

from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from bot.api import (
    accounts,
    budgets,
    chats,
    drafts,
    follow_ups,
    haggling,
    health,
    instructions,
    leads,
    listings,
    metrics,
    notices,
    oauth,
    playground,
    problems,
    silence,
    state,
)
from bot.api.describing import described
from bot.api.limits import Limits
from bot.api.shapes import Ok
from bot.api.webhook import PATH, Front, Hook
from bot.bootstrap import Bot
from bot.version import version

DESCRIPTION = """\
What should be so, and what is so, in the seller's assistant for Avito. What has happened is in the event log.

Every route except the callback, the webhook and `/health/*` needs a bearer token. Errors are problem documents
(RFC 9457); `code` is a short word that stays the same.
"""


ENVELOPE: dict[str, Any] = {
    "requestBody": {
        "description": "Avito's envelope, or `{}`, with which Avito tries an address",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}


def create_app(bot: Bot) -> Front:
    """The bot's HTTP API over one bot. Runs no workers: `python -m bot serve` starts those beside it."""
    app, hook = _app(bot), Hook(bot)

    @app.post(f"{PATH}{{key}}", tags=["webhook"], openapi_extra=ENVELOPE, response_model=Ok)
    async def webhook(key: str, request: Request) -> Response:
        """Where Avito tells of a message: `{"ok":true}` after it is on disk. The key is the address's secret."""
        return await hook.answer(request.scope, request.receive, key) or JSONResponse({"ok": True})

    return Front(app, hook)


def _app(bot: Bot) -> FastAPI:
    app = FastAPI(
        title="Avito assistant",
        version=version(),
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
    )
    app.state.bot = bot
    for part in (
        oauth,
        accounts,
        budgets,
        follow_ups,
        listings,
        haggling,
        instructions,
        chats,
        drafts,
        playground,
        leads,
        notices,
        silence,
        state,
        health,
        metrics,
    ):
        app.include_router(part.router)
    problems.install(app)
    app.openapi = described(app)  # type: ignore[method-assign]  # the documented way
    app.add_middleware(Limits)
    return app
