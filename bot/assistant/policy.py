"""What a seller would tell the assistant to do, in the seller's order: no clock, no database, no network."""

from collections.abc import Sequence
from dataclasses import dataclass

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
    *,
    known_kind: bool,
    ai_enabled: bool | None,
    has_listing: bool,
    humans_reason: str | None,
    too_old: bool,
) -> Decision:
    """What is certain the moment a message comes: a switch holds from the next message on.

    `ai_enabled` is None for a listing that we do not know yet; `humans_reason` says why a person has the chat.
    """
    if not known_kind:
        return Leave("not_text", "not_text")
    if not ai_enabled:
        return Leave("off", "listing_off" if has_listing else "no_listing")
    if humans_reason is not None:
        return Leave("left_to_human", humans_reason)
    if too_old:
        return Leave("left_to_human", "too_old")
    return Ask()


def on_burst(
    kinds: Sequence[str],
    *,
    ai_enabled: bool | None,
    account_usable: bool,
    humans_reason: str | None,
    too_old: bool,
) -> Decision:
    """What to do with the messages that wait together, when the burst is over. `kinds` are theirs, oldest first."""
    if not ai_enabled:
        return Leave("off", "listing_off")
    if humans_reason is not None:
        return Leave("left_to_human", humans_reason)
    if not account_usable:
        return Leave("left_to_human", "account_unusable")
    if too_old:
        return Leave("left_to_human", "too_old")
    if not any(kind in READABLE for kind in kinds):
        return Leave("not_text", "not_text")
    return Ask()
