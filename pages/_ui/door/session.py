"""Who is logged in, kept in a signed cookie."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt

COOKIE = "assistant_session"
LIFETIME = timedelta(hours=8)
ROLES = ("viewer", "manager", "owner")
"""From the least to the most that a person may do."""

_ISSUER, _AUDIENCE = "avito-assistant", "avito-assistant-dashboard"
_ended: dict[str, datetime] = {}
"""Sessions that were signed out before they ran out, by id."""


@dataclass(frozen=True)
class Session:
    """`user` is the e-mail with OpenID Connect, the role's name with a password."""

    user: str
    role: str
    id: str
    until: datetime


def begin(user: str, role: str, now: datetime) -> Session:
    return Session(user, role, secrets.token_urlsafe(12), now + LIFETIME)


def seal(session: Session, secret: str) -> str:
    """The session as a cookie's value."""
    claims = {
        "iss": _ISSUER,
        "aud": _AUDIENCE,
        "sub": session.user,
        "role": session.role,
        "jti": session.id,
        "exp": session.until,
    }
    return jwt.encode(claims, secret, algorithm="HS256")


def unseal(cookie: str, secret: str) -> Session | None:
    """The session of a cookie; None when it is forged, expired, signed out or not one of ours."""
    try:
        claims = jwt.decode(
            cookie,
            secret,
            algorithms=["HS256"],
            issuer=_ISSUER,
            audience=_AUDIENCE,
            options={"require": ["exp", "sub", "role", "jti"]},
        )
    except jwt.InvalidTokenError:
        return None
    if claims["role"] not in ROLES or has_ended(claims["jti"]):
        return None
    until = datetime.fromtimestamp(claims["exp"], UTC)
    return Session(claims["sub"], claims["role"], claims["jti"], until)


def end(session: Session, now: datetime) -> None:
    """Signs out everywhere, open pages included."""
    for old in [key for key, until in _ended.items() if until < now]:
        del _ended[old]
    _ended[session.id] = session.until


def has_ended(session_id: str) -> bool:
    return session_id in _ended
