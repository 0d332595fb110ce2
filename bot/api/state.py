"""What goes on inside the bot, and what managers should hear about."""

import statistics
from datetime import datetime, timedelta

from fastapi import APIRouter

from bot.api import shapes
from bot.api.callers import Viewer
from bot.api.chat_shapes import as_chat
from bot.api.deps import TheBot
from bot.api.notices import as_notice
from bot.bootstrap import Bot
from bot.jobs.timetable import EVERY
from bot.pulse import Pulse
from bot.store import chat_lists, notices, overview
from bot.store.overview import Overview, Run
from bot.version import version

router = APIRouter(prefix="/api/avito", tags=["service"])

REPLY_STATES = ("intended", "sending", "sent", "unknown", "dropped")
WAYS = ("webhook", "sweep", "reading")
LAKE_PARTS = ("lake", "sink")


@router.get("/state")
async def state(bot: TheBot, caller: Viewer) -> shapes.State:
    """Queues, ages, times and jobs."""
    now = bot.now()
    seen = await bot.store.read(overview.take)
    found = await bot.store.read(lambda tx: overview.found_by(tx, now - timedelta(hours=24)))
    runs = await bot.store.read(overview.jobs)
    told = await bot.store.read(notices.newest)
    return shapes.State(
        version=version(),
        started_at=bot.pulse.started_at,
        now=now,
        queues=_queues(seen),
        ages=shapes.Ages(
            oldest_waiting_s=seen.chats.age(now),
            oldest_open_reply_s=seen.replies.age(now),
            oldest_unpublished_event_s=seen.events.age(now),
        ),
        replies=dict.fromkeys(REPLY_STATES, 0) | seen.reply_states,
        webhook=times(bot.pulse),
        found_24h=dict.fromkeys(WAYS, 0) | found,
        lake=_lake(bot, seen, now),
        jobs=[_job(run) for run in runs],
        notices=[as_notice(row) for row in told],
    )


@router.get("/backlog")
async def backlog(bot: TheBot, caller: Viewer) -> shapes.Backlog:
    """Chats whose messages were too old to be answered by themselves, the newest first."""
    rows = await bot.store.read(chat_lists.backlog)
    return shapes.Backlog(data=[as_chat(row, bot.now()) for row in rows])


def times(pulse: Pulse) -> shapes.WebhookTimes:
    """How long the newest webhook calls took."""
    took = sorted(pulse.acks_ms)
    return shapes.WebhookTimes(
        acks=pulse.acks,
        p50_ms=round(statistics.median(took), 2) if took else None,
        p99_ms=round(took[min(len(took) - 1, int(len(took) * 0.99))], 2) if took else None,
        over_2s=pulse.acks_over_2s,
        budget_left=pulse.budget_left,
    )


def _queues(seen: Overview) -> shapes.Queues:
    return shapes.Queues(
        inbox=seen.inbox,
        waiting_chats=seen.chats.size,
        open_replies=seen.replies.size,
        open_leads=seen.leads,
        unpublished_events=seen.events.size,
    )


def _lake(bot: Bot, seen: Overview, now: datetime) -> shapes.LakeState:
    """How far behind the log is: as long as its oldest event has waited."""
    beat = next((bot.pulse.parts[name] for name in LAKE_PARTS if name in bot.pulse.parts), None)
    detail = "not written to yet" if beat is None else beat.detail or None
    return shapes.LakeState(
        ok=beat is None or beat.ok,
        detail=detail,
        position=seen.position,
        lag_s=seen.events.age(now) or 0.0,
    )


def _job(run: Run) -> shapes.Job:
    again = run.at + EVERY[run.name] if run.at and run.name in EVERY else None
    return shapes.Job(
        name=run.name, last_run_at=run.at, ok=run.ok, detail=run.detail, next_run_at=again
    )
