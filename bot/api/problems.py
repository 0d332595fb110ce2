"""Every refusal as a problem document (RFC 9457), in words that a person can act on."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from bot.errors import (
    AvitoBusy,
    AvitoUnreachable,
    BotError,
    NoMessengerAccess,
    NotFound,
    TokenRejected,
)
from bot.store.engine import StoreUnavailable

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"


class ProblemDocument(BaseModel):
    """A refusal. `code` is a short word that stays the same; `detail` is for people."""

    type: str = "about:blank"
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    code: str


class Problem(Exception):
    """A refusal that a route ends with."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        title: str | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.title = title or HTTPStatus(status).phrase
        self.headers = headers
        self.more = more

    def response(self) -> JSONResponse:
        body = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            **self.more,
        }
        return JSONResponse(body, self.status, dict(self.headers or {}), media_type=MEDIA_TYPE)


def not_found(what: str) -> Problem:
    return Problem(
        404,
        "not_found",
        f"There is no such {what}. It may have been removed, or the id has a mistake.",
    )


def fault() -> Problem:
    detail = "The bot made a mistake. It goes on; the log has the details under the request id."
    return Problem(500, "fault", detail)


def store_unavailable(error: StoreUnavailable) -> Problem:
    detail = "The database cannot take this now. Nothing was changed; try again in a moment."
    return Problem(
        503, "store_unavailable", detail, headers={"Retry-After": "2"}, reason=str(error)[:200]
    )


def of_avito(error: BotError) -> Problem:
    """What Avito said no with, as the answer to whoever asked us."""
    match error:
        case TokenRejected():
            detail = (
                "Avito does not accept the account's tokens any more. Connect the account again."
            )
            return Problem(409, "needs_reconnect", detail)
        case NoMessengerAccess():
            detail = "The account's subscription level at Avito gives no access to the messenger API. Raise it at Avito."
            return Problem(409, "no_messenger", detail)
        case NotFound():
            return Problem(
                404, "not_found", "Avito knows no such thing, or the account is not connected."
            )
        case AvitoBusy() | AvitoUnreachable():
            wait = {"Retry-After": str(max(1, round(error.retry_after or 10)))}
            return Problem(
                503, "avito_down", "Avito does not answer now. Try again in a moment.", headers=wait
            )
        case _:
            return Problem(502, "avito_refused", f"Avito refused this: {error}")


_SAID = {
    400: ("bad_request", "The request cannot be read. Send what /openapi.json describes."),
    404: ("no_route", "There is no such address here. /openapi.json lists those that exist."),
    405: (
        "method_not_allowed",
        "This address exists, but not for this method. /openapi.json tells which it takes.",
    ),
    413: ("too_large", "The body is larger than this address takes."),
}


def install(app: FastAPI) -> None:
    """Answers every error of the app, the framework's own too, with a problem document."""

    @app.exception_handler(Problem)
    async def _problem(_: Request, error: Problem) -> JSONResponse:
        return error.response()

    @app.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> JSONResponse:
        code, detail = _SAID.get(error.status_code, ("refused", str(error.detail)))
        return Problem(error.status_code, code, detail, headers=error.headers).response()

    @app.exception_handler(RequestValidationError)
    async def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        return invalid(error).response()

    @app.exception_handler(StoreUnavailable)
    async def _store(_: Request, error: StoreUnavailable) -> JSONResponse:
        return store_unavailable(error).response()

    @app.exception_handler(BotError)
    async def _avito(_: Request, error: BotError) -> JSONResponse:
        return of_avito(error).response()

    @app.exception_handler(Exception)
    async def _fault(_: Request, error: Exception) -> JSONResponse:
        return fault().response()


def invalid(error: RequestValidationError) -> Problem:
    """Names each field that is wrong and says what is; never what was sent."""
    wrong = [{"field": _field(one["loc"]), "problem": _plain(one)} for one in error.errors()]
    if any(one["type"] == "json_invalid" for one in error.errors()):
        return Problem(400, "bad_json", "The body is no readable JSON.")
    said = "; ".join(f"{one['field']}: {one['problem']}" for one in wrong)
    return Problem(422, "invalid", f"This cannot be taken as it is. {said}", errors=wrong)


def _field(where: tuple[Any, ...]) -> str:
    return ".".join(str(step) for step in where[1:]) or str(where[0])


def _plain(error: Mapping[str, Any]) -> str:
    message = str(error["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:]
