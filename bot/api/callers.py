"""Who calls: a bearer token, what it must say, and what its role may do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import jwt
from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bot.api.deps import TheBot
from bot.api.problems import Problem

ISSUER = "avito-assistant"
AUDIENCE = "avito-assistant-api"
ROLES = ("viewer", "manager", "owner")
"""From the least to the most that a caller may do."""

REQUIRED = ["exp", "iat", "aud", "iss", "sub"]
LEEWAY = 10.0
"""Seconds by which two machines' clocks may differ."""


@dataclass(frozen=True)
class Caller:
    """Somebody whose token we signed."""

    subject: str
    role: str

    def may(self, role: str) -> bool:
        return ROLES.index(self.role) >= ROLES.index(role)


def read_token(token: str, secret: str) -> Caller:
    """Raises a 401 Problem that says what is wrong with the token."""
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            audience=AUDIENCE,
            issuer=ISSUER,
            leeway=LEEWAY,
            options={"require": REQUIRED},
        )
    except jwt.ExpiredSignatureError:
        raise unauthorized("The token has expired. Log in again, or make a new one.") from None
    except jwt.MissingRequiredClaimError as error:
        raise unauthorized(f"The token lacks the claim {error.claim!r}.") from None
    except (jwt.PyJWTError, ValueError, TypeError):
        raise unauthorized("The token was not made for this bot, or was changed.") from None
    return _caller(claims)


def unauthorized(detail: str, *, error: str = "invalid_token") -> Problem:
    challenge = f'Bearer realm="avito-assistant", error="{error}"'
    return Problem(401, "unauthorized", detail, headers={"WWW-Authenticate": challenge})


def _caller(claims: dict[str, Any]) -> Caller:
    subject, role = claims["sub"], claims.get("role")
    if not isinstance(subject, str) or not subject:
        raise unauthorized("The token's claim 'sub' is empty.")
    if role not in ROLES:
        raise unauthorized(f"The token's claim 'role' must be one of {', '.join(ROLES)}.")
    return Caller(subject, role)


_bearer = HTTPBearer(auto_error=False, bearerFormat="JWT", description="HS256 with JWT_SECRET")
Bearer = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]


def caller_of(request: Request, bot: TheBot, given: Bearer) -> Caller:
    """The caller. Raises a 401 Problem."""
    if given is None:
        raise Problem(
            401,
            "unauthorized",
            "This needs a token: Authorization: Bearer <JWT>. `python -m bot token` makes one.",
            headers={"WWW-Authenticate": 'Bearer realm="avito-assistant"'},
        )
    return read_token(given.credentials, bot.settings.jwt_secret.get_secret_value())


def needs(role: str) -> Callable[[Caller], Caller]:
    """A dependency that lets callers of this role or a higher one in."""

    def let_in(caller: Annotated[Caller, Depends(caller_of)]) -> Caller:
        if not caller.may(role):
            detail = f"This needs the role {role}; the token's role is {caller.role}."
            challenge = (
                f'Bearer realm="avito-assistant", error="insufficient_scope", scope="{role}"'
            )
            raise Problem(403, "forbidden", detail, headers={"WWW-Authenticate": challenge})
        return caller

    return let_in


Viewer = Annotated[Caller, Depends(needs("viewer"))]
Manager = Annotated[Caller, Depends(needs("manager"))]
Owner = Annotated[Caller, Depends(needs("owner"))]
