"""What a seller would tell the assistant to do, in the seller's order: no clock, no database, no network."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.assistant.modes import Duty
from pipeline.events import Verdict

READABLE = frozenset({"text", "link", "item", "location"})
"""Kinds of message that have words to answer; of the others the assistant knows only that they came."""


@dataclass(frozen=True)
class Ask:
    """The model should write a reply."""


@dataclass(frozen=True)
class Leave:
    """No reply by the assistant, and why."""

    verdict: Verdict
    reason: str | None = None


Decision = Ask | Leave


def on_arrival(
    *, known_kind: bool, duty: Duty, humans_reason: str | None, too_old: bool
) -> Decision:
    """What is certain the moment a message comes: a switch holds from the next message on.

    `humans_reason` says why a person has the chat.
    """
    if not known_kind:
        return Leave("not_text", "not_text")
    if (withheld := _withheld(duty, humans_reason)) is not None:
        return withheld
    if too_old:
        return Leave("left_to_human", "too_old")
    return Ask()


def on_burst(
    kinds: Sequence[str],
    *,
    duty: Duty,
    account_usable: bool,
    humans_reason: str | None,
    too_old: bool,
) -> Decision:
    """What to do with the messages that wait together, when the burst is over. `kinds` are theirs, oldest first."""
    if (withheld := _withheld(duty, humans_reason)) is not None:
        return withheld
    if not account_usable:
        return Leave("left_to_human", "account_unusable")
    if too_old:
        return Leave("left_to_human", "too_old")
    if not any(kind in READABLE for kind in kinds):
        return Leave("not_text", "not_text")
    return Ask()


def _withheld(duty: Duty, humans_reason: str | None) -> Leave | None:
    """A switch that is off says most; a person who has the chat says more than the schedule."""
    by_duty = silent(duty)
    if by_duty is not None and by_duty.verdict == "off":
        return by_duty
    if humans_reason is not None:
        return Leave("left_to_human", humans_reason)
    return by_duty


def silent(duty: Duty) -> Leave | None:
    """What becomes of messages when the assistant may do nothing; None if it may."""
    if duty.may != "nothing":
        return None
    return Leave("off_hours" if duty.reason == "working_hours" else "off", duty.reason)
