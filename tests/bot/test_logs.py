"""The log: one line an event, and nobody's data in it."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot import logs


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Where the log goes; afterwards everything is as it was."""
    root = logging.getLogger()
    handlers, level, before = root.handlers[:], root.level, structlog.get_config()
    out = io.StringIO()
    logs.configure("info", out)
    yield out
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)


def read(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


SECRETS = [
    "+7 916 123-45-67",
    "89161234567",
    "8 (916) 123 45 67",
    "anna@example.com",
    "Bearer abcdefghijklmnop",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl",
    "sk-proj-abcdef1234567890",
    "http://bot.test/api/avito/webhook/94235311.qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq",
    "access_token=kChqabcdefgh",
    '"refresh_token": "Zx9abcdefgh"',
    "client_secret=hushhush",
    "v1:0123abcd:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "Zx9kPqRsTuVwXyZ0123456789abcdefghijklmnopqr",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_secrets_do_not_show(lines: io.StringIO, secret: str) -> None:
    """
    Not in a value, not deep in one, not in a message of a library, and not in a traceback.
    """
    word = (
        secret.split("webhook/94235311.")[-1]
        .split("=")[-1]
        .split('": "')[-1]
        .strip('"')
        .removeprefix("Bearer ")
    )
    log = structlog.get_logger()

    log.info("event", detail=f"it was {secret} then", deep={"a": [f"x {secret}"]})
    logging.getLogger("library").warning("it said %s", secret)
    try:
        raise ValueError(f"about {secret}")
    except ValueError:
        log.exception("fell")

    assert word not in lines.getvalue()
    assert 3 == len(read(lines))


@pytest.mark.parametrize(
    "name", ["text", "body", "access_token", "phone", "Authorization", "client_text"]
)
def test_fields_that_hold_words_of_clients_never_show(lines: io.StringIO, name: str) -> None:
    """
    What a client wrote is hidden by the field's name, whatever it looks like.
    """
    structlog.get_logger().info("event", **{name: "Здравствуйте, это я"})

    assert "[hidden]" == read(lines)[0][name]


def test_what_is_harmless_stays(lines: io.StringIO) -> None:
    """
    Chat ids, numbers, account ids and moments are what a log is for.
    """
    with structlog.contextvars.bound_contextvars(
        request_id="r-1", chat_id="u2i-AbCdEfGhIjKlMnOpQrStUv"
    ):
        structlog.get_logger().info(
            "turn", account_id=94235311, tokens_in=812, ms=12.5, at="2026-10-09T09:01:40Z"
        )

    [line] = read(lines)
    assert (
        "r-1",
        "u2i-AbCdEfGhIjKlMnOpQrStUv",
        94235311,
        812,
        12.5,
        "2026-10-09T09:01:40Z",
    ) == tuple(
        line[name] for name in ("request_id", "chat_id", "account_id", "tokens_in", "ms", "at")
    )
    assert {"event", "level", "timestamp"} <= set(line)


def test_levels_hold(lines: io.StringIO) -> None:
    """
    Debug is silent at level info, and chatty libraries are heard from warnings on.
    """
    structlog.get_logger().debug("small")
    logging.getLogger("httpx").info("HTTP Request: GET https://api.avito.ru")

    assert "" == lines.getvalue()
