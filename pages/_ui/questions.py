"""Which metrics each page shows, and each tab that is drawn when it is opened, so that they can be asked before the cards
want them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Questions:
    """Names of metrics, the slowest first; those of `compared` over the span before too. Those of `against_before` look at
    both spans by themselves, and are shown only where there is a span before."""

    compared: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    against_before: tuple[str, ...] = ()


QUESTIONS = {
    "overview": Questions(
        compared=("first_response", "lead_conversion", "dialogs", "leads"),
        against_before=("listing_changes",),
    ),
    "response": Questions(
        compared=("first_response", "sla"), alone=("next_reply_waiting", "waiting_curve")
    ),
    "traffic": Questions(
        compared=("messages_by_author", "silent_clients", "dialogs"),
        alone=("messages_by_kind", "heatmap"),
    ),
    "assistant": Questions(
        compared=("automation", "model_cost", "reopened"),
        alone=("marks", "drafts", "queue_ages", "handoffs", "verdicts"),
    ),
    "leads": Questions(compared=("lead_conversion", "phones", "leads")),
    "leads, charts": Questions(
        compared=("lead_conversion",),
        alone=("marks", "conversion_by_listing", "conversion_by_wait", "conversion_by_hour"),
    ),
    "listings": Questions(alone=("listing_funnel",)),
    "listings, charts": Questions(alone=("listing_funnel", "conversion_by_listing")),
    "quality": Questions(alone=("queue_ages", "webhook_completeness", "replies_by_state")),
}
