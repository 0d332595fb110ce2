"""The service in numbers, for Prometheus."""

from collections.abc import Iterator
from datetime import timedelta

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from starlette.responses import Response

from bot.api.callers import Viewer
from bot.api.deps import TheBot
from bot.api.state import times
from bot.pulse import Pulse
from bot.store import overview
from bot.store.overview import Overview

router = APIRouter(tags=["service"])

Labelled = dict[str, float]


class Seen:
    """What one scrape saw, as a collector."""

    def __init__(
        self,
        seen: Overview,
        verdicts: dict[str, int],
        pulse: Pulse,
        ages: Labelled,
        tokens: Labelled,
        found: dict[str, int],
    ) -> None:
        self._seen, self._verdicts, self._pulse, self._ages = seen, verdicts, pulse, ages
        self._tokens, self._found = tokens, found

    def collect(self) -> Iterator[Metric]:
        seen, pulse, took = self._seen, self._pulse, times(self._pulse)
        yield CounterMetricFamily(
            "avito_webhook_acks", "Webhook calls that were written down.", value=pulse.acks
        )
        yield CounterMetricFamily(
            "avito_webhook_acks_over_2s",
            "Those that took longer than Avito waits.",
            value=pulse.acks_over_2s,
        )
        yield _labelled(
            "avito_webhook_ack_seconds",
            "Time of the newest webhook calls.",
            "quantile",
            {"0.5": (took.p50_ms or 0.0) / 1000, "0.99": (took.p99_ms or 0.0) / 1000},
        )
        if pulse.budget_left is not None:
            yield GaugeMetricFamily(
                "avito_webhook_error_budget_left",
                "What is left of the calls that may be answered after 2 s, 1 to 0.",
                pulse.budget_left,
            )
        sizes = {
            "inbox": seen.inbox,
            "chats": seen.chats.size,
            "replies": seen.replies.size,
            "leads": seen.leads,
            "events": seen.events.size,
        }
        yield _labelled("avito_queue_size", "How many wait.", "queue", sizes)
        yield _labelled(
            "avito_queue_age_seconds", "How long the oldest has waited.", "queue", self._ages
        )
        yield _labelled("avito_replies", "Replies by state.", "state", seen.reply_states)
        yield _labelled("avito_verdicts", "Client messages by verdict.", "verdict", self._verdicts)
        yield _labelled("avito_accounts", "Accounts by state.", "state", seen.accounts)
        yield _labelled(
            "avito_token_seconds_left",
            "For how long the access token of an account is still good.",
            "account",
            self._tokens,
        )
        yield _labelled(
            "avito_messages_found",
            "Client messages of the last 24 hours by the way in which they reached us.",
            "way",
            self._found,
        )
        lag = GaugeMetricFamily(
            "avito_lake_lag_seconds", "How far the event log is behind.", self._ages["events"]
        )
        yield lag
        parts = {name: float(beat.ok) for name, beat in pulse.parts.items()}
        yield _labelled(
            "avito_part_ok",
            "Whether a part of the service did well when it last ran.",
            "part",
            parts,
        )


def _labelled(
    name: str, words: str, label: str, values: dict[str, int] | Labelled
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def metrics(bot: TheBot, caller: Viewer) -> Response:
    """Prometheus text."""
    now = bot.now()
    seen = await bot.store.read(overview.take)
    verdicts = await bot.store.read(overview.verdicts)
    queues = {"chats": seen.chats, "replies": seen.replies, "events": seen.events}
    ages = {name: queue.age(now) or 0.0 for name, queue in queues.items()}
    tokens = await bot.store.read(lambda tx: overview.tokens(tx, now))
    found = await bot.store.read(lambda tx: overview.found_by(tx, now - timedelta(hours=24)))
    registry = CollectorRegistry()
    registry.register(Seen(seen, verdicts, bot.pulse, ages, tokens, found))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
