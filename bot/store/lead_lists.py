"""Leads as people look at them, each with its history."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from bot.store.tables import chat, lead, lead_step, listing

Steps = dict[str, list[Row[Any]]]
"""The history of each lead by its id, oldest first."""


def page(
    tx: Connection, state: str | None, *, offset: int, limit: int
) -> tuple[Sequence[Row[Any]], Steps, int]:
    """Leads, the newest first, their steps, and how many leads there are in all."""
    conditions: list[ColumnElement[bool]] = [lead.c.state == state] if state else []
    total = tx.scalar(select(func.count()).select_from(lead).where(*conditions)) or 0
    newest = (lead.c.created_at.desc(), lead.c.id)
    rows = list(
        tx.execute(_leads().where(*conditions).order_by(*newest).offset(offset).limit(limit))
    )
    return rows, steps(tx, [row.id for row in rows]), total


def one(tx: Connection, lead_id: str) -> tuple[Row[Any], Steps] | None:
    row = tx.execute(_leads().where(lead.c.id == lead_id)).one_or_none()
    return (row, steps(tx, [lead_id])) if row else None


def steps(tx: Connection, ids: Sequence[str]) -> Steps:
    found: Steps = {}
    for row in tx.execute(
        select(lead_step).where(lead_step.c.lead_id.in_(ids)).order_by(lead_step.c.no)
    ):
        found.setdefault(row.lead_id, []).append(row)
    return found


def _leads() -> Any:
    title = func.coalesce(listing.c.title, chat.c.listing_title).label("listing_title")
    return (
        select(lead, title)
        .join(chat, chat.c.id == lead.c.chat_id)
        .outerjoin(listing, listing.c.id == lead.c.listing_id)
    )
