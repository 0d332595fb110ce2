"""What may go wrong on request, and the order in which it does."""

import random
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

# The words of a script, `{"next": {"send": ["timeout_after", "500", "ok"]}}`; a number or a text
# may follow a colon. For Avito's answers and the CRM's:
#   ok             nothing happens
#   500, 429:7     refused, not applied; after the colon a 429's Retry-After in seconds
#   html_403       the same as a page of the gateway
#   timeout, reset            not applied; no answer, or the connection is cut
#   timeout_after, reset_after, 500_after   applied first
#   apply_late:5   no answer, applied after five seconds
#   slow:3         applied, answered after three seconds
#   garbage        applied, and the 200 cannot be read
# For the model: timeout, reset, slow:3, 429, 500, empty, refusal, broken_json, wrong_language,
# too_long, no_schema, say:<reply>, content:<whatever the message holds>.
# For Telegram: 429:3, 500, 401, 403, timeout, reset, timeout_after, slow:3.
# For webhook calls: drop, repeat, late:5, reorder.
AVITO_OPS = frozenset(
    [
        "token",
        "self",
        "balance",
        "operations",
        "items",
        "item",
        "stats",
        "stats_v2",
        "calls",
        "ratings",
        "reviews",
        "chats",
        "chat",
        "history",
        "send",
        "send_image",
        "delete",
        "read",
        "voice",
        "blacklist",
        "upload",
        "subscribe",
        "subscriptions",
        "unsubscribe",
    ]
)
OPS = AVITO_OPS | {"model", "crm", "telegram", "webhook"}

ANSWER_WORD = re.compile(
    r"ok|(html_)?[45]\d\d(_after)?|reset(_after)?|timeout(_after)?|apply_late|slow|garbage"
)
MODEL_WORD = re.compile(
    r"ok|[45]\d\d|timeout|reset|slow|empty|refusal|broken_json|wrong_language|too_long|no_schema"
    r"|say|content"
)
HOOK_WORD = re.compile(r"ok|drop|repeat|late|reorder")


@dataclass(frozen=True)
class Fate:
    """What happens to one request: a word, and what follows its colon."""

    word: str = "ok"
    detail: str = ""

    @property
    def number(self) -> float | None:
        """What follows the colon, when it is a number."""
        try:
            return float(self.detail)
        except ValueError:
            return None


