"""What the service tells of itself: one line an event, JSON unless a person looks on, and nobody's data in it."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor

QUIET = (
    "httpx",
    "httpx2",
    "httpcore",
    "openai",
    "apscheduler",
    "alembic",
    "uvicorn.error",
    "stamina",
)
"""Libraries whose chatter says nothing that we do not say better."""

_SECRETS = (
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}"), r"\1 [hidden]"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), "[token]"),
    (re.compile(r"\bsk-[\w-]{6,}"), "[key]"),
    (re.compile(r"\b\d{6,}:[\w-]{20,}"), "[token]"),  # a Telegram bot's
    (re.compile(r"(/webhook/\d+)\.[\w-]+"), r"\1.[hidden]"),
    (
        re.compile(
            r"""(?ix)(["']?\b(?:access_token|refresh_token|client_secret|api_key|password|state|code|secret|authorization)
            \b["']?\s*[=:]\s*["']?)(?!\[hidden\])[^\s"'&,;})]{4,}"""
        ),
        r"\1[hidden]",
    ),
    (re.compile(r"\bv1:[0-9a-f]{8}:[\w=-]{20,}"), "[sealed]"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (
        re.compile(r"(?<![\w-])(?:\+7|\b[78])[\s(-]*\d{3}[\s)-]*\d{3}[\s-]*\d{2}[\s-]*\d{2}(?!\d)"),
        "[phone]",
    ),
    (re.compile(r"\+\d[\d\s()-]{8,16}\d"), "[phone]"),
    (re.compile(r"(?<![\w-])[A-Za-z0-9_-]{43}={0,1}(?![\w-])"), "[secret]"),
)

_NAMED = re.compile(
    r"(?i)token|secret|password|authorization|api_key|cookie|phone|text|body|content"
)
"""Fields whose values are never shown, whatever they look like: secrets, and what clients wrote."""

SHOWN = frozenset({"tokens_in", "tokens_out", "text_length"})


def hidden(words: str) -> str:
    """The words without phones, addresses, tokens and keys."""
    for pattern, instead in _SECRETS:
        words = pattern.sub(instead, words)
    return words


def hide(_logger: Any, _method: str, event: EventDict) -> MutableMapping[str, Any]:
    """The last processor before the line is made: goes through every value, tracebacks included."""
    return {key: _hide_value(key, value) for key, value in event.items()}


def _hide_value(key: str, value: Any) -> Any:
    if _NAMED.search(key) and key not in SHOWN and not isinstance(value, bool | int | float | None):
        return "[hidden]"
    if isinstance(value, str):
        return hidden(value)
    if isinstance(value, Mapping):
        return {name: _hide_value(str(name), one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_hide_value("", one) for one in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return hidden(str(value))


def configure(level: str, out: TextIO = sys.stderr) -> None:
    """Every word of this process, the libraries' too, goes this way."""
    first: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[*first, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(_number(level)),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*first, structlog.stdlib.ExtraAdder()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                hide,
                _renderer(out),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(_number(level))
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _renderer(out: TextIO) -> Processor:
    if out.isatty():
        return structlog.dev.ConsoleRenderer()
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level.upper()]
