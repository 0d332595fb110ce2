"""Chats: what was said, what became of it, and who answers."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import AfterValidator, Field
from sqlalchemy import Connection

from bot.api import shapes
from bot.api.callers import Caller, Manager, Viewer
from bot.api.chat_shapes import as_chat, as_draft, as_message, as_reply
from bot.api.deps import AskedId, AskedWords, Body, ChatId, Pages, TheBot
from bot.api.leads import shown as as_lead
from bot.api.problems import Problem, not_found
from bot.bootstrap import Bot
from bot.jobs import by_hand
from bot.jobs.intake import Rules
from bot.model import MAX_REPLY
from bot.store import accounts, chat_lists, chats, lead_lists, replies
from bot.store.chat_lists import Wanted

router = APIRouter(prefix="/api/avito/chats", tags=["chats"])

LONGEST_HOURS = 24 * 365


def _says_something(value: str) -> str:
    if not value.strip():
        raise ValueError("must have more than blanks")
    if "\0" in value:
        raise ValueError("must not hold the character zero")
    return value


ReplyText = Annotated[
    str, Field(min_length=1, max_length=MAX_REPLY), AfterValidator(_says_something)
]


class Reply(Body):
    """A person's words: 1 to 1000 characters, which is one message at Avito."""

    text: ReplyText


class Owner(Body):
    """Who answers. `hours` says for how long a person does: as the settings say if left out, null for until given back."""

    owner: Literal["assistant", "human"]
    hours: (
        Annotated[float, Field(gt=0, le=LONGEST_HOURS, allow_inf_nan=False, strict=False)] | None
    ) = None


@router.get("")
async def listed(
    bot: TheBot,
    caller: Viewer,
    pages: Pages,
    account_id: AskedId = None,
    listing_id: AskedId = None,
    owner: Annotated[Literal["assistant", "human"] | None, Query()] = None,
    waiting: Annotated[Literal["any", "person"] | None, Query()] = None,
    q: AskedWords = None,
) -> shapes.Chats:
    """A page of chats, the newest first. `q` looks in the client's name, the listing's title and the chat's id.

    `waiting`: only those with a client who waits, for a `person` or for `any` answer; who waits longest comes first.
    """
    wanted, now = Wanted(account_id, listing_id, owner, q, waiting), bot.now()
    rows, total = await bot.store.read(
        lambda tx: chat_lists.page(tx, wanted, now, offset=pages.offset, limit=pages.limit)
    )
    data = [as_chat(row, now) for row in rows]
    return shapes.Chats(data=data, pagination=shapes.Pagination(**pages.of(total)))


@router.get("/{chat_id}")
async def one(chat_id: ChatId, bot: TheBot, caller: Viewer) -> shapes.WholeChat:
    """The chat with its messages, verdicts and replies, oldest first, and its newest lead."""
    whole = await bot.store.read(lambda tx: chat_lists.whole(tx, chat_id))
    if whole is None:
        raise not_found("chat")
    lead_id = whole.shown.lead_id
    lead = await bot.store.read(lambda tx: lead_lists.one(tx, lead_id)) if lead_id else None
    return shapes.WholeChat(
        **as_chat(whole.shown, bot.now()).model_dump(),
        messages=[as_message(row) for row in whole.messages],
        replies=[as_reply(row, whole.covers.get(row.id, [])) for row in whole.replies],
        draft=as_draft(whole.shown.draft) if whole.shown.draft else None,
        lead=as_lead(lead[0], lead[1].get(lead[0].id, [])) if lead else None,
    )


@router.get("/{chat_id}/quick-replies")
async def quick_replies(chat_id: ChatId, bot: TheBot, caller: Viewer) -> shapes.QuickReplies:
    """The seller's ready answers, filled in for this chat. One that lacks what it needs is not offered."""
    offered = await bot.store.read(lambda tx: by_hand.quick_replies(tx, chat_id))
    if offered is None:
        raise not_found("chat")
    data = [shapes.QuickReply(title=title, text=text) for title, text in offered]
    return shapes.QuickReplies(data=data)


@router.post("/{chat_id}/reply")
async def reply(chat_id: ChatId, wanted: Reply, bot: TheBot, caller: Manager) -> shapes.Replied:
    """A person answers. The message goes out by the same ledger as the assistant's; the chat becomes the person's."""
    await usable(bot, chat_id)
    rules = Rules.of(bot.settings)
    try:
        reply_id = await bot.store.write(
            lambda tx: by_hand.reply(tx, chat_id, wanted.text, caller.subject, rules, bot.now())
        )
    except KeyError:
        raise not_found("chat") from None
    _ring(bot)
    return shapes.Replied(reply_id=reply_id)


@router.post("/{chat_id}/owner")
async def own(chat_id: ChatId, wanted: Owner, bot: TheBot, caller: Manager) -> shapes.Owned:
    """Says who answers in this chat."""
    try:
        if wanted.owner == "assistant":
            await bot.store.write(
                lambda tx: chats.give_back(tx, chat_id, caller.subject, bot.now())
            )
        else:
            await _take(bot, chat_id, wanted, caller)
    except KeyError:
        raise not_found("chat") from None
    _ring(bot)
    return shapes.Owned(chat=await _shown(bot, chat_id))


@router.post("/{chat_id}/no-answer-needed")
async def settle(chat_id: ChatId, bot: TheBot, caller: Manager) -> shapes.Owned:
    """A person has looked and says that nothing need be said: the chat waits no more, until the client writes again.

    Messages without a verdict are left to a person with the reason `no_answer_needed`; a reply that was not sent yet is
    not sent. Who answers in the chat stays as it is.
    """
    pace = Rules.of(bot.settings).pace

    def settling(tx: Connection) -> None:
        replies.no_answer_needed(tx, chat_id, caller.subject, bot.now())
        chats.reschedule(tx, chat_id, pace)

    try:
        await bot.store.write(settling)
    except KeyError:
        raise not_found("chat") from None
    _ring(bot)
    return shapes.Owned(chat=await _shown(bot, chat_id))


async def _shown(bot: Bot, chat_id: str) -> shapes.Chat:
    whole = await bot.store.read(lambda tx: chat_lists.whole(tx, chat_id))
    if whole is None:
        raise not_found("chat")
    return as_chat(whole.shown, bot.now())


async def _take(bot: Bot, chat_id: str, wanted: Owner, caller: Caller) -> None:
    hours = wanted.hours if "hours" in wanted.model_fields_set else bot.settings.human_pause_hours
    await bot.store.write(
        lambda tx: chats.take(tx, chat_id, "human_dashboard", hours, caller.subject, bot.now())
    )


async def usable(bot: Bot, chat_id: str) -> None:
    """A reply in an account that cannot send would only wait: say so instead."""
    row = await bot.store.read(lambda tx: chats.get(tx, chat_id))
    if row is None:
        raise not_found("chat")
    holder = await bot.store.read(lambda tx: accounts.one(tx, row.account_id))
    if holder is None or holder.state in ("removed", "needs_reconnect"):
        raise Problem(
            409,
            "needs_reconnect",
            "The account of this chat is not connected. Connect it again, then reply.",
        )


def _ring(bot: Bot) -> None:
    bot.bells.chats.ring()
    bot.bells.events.ring()