class Faults(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Every fault that stays until it is changed; the defaults are good weather.

    Rates are 0..1, times are seconds. `only` narrows the rates of Avito's answers to the named
    operations; without it they fall on all but `token`.
    """

    latency: float = 0.0
    model_latency: float = 0.0
    crm_latency: float = 0.0
    rate_429: float = 0.0
    retry_after: float | None = None
    rate_5xx: float = 0.0
    rate_timeout_after: float = 0.0
    rate_reset: float = 0.0
    rate_reset_after: float = 0.0
    only: list[str] = []
    html_errors: bool = False
    timeout_seconds: float = 120.0
    webhook_drop: float = 0.0
    webhook_repeat: float = 0.0
    webhook_reorder: float = 0.0
    webhook_late: float = 0.0
    webhook_late_seconds: float = 5.0
    webhook_retries: int = 0
    echo_before_answer: bool | float = False
    history_lag: float = 0.0
    history_5xx: float = 0.0
    missing_subscription: bool = False
    bare_array_messages: bool = False
    auth_status: int = 401
    no_rate_limits: bool = False
    model: str | None = None
    model_rate: float = 1.0
    crm: str | None = None
    crm_rate: float = 1.0
    crm_strict: bool = False


# Other words for the same, as people say them.
ALIASES = {
    "429": "rate_429",
    "5xx": "rate_5xx",
    "timeouts": "rate_timeout_after",
    "timeout_after": "rate_timeout_after",
    "timeout_after_accept": "rate_timeout_after",
    "timeouts_after_accepting": "rate_timeout_after",
    "reset": "rate_reset",
    "reset_connection": "rate_reset",
    "drop_webhooks": "webhook_drop",
    "dropped_webhooks": "webhook_drop",
    "repeat_webhooks": "webhook_repeat",
    "repeated_webhooks": "webhook_repeat",
    "reorder_webhooks": "webhook_reorder",
    "reordered_webhooks": "webhook_reorder",
    "late_webhooks": "webhook_late",
    "expired_tokens": "expire_tokens",
    "revoked_refresh": "revoke_refresh",
    "missing_subscription_level": "missing_subscription",
    "no_subscription": "missing_subscription",
    "model_fault": "model",
    "crm_fault": "crm",
}
ACTIONS = ("expire_tokens", "revoke_refresh", "clear", "next")
NAMES = tuple(msgspec.structs.asdict(Faults())) + ACTIONS


class UnknownFault(ValueError):
    """A name or a word that no fault has; the message names those that exist."""


class Weather:
    """The faults of one sandbox: those that stay, those that are scripted, and the dice."""

    def __init__(self, seed: int) -> None:
        self.faults = Faults()
        self.script: dict[str, deque[str]] = {}
        self._dice = random.Random(f"weather {seed}")

    def change(self, wanted: Mapping[str, Any]) -> set[str]:
        """Take over the named faults; returns those of the one-time actions that were asked for.

        Raises UnknownFault, and changes nothing then.
        """
        named = {ALIASES.get(name, name): value for name, value in wanted.items()}
        if unknown := sorted(set(named) - set(NAMES)):
            raise UnknownFault(f"unknown faults {unknown}; known are {sorted(NAMES)}")
        actions = {name: named.pop(name) for name in ACTIONS if name in named}
        before = {} if actions.get("clear") else msgspec.structs.asdict(self.faults)
        try:
            faults = msgspec.convert({**before, **named}, Faults)
        except msgspec.ValidationError as error:
            raise UnknownFault(str(error)) from error
        script = _checked(actions.get("next", {}), faults)
        if actions.get("clear"):
            self.script = {}
        self.faults = faults
        for op, words in script.items():
            self.script.setdefault(op, deque()).extend(words)
        return {name for name, value in actions.items() if value}

    def fate(self, op: str) -> Fate:
        """What happens to the next request of this kind: scripted first, then by the dice."""
        for key in (op, "any") if op in AVITO_OPS else (op,):
            if waiting := self.script.get(key):
                word, _, detail = waiting.popleft().partition(":")
                return Fate(word, detail)
        match op:
            case "model":
                return self._steady(self.faults.model, self.faults.model_rate)
            case "crm":
                return self._steady(self.faults.crm, self.faults.crm_rate)
            case "webhook":
                return self._hook()
        return self._answer(op)

    def echo_first(self) -> bool:
        """Whether the next echo overtakes the answer to its own send."""
        return self._falls(float(self.faults.echo_before_answer))

    def _steady(self, word: str | None, rate: float) -> Fate:
        if word is None or self._dice.random() >= rate:
            return Fate()
        name, _, detail = word.partition(":")
        return Fate(name, detail)

    def _answer(self, op: str) -> Fate:
        f = self.faults
        if op == "history" and self._falls(f.history_5xx):
            return Fate("503")
        if op not in f.only if f.only else op == "token":
            return Fate()
        rates = {
            "reset": f.rate_reset,
            "429": f.rate_429,
            "503": f.rate_5xx,
            "timeout_after": f.rate_timeout_after,
            "reset_after": f.rate_reset_after,
        }
        return next((Fate(word) for word, rate in rates.items() if self._falls(rate)), Fate())

    def _hook(self) -> Fate:
        f = self.faults
        rates = {
            "drop": f.webhook_drop,
            "repeat": f.webhook_repeat,
            "reorder": f.webhook_reorder,
            "late": f.webhook_late,
        }
        return next((Fate(word) for word, rate in rates.items() if self._falls(rate)), Fate())

    def _falls(self, rate: float) -> bool:
        return rate > 0 and self._dice.random() < rate


def _checked(script: Any, faults: Faults) -> dict[str, list[str]]:
    try:
        wanted = msgspec.convert(script, dict[str, list[str]])
    except msgspec.ValidationError as error:
        raise UnknownFault(f"next: {error}") from error
    if unknown := sorted(set(wanted) - OPS - {"any"}):
        raise UnknownFault(f"next knows no {unknown}; known are {sorted(OPS)} and 'any'")
    if unknown := sorted(set(faults.only) - AVITO_OPS):
        raise UnknownFault(f"only knows no {unknown}; known are {sorted(AVITO_OPS)}")
    steady = {"model": [faults.model] if faults.model else []}
    steady["crm"] = [faults.crm] if faults.crm else []
    for op, words in [*wanted.items(), *steady.items()]:
        grammar = {"model": MODEL_WORD, "webhook": HOOK_WORD}.get(op, ANSWER_WORD)
        for word in words:
            if not grammar.fullmatch(word.partition(":")[0]):
                raise UnknownFault(f"{op} knows no {word!r}; words are {grammar.pattern}")
    return wanted
