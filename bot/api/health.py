"""Whether the service lives, and whether it can do its work."""

import asyncio
from datetime import datetime, timedelta

from fastapi import APIRouter
from starlette.responses import JSONResponse

from bot.api import shapes
from bot.api.deps import TheBot
from bot.api.late import to_its_end
from bot.bootstrap import Bot
from bot.jobs import auditing
from bot.pulse import Beat
from bot.store import kept, overview
from bot.store.engine import StoreUnavailable
from bot.store.overview import PROBE

router = APIRouter(prefix="/health", tags=["health"])

PATIENCE = 3.0
"""Seconds that the database has to take a row."""

STALE = timedelta(minutes=3)
"""A worker that has not been heard of for so long hangs; the slowest looks round every 40 s."""

WORKERS = ("hearing", "answering", "sink", "leads")
"""Workers whose rounds are short. The others wait for Avito, and may well wait long."""

OUTSIDE = {
    "lake": ("lake", "sink"),
    "avito": ("avito", "sweep"),
    "model": ("model",),
    "crm": ("crm",),
    "telegram": ("telegram",),
    "email": ("email",),
}
"""Which part's last run tells of which outside system."""


@router.get("/live")
async def live() -> shapes.Health:
    """The process answers."""
    return shapes.Health(status="ok", checks={"process": shapes.Check(ok=True, detail="answers")})


@router.get(
    "/ready", responses={503: {"model": shapes.Health, "description": "Not ready, with the reason"}}
)
async def ready(bot: TheBot) -> JSONResponse:
    """`down` when messages cannot be taken in or worked on; `degraded` when something outside, or
    the log, is in trouble."""
    now = bot.now()
    checks = {"database": await _database(bot), "workers": _workers(bot, now)}
    unset = {"telegram", "email"} - {channel.name for channel in bot.channels}
    outside = {name: _outside(bot, parts) for name, parts in OUTSIDE.items() if name not in unset}
    outside["data"] = _data(bot)
    able, untroubled = _all_ok(checks), _all_ok(outside)
    body = shapes.Health(
        status="down" if not able else "ok" if untroubled else "degraded", checks=checks | outside
    )
    return JSONResponse(body.model_dump(mode="json"), 200 if able else 503)


def _all_ok(checks: dict[str, shapes.Check]) -> bool:
    return all(check.ok for check in checks.values())


async def _database(bot: Bot) -> shapes.Check:
    """Writes a row: a disk that is full or read-only shows only then."""
    try:
        async with asyncio.timeout(PATIENCE):
            await to_its_end(
                bot.store.write(lambda tx: kept.ran(tx, PROBE, bot.now(), ok=True, detail=""))
            )
            accounts = (await bot.store.read(overview.take)).accounts
    except StoreUnavailable as error:
        return shapes.Check(ok=False, detail=f"cannot be written: {error}")
    except TimeoutError:
        return shapes.Check(ok=False, detail=f"did not answer within {PATIENCE:.0f} s")
    return shapes.Check(ok=True, detail=f"{accounts.get('connected', 0)} accounts connected")


def _workers(bot: Bot, now: datetime) -> shapes.Check:
    wrong = [said for name in WORKERS if (said := _trouble(name, bot.pulse.parts.get(name), now))]
    return shapes.Check(ok=not wrong, detail="; ".join(wrong) or "at work")


def _trouble(name: str, beat: Beat | None, now: datetime) -> str | None:
    """The sink is in trouble when the log is: events wait, and everything else goes on."""
    if beat is None:
        return None
    if not beat.ok and name != "sink":
        return f"{name}: {beat.detail}"
    if now - beat.at > STALE:
        return f"{name}: silent for {round((now - beat.at).total_seconds())} s"
    return None


def _outside(bot: Bot, parts: tuple[str, ...]) -> shapes.Check:
    """As the work with it last went: asking all the time would cost money and tell little."""
    beat = next((bot.pulse.parts[part] for part in parts if part in bot.pulse.parts), None)
    if beat is None:
        return shapes.Check(ok=True, detail="not used yet")
    return shapes.Check(ok=beat.ok, detail="works" if beat.ok else beat.detail)


def _data(bot: Bot) -> shapes.Check:
    """As the log's last checks found it: warnings are told, and only what stops is trouble."""
    beat = bot.pulse.parts.get(auditing.JOB)
    if beat is None:
        return shapes.Check(ok=True, detail="not checked yet")
    return shapes.Check(ok=beat.ok, detail=beat.detail)
