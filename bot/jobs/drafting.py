"""What a manager does with a draft: sends it as it is or mended, or throws it away."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.assistant.lessons import diff
from bot.assistant.masking import mask
from bot.jobs.intake import Rules
from bot.store import chats, drafts, journal, notices, replies
from pipeline.events import DraftEdited, DraftSent


def send(
    tx: Connection, draft_id: str, text: str | None, actor: str, rules: Rules, now: datetime
) -> str:
    """Makes a draft a reply; its id. A changed text is the manager's own, and what was changed is kept as a lesson.

    Raises KeyError, drafts.Decided.
    """
    row = drafts.decide(tx, draft_id, "sent", actor, now)
    notices.chat_seen(tx, row.chat_id, now)
    wanted = row.text if text is None else text
    edited = replies.normal(wanted) != replies.normal(row.text)
    reply_id = replies.intend_draft(tx, row, wanted, actor, now, edited=edited)
    head = {"account_id": row.account_id, "listing_id": row.listing_id, "chat_id": row.chat_id}
    if edited:
        lesson = DraftEdited(
            **head,
            draft_id=draft_id,
            prompt_version=row.prompt_version,
            diff=diff(mask(row.text), mask(wanted)),
            actor=actor,
        )
        journal.record(tx, lesson, at=now)
    news = DraftSent(
        **head,
        draft_id=draft_id,
        prompt_version=row.prompt_version,
        edited=edited,
        waited_s=round((now - row.created_at).total_seconds(), 3),
        actor=actor,
    )
    journal.record(tx, news, at=now)
    chats.reschedule(tx, row.chat_id, rules.pace)
    return reply_id


def throw_away(tx: Connection, draft_id: str, actor: str, rules: Rules, now: datetime) -> Row[Any]:
    """Raises KeyError, drafts.Decided."""
    row = drafts.throw_away(tx, draft_id, actor, now)
    notices.chat_seen(tx, row.chat_id, now)
    chats.reschedule(tx, row.chat_id, rules.pace)
    return row
