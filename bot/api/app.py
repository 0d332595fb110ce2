"""Puts the routes together."""

from fastapi import FastAPI
from starlette.routing import Route

from bot.api import accounts, chats, health, leads, listings, metrics, oauth, problems, state
from bot.api.limits import Limits
from bot.api.webhook import Hook
from bot.bootstrap import Bot
from bot.version import version

DESCRIPTION = """\
What should be so, and what is so, in the seller's assistant for Avito. What has happened is in the event log.

Every route except the callback, the webhook and `/health/*` needs a bearer token. Errors are problem documents
(RFC 9457); `code` is a short word that stays the same.
"""


def create_app(bot: Bot) -> FastAPI:
    """The bot's HTTP API over one bot. Runs no workers: `python -m bot serve` starts those beside it."""
    app = FastAPI(
        title="Avito assistant",
        version=version(),
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        responses={
            "4XX": {
                "model": problems.ProblemDocument,
                "description": "Refused, in words to act on",
            },
            "5XX": {"model": problems.ProblemDocument, "description": "Not possible now"},
        },
    )
    app.state.bot = bot
    app.router.routes.append(Route("/api/avito/webhook/{key}", Hook(bot), methods=["POST"]))
    for part in (oauth, accounts, listings, chats, leads, state, health, metrics):
        app.include_router(part.router)
    problems.install(app)
    app.add_middleware(Limits)
    return app
