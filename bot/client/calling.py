"""One question to the bot over HTTP, and its answer or what went wrong."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import httpx

from bot.client.errors import BotError, BotRefused, BotUnavailable


class Caller:
    """Who asks: where the bot is, and as whom."""

    def __init__(
        self,
        base_url: str,
        token: Callable[[], str] | str,
        *,
        timeout: float = 10.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._token = token if callable(token) else lambda: token
        self._http = httpx.Client(
            base_url=base_url,
            timeout=httpx.Timeout(timeout, connect=3.0),
            transport=transport,
            trust_env=False,
        )

    def close(self) -> None:
        self._http.close()

    def _get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        return self._call("GET", path, params=params)

    def _call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        timeout: float | None = None,
        fine: tuple[int, ...] = (),
    ) -> Any:
        try:
            answer = self._http.request(
                method,
                path,
                params={k: v for k, v in (params or {}).items() if v is not None},
                json=json,
                headers={"Authorization": f"Bearer {self._token()}", "Accept": "application/json"},
                timeout=httpx.USE_CLIENT_DEFAULT if timeout is None else timeout,
            )
        except httpx.HTTPError as error:
            raise BotUnavailable(f"The bot does not answer: {error}") from error
        if answer.is_error and answer.status_code not in fine:
            raise _refusal(answer)
        try:
            return answer.json() if answer.content else {}
        except ValueError as error:
            raise BotUnavailable("What answers at the bot's address is not the bot.") from error


def _refusal(answer: httpx.Response) -> BotError:
    try:
        problem = answer.json()
    except ValueError:
        problem = None
    if not isinstance(problem, dict) or "title" not in problem:
        return BotUnavailable(f"Something else than the bot answered with {answer.status_code}.")
    return BotRefused(
        title=str(problem["title"]),
        detail=str(problem.get("detail") or ""),
        code=str(problem.get("code") or ""),
        status=answer.status_code,
    )


def segment(text: str) -> str:
    """A path segment; chat ids have characters that mean something in a URL."""
    return quote(text, safe="")
