"""A person answers through the dashboard."""

from datetime import datetime

from sqlalchemy import Connection

from bot.assistant import briefing, templates
from bot.jobs import briefs, duties, instructing
from bot.jobs.intake import Rules
from bot.store import accounts, chats, listings, replies


def reply(tx: Connection, chat_id: str, text: str, actor: str, rules: Rules, now: datetime) -> str:
    """The reply's id. The chat becomes the person's, unless the assistant only fills in there. Raises KeyError."""
    where = chats.get(tx, chat_id)
    if where is None:
        raise KeyError(chat_id)
    takes = not duties.of_chat(tx, where, now).gives_way
    return replies.intend_by_person(
        tx, chat_id, text, actor, now, pause_hours=rules.pause_hours, takes=takes
    )


def quick_replies(tx: Connection, chat_id: str) -> list[tuple[str, str]] | None:
    """Titles and texts of the ready answers that fit a chat; None if there is no such chat."""
    where = chats.get(tx, chat_id)
    account = accounts.one(tx, where.account_id) if where else None
    if where is None or account is None:
        return None
    about = listings.one(tx, where.listing_id) if where.listing_id else None
    said = instructing.used(tx, where.account_id, where.listing_id).instructions
    known = briefing.values(said, briefs.subject(account, about, where), where.client_name)
    filled = [(one.title, templates.fill(one.text, known)) for one in said.quick_replies]
    return [(title, text) for title, text in filled if text]
