"""What the clock does, and how often."""

from datetime import timedelta

EVERY = {
    "token_renewal": timedelta(minutes=10),
    "listing_sync": timedelta(hours=1),
    "webhook_check": timedelta(minutes=10),
    "statistics": timedelta(hours=1),
    "forgetting": timedelta(hours=6),
    "resealing": timedelta(hours=24),
    "budget_settling": timedelta(minutes=10),
    "watching": timedelta(minutes=1),
}
"""The jobs by name. The statistics of a day are asked for once, when Avito has them; the other hours find nothing to do."""
