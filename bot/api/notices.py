"""What managers should hear about, and by which ways they heard."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy import Row

from bot.api import shapes
from bot.api.callers import Manager, Viewer
from bot.api.deps import INT64, Body, NoticeId, Pages, TheBot
from bot.api.problems import not_found
from bot.store import notices, tellings

router = APIRouter(prefix="/api/avito/notices", tags=["notices"])


class UpTo(Body):
    """The number of the newest notice that was on the screen: what came meanwhile stays unseen."""

    up_to: Annotated[int, Field(ge=1, le=INT64)]


@router.get("")
async def listed(
    bot: TheBot, caller: Viewer, pages: Pages, unseen: Annotated[bool, Query()] = False
) -> shapes.Notices:
    """A page of notices, the newest first; `unseen` only those that nobody has seen."""
    rows, total, count = await bot.store.read(
        lambda tx: notices.page(tx, unseen=unseen, offset=pages.offset, limit=pages.limit)
    )
    told = await bot.store.read(lambda tx: tellings.of(tx, [row.id for row in rows]))
    return shapes.Notices(
        data=[_listed(row, told.get(row.id, [])) for row in rows],
        unseen=count,
        channels=[channel.name for channel in bot.channels],
        pagination=shapes.Pagination(**pages.of(total)),
    )


@router.post("/seen")
async def all_seen(wanted: UpTo, bot: TheBot, caller: Manager) -> shapes.Seen:
    """A manager has seen everything up to a notice."""
    done = await bot.store.write(lambda tx: notices.all_seen(tx, wanted.up_to, bot.now()))
    return shapes.Seen(seen=done)


@router.post("/{notice_id}/seen")
async def seen(notice_id: NoticeId, bot: TheBot, caller: Manager) -> shapes.Success:
    """A manager has seen the notice."""
    if not await bot.store.write(lambda tx: notices.seen(tx, notice_id, bot.now())):
        raise not_found("notice")
    return shapes.Success()


def as_notice(row: Row[Any]) -> shapes.Notice:
    return shapes.Notice(
        id=row.id,
        at=row.at,
        kind=row.kind,
        account_id=row.account_id,
        detail=row.detail,
        seen=row.seen_at is not None,
        chat_id=row.chat_id,
        reason=row.reason,
    )


def _listed(row: Row[Any], told: list[Row[Any]]) -> shapes.ListedNotice:
    return shapes.ListedNotice(
        **as_notice(row).model_dump(),
        client_name=row.client_name,
        listing_title=row.listing_title,
        channels=[_telling(one) for one in told],
    )


def _telling(row: Row[Any]) -> shapes.Telling:
    return shapes.Telling(
        channel=row.channel,
        state=row.state,
        attempts=row.attempts,
        sent_at=row.sent_at,
        next_attempt_at=row.next_at,
        error=row.error,
    )
