"""Instructions: versions that are never changed, and which of them holds. Bodies are JSON; what they mean is not known here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, ScalarSelect, Table, func, insert, select

from bot.store import journal
from bot.store.tables import account, instructions, listing, publication
from pipeline.events import InstructionsPublished

MOST_VERSIONS = 200
"""Versions of one account or listing that are shown, the newest."""


class Overtaken(Exception):
    """Somebody else published in the meantime; the version that holds now is in `args`."""


def save(
    tx: Connection,
    account_id: int,
    listing_id: int | None,
    body: Mapping[str, Any],
    *,
    note: str,
    by: str,
    now: datetime,
) -> int:
    """Keeps a version; its number. Saving what the newest version says already makes no new one."""
    newest = _newest(tx, account_id, listing_id)
    if newest is not None and newest.body == body:
        return int(newest.no)
    holds = published(tx, account_id, listing_id)
    row = {
        "account_id": account_id,
        "listing_id": listing_id,
        "body": body,
        "note": note,
        "based_on": holds.no if holds else None,
        "made_by": by,
        "made_at": now,
    }
    return int(
        tx.execute(insert(instructions).values(row).returning(instructions.c.no)).scalar_one()
    )


def one(tx: Connection, no: int) -> Row[Any] | None:
    return tx.execute(select(instructions).where(instructions.c.no == no)).one_or_none()


def publish(
    tx: Connection,
    version: Row[Any],
    changed: Sequence[str],
    *,
    by: str,
    now: datetime,
    replaces: int | None = None,
) -> bool:
    """From now on this version holds; False if it does already. `changed` are the names of the fields that differ.

    A version that held before and comes back is a roll-back: it is published anew, and the history stays as it was.
    With `replaces`, raises Overtaken unless that version holds now.
    """
    # Two who publish at once come one after the other; on SQLite there is one writer anyway.
    tx.execute(select(account.c.id).where(account.c.id == version.account_id).with_for_update())
    holds = published(tx, version.account_id, version.listing_id)
    before = holds.no if holds else None
    if before == version.no:
        return False
    if replaces is not None and replaces != (before or 0):
        raise Overtaken(before)
    again = bool(tx.scalar(select(_publications(version.no).exists())))
    row = {
        "account_id": version.account_id,
        "listing_id": version.listing_id,
        "instructions_no": version.no,
        "rolled_back": again,
        "by": by,
        "at": now,
    }
    tx.execute(insert(publication).values(row))
    news = InstructionsPublished(
        account_id=version.account_id,
        listing_id=version.listing_id,
        version=version.no,
        replaces=before,
        rolled_back=again,
        changed=tuple(changed),
        actor=by,
    )
    journal.record(tx, news, at=now)
    return True


def published(tx: Connection, account_id: int, listing_id: int | None) -> Row[Any] | None:
    """The version that holds for an account, or for a listing alone."""
    newest = (
        select(publication.c.instructions_no)
        .where(*_of(publication, account_id, listing_id))
        .order_by(publication.c.no.desc())
        .limit(1)
        .scalar_subquery()
    )
    return tx.execute(select(instructions).where(instructions.c.no == newest)).one_or_none()


def published_bodies() -> ScalarSelect[Any]:
    """For a question about accounts: the body of the version that holds for each, null if there is none."""
    newest = (
        select(publication.c.instructions_no)
        .where(publication.c.account_id == account.c.id, publication.c.listing_id.is_(None))
        .order_by(publication.c.no.desc())
        .limit(1)
        .correlate(account)
        .scalar_subquery()
    )
    bodies = select(instructions.c.body).where(instructions.c.no == newest)
    return bodies.correlate(account).scalar_subquery()


def versions(tx: Connection, account_id: int, listing_id: int | None) -> list[Row[Any]]:
    """Versions, the newest first."""
    rows = select(instructions).where(*_of(instructions, account_id, listing_id))
    return list(tx.execute(rows.order_by(instructions.c.no.desc()).limit(MOST_VERSIONS)))


def publications(tx: Connection, account_id: int, listing_id: int | None) -> list[Row[Any]]:
    """When which version was published, the newest first."""
    rows = select(publication).where(*_of(publication, account_id, listing_id))
    return list(tx.execute(rows.order_by(publication.c.no.desc()).limit(MOST_VERSIONS)))


def own_listings(tx: Connection, account_id: int) -> list[Row[Any]]:
    """Listings of an account that have versions of their own: id and title."""
    own = (
        select(instructions.c.listing_id)
        .where(instructions.c.account_id == account_id, instructions.c.listing_id.is_not(None))
        .distinct()
    )
    rows = select(listing.c.id, listing.c.title).where(listing.c.id.in_(own))
    return list(tx.execute(rows.order_by(listing.c.title, listing.c.id)))


def _newest(tx: Connection, account_id: int, listing_id: int | None) -> Row[Any] | None:
    newest = select(func.max(instructions.c.no)).where(*_of(instructions, account_id, listing_id))
    return tx.execute(
        select(instructions).where(instructions.c.no == newest.scalar_subquery())
    ).one_or_none()


def _publications(no: int) -> Any:
    return select(publication.c.no).where(publication.c.instructions_no == no)


def _of(table: Table, account_id: int, listing_id: int | None) -> list[ColumnElement[bool]]:
    its = table.c.listing_id
    return [
        table.c.account_id == account_id,
        its.is_(None) if listing_id is None else its == listing_id,
    ]
