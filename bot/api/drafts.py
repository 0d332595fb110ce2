"""Drafts that wait for a manager: sent as they are, mended, or thrown away."""

from typing import Annotated

from fastapi import APIRouter, Path
from sqlalchemy import Connection

from bot.api import shapes
from bot.api.callers import Manager, Viewer
from bot.api.chat_shapes import as_chat, as_draft
from bot.api.chats import ReplyText, usable
from bot.api.deps import AskedId, Body, TheBot
from bot.api.problems import Problem, not_found
from bot.bootstrap import Bot
from bot.jobs import drafting
from bot.jobs.intake import Rules
from bot.store import chat_lists, drafts

router = APIRouter(prefix="/api/avito/drafts", tags=["drafts"])

DraftId = Annotated[str, Path(max_length=200, pattern=r"^[^\x00]+$")]


class Send(Body):
    """`text` if the manager changed it: 1 to 1000 characters."""

    text: ReplyText | None = None


@router.get("")
async def waiting(bot: TheBot, caller: Viewer, account_id: AskedId = None) -> shapes.Drafts:
    """Drafts that wait, the oldest first, each with its chat; at most 200."""
    now = bot.now()

    def reading(tx: Connection) -> shapes.Drafts:
        shown = chat_lists.with_drafts(tx, account_id)
        return shapes.Drafts(
            data=[
                shapes.WaitingDraft(**as_draft(one.draft).model_dump(), chat=as_chat(one, now))
                for one in shown
                if one.draft is not None
            ]
        )

    return await bot.store.read(reading)


@router.post("/{draft_id}/send")
async def send(
    draft_id: DraftId, bot: TheBot, caller: Manager, wanted: Send | None = None
) -> shapes.Replied:
    """Lets a draft go out, changed or as it was. A changed one is the manager's own reply. The chat stays whose it was."""
    row = await bot.store.read(lambda tx: drafts.one(tx, draft_id))
    if row is None:
        raise not_found("draft")
    await usable(bot, row.chat_id)
    text, rules = wanted.text if wanted else None, Rules.of(bot.settings)
    try:
        reply_id = await bot.store.write(
            lambda tx: drafting.send(tx, draft_id, text, caller.subject, rules, bot.now())
        )
    except drafts.Decided as decided:
        raise _decided(decided) from None
    _ring(bot)
    return shapes.Replied(reply_id=reply_id)


@router.post("/{draft_id}/throw-away")
async def throw_away(draft_id: DraftId, bot: TheBot, caller: Manager) -> shapes.Success:
    """Nobody will send it: the client's messages are left to a person."""
    rules = Rules.of(bot.settings)
    try:
        await bot.store.write(
            lambda tx: drafting.throw_away(tx, draft_id, caller.subject, rules, bot.now())
        )
    except KeyError:
        raise not_found("draft") from None
    except drafts.Decided as decided:
        raise _decided(decided) from None
    _ring(bot)
    return shapes.Success()


_SAID = {
    "sent": "This draft was sent already.",
    "thrown_away": "This draft was thrown away.",
    "stale": "The chat moved on since this was written. Look at the chat: a newer draft may be there.",
}


def _decided(decided: drafts.Decided) -> Problem:
    state = str(decided.args[0])
    return Problem(409, f"draft_{state}", _SAID.get(state, "This draft does not wait any more."))


def _ring(bot: Bot) -> None:
    bot.bells.chats.ring()
    bot.bells.events.ring()
