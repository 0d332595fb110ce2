"""The fact guard: what a reply claims is held against what the assistant knows, by code, before anything is sent."""

from bot.assistant.guard.checking import check, warm_up
from bot.assistant.guard.knowledge import Knowledge, from_fields, from_row, with_said
from bot.assistant.guard.plain import tidy
from bot.assistant.guard.talk import KINDS, Finding, Kind

__all__ = [
    "KINDS",
    "Finding",
    "Kind",
    "Knowledge",
    "check",
    "from_fields",
    "from_row",
    "tidy",
    "warm_up",
    "with_said",
]
