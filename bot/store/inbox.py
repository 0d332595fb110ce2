"""What Avito told us, kept raw until it was understood."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from bot.store.tables import account, inbox
from bot.store.upsert import insert_new


class UnknownAccount(Exception):
    """No such account is connected."""


@dataclass(frozen=True)
class Raw:
    """One call of the webhook as it came."""

    no: int
    account_id: int
    body: str
    received_at: datetime


def receive(tx: Connection, account_id: int, message_id: str, body: str, now: datetime) -> bool:
    """Keeps a webhook call; False if this message was told before. Raises UnknownAccount."""
    connected = select(account.c.id).where(account.c.id == account_id, account.c.state != "removed")
    if tx.scalar(connected) is None:
        raise UnknownAccount(account_id)
    row = {"account_id": account_id, "message_id": message_id, "body": body, "received_at": now}
    return insert_new(tx, inbox, row)


def waiting(tx: Connection, limit: int) -> Sequence[Raw]:
    """Calls that nobody has understood yet, in the order in which they came."""
    rows = tx.execute(
        select(inbox.c.no, inbox.c.account_id, inbox.c.body, inbox.c.received_at)
        .where(inbox.c.done_at.is_(None))
        .order_by(inbox.c.no)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [Raw(**row._mapping) for row in rows]


def done(tx: Connection, numbers: Sequence[int], now: datetime) -> None:
    tx.execute(update(inbox).where(inbox.c.no.in_(numbers)).values(done_at=now))


def size(tx: Connection) -> int:
    return tx.scalar(select(func.count()).where(inbox.c.done_at.is_(None))) or 0


def forget(tx: Connection, *, before: datetime) -> int:
    """Removes what was understood before a moment; the messages themselves stay."""
    return tx.execute(inbox.delete().where(inbox.c.done_at < before)).rowcount
