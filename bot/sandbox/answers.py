"""The shapes in which Avito answers, good news and bad; the letters are those of its contract."""

from dataclasses import dataclass, field
from typing import Any

MESSAGES = {
    400: "Bad Request",
    401: "Unauthorized",
    402: "Payment required",
    403: "Forbidden",
    404: "Not found",
    429: "Too many requests",
    500: "Error while processing request. Please, contact support",
    503: "Service temporarily unavailable. Please, contact support",
}
BLOCKED = (
    "<!doctype html><html lang=ru><head><title>Доступ ограничен: проблема с IP</title></head>"
    "<body><h1>Доступ ограничен: проблема с IP</h1></body></html>"
)


@dataclass(frozen=True)
class Answer:
    """A status, a body to be made JSON (str goes out as HTML, None as nothing), and headers."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class Refused(Exception):
    """A request that is answered with an error."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"refused with {answer.status}")
        self.answer = answer


def shape_a(status: int, message: str | None = None, **more: Any) -> Refused:
    """`{"error":{"code":401,"message":"Unauthorized"}}`: accounts, statistics, messenger."""
    text = message or MESSAGES.get(status, "Error")
    return Refused(Answer(status, {"error": {"code": status, "message": text, **more}}))


def invalid(**fields: str) -> Refused:
    """A 400 that names what is wrong with which field."""
    return shape_a(400, "Validation error", fields=fields)


def shape_b(status: int, message: str) -> Refused:
    """`{"code":"400","message":"…"}`: the listing routes."""
    return Refused(Answer(status, {"code": str(status), "message": message}))


def shape_c(message: str) -> Refused:
    """`{"error":{"code":"validation","message":"…"}}`: the ratings routes."""
    return Refused(Answer(400, {"error": {"code": "validation", "message": message}}))


def bad_token() -> Refused:
    """Shape D: what the messenger says to a token that it does not accept."""
    body = {"result": {"status": False, "message": "invalid access token"}}
    return Refused(Answer(403, body))


def oauth_error(status: int, error: str, description: str) -> Refused:
    """Shape E: `{"error":"invalid_grant","error_description":"…"}`."""
    return Refused(Answer(status, {"error": error, "error_description": description}))


def no_route(path: str) -> Answer:
    """Shape G, with a 400 inside a 404, as the gateway has it."""
    return Answer(404, {"message": f"route {path} not found", "code": 400})


def trouble(status: int, *, html: bool, retry_after: float | None) -> Answer:
    """An error that is the service's own fault, or the gateway's."""
    headers = {} if retry_after is None else {"Retry-After": f"{retry_after:g}"}
    if html:
        return Answer(status, BLOCKED, headers)
    if status == 429:
        return Answer(429, {}, headers)
    return Answer(status, shape_a(status).answer.body, headers)
