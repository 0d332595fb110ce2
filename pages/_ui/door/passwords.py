"""Which role a password opens."""

from collections.abc import Mapping

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from pages._ui.door.session import ROLES

_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash("nobody's password")
"""Verified when there is nothing else to verify, so that a refusal takes as long as a welcome."""


def read(setting: str) -> Mapping[str, str]:
    """Role → argon2 hash, from one bare hash (the owner's) or `role:hash` separated by whitespace.

    Raises ValueError when the setting is neither.
    """
    known: dict[str, str] = {}
    for part in setting.split():
        role, colon, digest = part.partition(":")
        if not colon or part.startswith("$"):
            role, digest = "owner", part
        if role not in ROLES or role in known or not digest.startswith("$argon2"):
            raise ValueError("DASHBOARD_PASSWORD_HASH is not an argon2 hash, nor role:hash pairs")
        known[role] = digest
    return known


def role_of(password: str, hashes: Mapping[str, str]) -> str | None:
    """The role that `password` opens, or None. Slow on purpose: call it in a thread."""
    found = None
    for role, digest in (hashes or {"": _NOBODY}).items():
        try:
            if _HASHER.verify(digest, password) and role:
                found = found or role
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            continue
    return found
