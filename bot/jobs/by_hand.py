"""A person answers through the dashboard."""

from datetime import datetime

from sqlalchemy import Connection

from bot.jobs import duties
from bot.jobs.intake import Rules
from bot.store import chats, replies


def reply(tx: Connection, chat_id: str, text: str, actor: str, rules: Rules, now: datetime) -> str:
    """The reply's id. The chat becomes the person's, unless the assistant only fills in there. Raises KeyError."""
    where = chats.get(tx, chat_id)
    if where is None:
        raise KeyError(chat_id)
    takes = not duties.of_chat(tx, where, now).gives_way
    return replies.intend_by_person(
        tx, chat_id, text, actor, now, pause_hours=rules.pause_hours, takes=takes
    )
