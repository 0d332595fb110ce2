"""Tells the log what was asked of the model, and what it cost."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.assistant.writer import Call
from bot.store import journal
from pipeline.events import ModelCalled


def record(
    tx: Connection, calls: Sequence[Call], now: datetime, *, purpose: str = "reply", **head: Any
) -> None:
    """One event a call; `head` says about which account, listing and chat."""
    for call in calls:
        news = ModelCalled(
            **head,
            model=call.model,
            outcome=call.outcome,
            tokens_in=call.tokens_in,
            tokens_out=call.tokens_out,
            cost_rub=call.cost_rub,
            latency_ms=call.latency_ms,
            purpose=purpose,
        )
        journal.record(tx, news, at=now)
