"""States of connections that were begun: each works once, for ten minutes, for whoever began it.

Only digests are kept, so that a copy of the database opens no door.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, or_, select, update

from bot.store.tables import oauth_state

LIFE = timedelta(minutes=10)


class StateRefused(Exception):
    """`code`: state_unknown, state_used, state_expired or other_caller."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def fresh() -> str:
    """256 bits that nobody can guess."""
    return secrets.token_urlsafe(32)


def begin(tx: Connection, state: str, subject: str, now: datetime) -> None:
    """A person begins to connect an account."""
    row = {
        "digest": _digest(state),
        "subject": subject,
        "created_at": now,
        "expires_at": now + LIFE,
    }
    tx.execute(insert(oauth_state).values(row))


def bind(tx: Connection, state: str, cookie: str, known_cookie: str | None, now: datetime) -> str:
    """Binds the state to a browser by `cookie`; the cookie that holds. Raises StateRefused.

    A browser that comes again keeps the cookie that it has; another browser is refused.
    """
    free = oauth_state.c.browser.is_(None)
    usable = (oauth_state.c.used_at.is_(None), oauth_state.c.expires_at > now)
    bound = tx.execute(
        update(oauth_state)
        .where(oauth_state.c.digest == _digest(state), free, *usable)
        .values(browser=_digest(cookie))
    )
    if bound.rowcount:
        return cookie
    _check(tx, state, known_cookie, None, now)
    return known_cookie or cookie


def use(
    tx: Connection, state: str, *, cookie: str | None, subject: str | None, now: datetime
) -> str:
    """Uses the state up; who began it. `subject` is who calls now, if that is known. Raises StateRefused."""
    mine = [or_(oauth_state.c.browser.is_(None), oauth_state.c.browser == _digest(cookie or ""))]
    if subject is not None:
        mine.append(oauth_state.c.subject == subject)
    used = tx.execute(
        update(oauth_state)
        .where(
            oauth_state.c.digest == _digest(state),
            oauth_state.c.used_at.is_(None),
            oauth_state.c.expires_at > now,
            *mine,
        )
        .values(used_at=now)
        .returning(oauth_state.c.subject)
    ).scalar_one_or_none()
    if used is None:
        _check(tx, state, cookie, subject, now)
        raise StateRefused("state_used")  # somebody was faster
    return str(used)


def forget(tx: Connection, *, before: datetime) -> int:
    return tx.execute(oauth_state.delete().where(oauth_state.c.expires_at < before)).rowcount


def _check(
    tx: Connection, state: str, cookie: str | None, subject: str | None, now: datetime
) -> None:
    """Raises StateRefused with the reason, if there is one."""
    row = tx.execute(
        select(oauth_state).where(oauth_state.c.digest == _digest(state))
    ).one_or_none()
    if row is None:
        raise StateRefused("state_unknown")
    if row.browser is not None and not hmac.compare_digest(row.browser, _digest(cookie or "")):
        raise StateRefused("other_caller")
    if subject is not None and row.subject != subject:
        raise StateRefused("other_caller")
    if row.used_at is not None:
        raise StateRefused("state_used")
    if row.expires_at <= now:
        raise StateRefused("state_expired")


def _digest(word: str) -> str:
    return hashlib.sha256(word.encode(errors="surrogatepass")).hexdigest()
