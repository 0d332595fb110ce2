"""Who calls: a signed token with a role."""

from datetime import UTC, datetime, timedelta

import jwt

ISSUER = "avito-assistant"
AUDIENCE = "avito-assistant-api"
ROLES = ("viewer", "manager", "owner")
"""From the least to the most that a person may do."""


def mint_token(secret: str, subject: str, role: str, ttl: timedelta = timedelta(minutes=10)) -> str:
    """A bearer token for the API, signed HS256 with `secret` (32 bytes or more)."""
    if role not in ROLES:
        raise ValueError(f"no such role: {role!r}")
    now = datetime.now(UTC)
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": subject,
        "role": role,
        "iat": now,
        "exp": now + ttl,
    }
    return jwt.encode(claims, secret, algorithm="HS256")
