"""The sealed pair of tokens of each account, and who renews it.

The sealed text is different each time, so comparing it tells whether a pair was replaced in the meantime.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, or_, select, update

from bot.store import journal, notices
from bot.store.accounts import PRESENT
from bot.store.tables import account
from pipeline.events import AccountDisconnected, TokenRenewed

LEASE = timedelta(seconds=30)
"""How long a process has the refresh token to itself: longer than two requests to Avito last."""


@dataclass(frozen=True)
class Pair:
    """What is kept of an account's tokens; the tokens are sealed."""

    state: str
    access: str | None
    refresh: str | None
    expires_at: datetime | None


def read(tx: Connection, account_id: int) -> Pair | None:
    row = tx.execute(
        select(
            account.c.state,
            account.c.access_token,
            account.c.refresh_token,
            account.c.token_expires_at,
        ).where(account.c.id == account_id)
    ).one_or_none()
    return Pair(*row) if row else None


def claim(tx: Connection, account_id: int, pair: Pair, now: datetime) -> bool:
    """Takes the right to use up this refresh token; False if another process has it or the pair was replaced."""
    free = or_(account.c.renewing_until.is_(None), account.c.renewing_until <= now)
    taken = tx.execute(_still(account_id, pair).where(free).values(renewing_until=now + LEASE))
    return taken.rowcount == 1


def let_go(tx: Connection, account_id: int, pair: Pair) -> None:
    """The refresh token was not used up."""
    tx.execute(_still(account_id, pair).values(renewing_until=None))


def renewed(
    tx: Connection,
    account_id: int,
    pair: Pair,
    sealed: dict[str, Any],
    expires_at: datetime,
    now: datetime,
) -> bool:
    """Puts a new pair in the place of `pair`; False if somebody connected or removed the account meanwhile."""
    new = {
        "token_expires_at": expires_at,
        "token_renewed_at": now,
        "renewing_until": None,
        **sealed,
    }
    put = tx.execute(_still(account_id, pair).values(new))
    if put.rowcount:
        journal.record(tx, TokenRenewed(account_id=account_id, expires_at=expires_at), at=now)
    return put.rowcount == 1


def rejected(tx: Connection, account_id: int, pair: Pair, reason: str, now: datetime) -> bool:
    """Avito takes this refresh token no more: only its owner can connect the account again."""
    lost = tx.execute(
        _still(account_id, pair).values(
            state="needs_reconnect", state_detail=reason, renewing_until=None
        )
    )
    if lost.rowcount:
        journal.record(
            tx, AccountDisconnected(account_id=account_id, reason="token_rejected"), at=now
        )
        notices.add(tx, "needs_reconnect", account_id, reason, now)
    return lost.rowcount == 1


def run_out(tx: Connection, before: datetime) -> Sequence[int]:
    """Accounts whose access token ends before a moment."""
    usable = account.c.state.in_(("connected", "no_messenger"))
    return list(
        tx.scalars(select(account.c.id).where(usable, account.c.token_expires_at <= before))
    )


def sealed_pairs(tx: Connection) -> Sequence[tuple[int, Pair]]:
    """Every pair that is kept."""
    columns = (
        account.c.state,
        account.c.access_token,
        account.c.refresh_token,
        account.c.token_expires_at,
    )
    rows = tx.execute(select(account.c.id, *columns).where(account.c.access_token.is_not(None)))
    return [(row[0], Pair(*row[1:])) for row in rows]


def resealed(tx: Connection, account_id: int, pair: Pair, sealed: dict[str, Any]) -> bool:
    """The same secrets under another key; False if the pair was replaced meanwhile."""
    return tx.execute(_still(account_id, pair).values(sealed)).rowcount == 1


def _still(account_id: int, pair: Pair) -> Any:
    return update(account).where(
        account.c.id == account_id,
        PRESENT,
        account.c.access_token.is_not_distinct_from(pair.access),
    )
