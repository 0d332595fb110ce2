"""For every metric the smallest thing that it counts, so that windows and filters are tried on all of them alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.pipeline.metrics.telling import WEEK, Row, Story

Tell = Callable[..., None]
"""Tells one thing in a chat that is counted at `after`, about a listing of an account."""

LATER = 3 * WEEK
"""By then all dialogs of a story are over."""


@dataclass(frozen=True)
class Unit:
    """How to tell one thing, in which column it is counted, and in which rows of an answer."""

    tell: Tell
    column: str
    rows: Sequence[tuple[str, object]] = ()

    def count(self, answer: Sequence[Row]) -> int:
        """How many of them an answer counts, or a part of it."""
        found = [row for row in answer if all(row[name] == value for name, value in self.rows)]
        if self.column == "":
            return len(found)
        return sum(row[self.column] for row in found)


def asks(story: Story, chat: str, after: float, **where: int) -> None:
    story.client(chat, after, **where)


def is_answered(story: Story, chat: str, after: float, **where: int) -> None:
    story.client(chat, after, **where)
    story.assistant(chat, after + 30, **where)
    story.until(after + LATER)


def is_handed_off(story: Story, chat: str, after: float, **where: int) -> None:
    story.client(chat, after - 7, **where)
    story.handed_off(chat, after, **where)


def is_judged(story: Story, chat: str, after: float, **where: int) -> None:
    message = story.client(chat, after - 4, **where)
    story.verdict(chat, after, "answered", message, after - 3, **where)


UNITS = {
    "automation": Unit(asks, "dialogs"),
    "conversion_by_hour": Unit(asks, "dialogs"),
    "conversion_by_listing": Unit(asks, "dialogs"),
    "conversion_by_wait": Unit(asks, "dialogs"),
    "dialogs": Unit(asks, "dialogs"),
    "drafts": Unit(Story.discarded, "drafts"),
    "first_response": Unit(asks, "dialogs", [("answered_by", "all")]),
    "handoffs": Unit(is_handed_off, "handoffs", [("reason", "all")]),
    "heatmap": Unit(asks, "dialogs"),
    "lead_conversion": Unit(asks, "dialogs"),
    "leads": Unit(Story.lead, "leads"),
    "listing_changes": Unit(asks, "dialogs"),
    "listing_funnel": Unit(asks, "dialogs", [("listing_id", None)]),
    "messages_by_author": Unit(asks, "messages"),
    "messages_by_kind": Unit(asks, "messages"),
    "model_cost": Unit(Story.model, "calls"),
    "next_reply_waiting": Unit(asks, "waits", [("answered_by", "all")]),
    "overview": Unit(asks, "dialogs", [("span", "now")]),
    "phones": Unit(asks, "dialogs"),
    "queue_ages": Unit(is_judged, "messages", [("verdict", "all")]),
    "reopened": Unit(is_answered, "resolved"),
    "replies_by_state": Unit(Story.reply, "replies"),
    "requester_wait": Unit(asks, "dialogs"),
    "silent_clients": Unit(is_answered, "dialogs", [("answered_by", "all")]),
    "sla": Unit(is_answered, "offered", [("wait", "every")]),
    "unanswered": Unit(asks, ""),
    "verdicts": Unit(is_judged, "messages"),
    "waiting_curve": Unit(asks, "dialogs", [("answered_by", "all"), ("after_seconds", 0)]),
    "webhook_completeness": Unit(asks, "messages"),
}
"""Marks are told of in stories of their own: nothing is counted there."""
