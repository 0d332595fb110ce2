"""The kinds of day that are simulated; a day is named by its climate and its seed."""

from collections.abc import Callable
from dataclasses import replace

from tests.reliability.town import Plan
from tests.reliability.weather import CALM, STORM

SLOW = replace(STORM, send_fails=0.2, history_lags=1.0, webhook_lost=0.0, model_slow=0.0)

CLIMATES: dict[str, Callable[[int], Plan]] = {
    "calm": lambda seed: Plan(seed, CALM, person=0.4, bursts=3, replies_per_hour=2),
    "storm": lambda seed: Plan(seed, STORM),
    "crashes": lambda seed: Plan(seed, STORM, dies=0.01, stops=0.2),
    "crashes in the calm": lambda seed: Plan(seed, CALM, dies=0.02, stops=0.2),
    "standing still": lambda seed: Plan(seed, STORM, dies=0.002, pauses=0.01),
    "hard of hearing": lambda seed: Plan(seed, SLOW, dies=0.003, person=0.8, hears_every=9.0),
    "two workers": lambda seed: Plan(seed, STORM, dies=0.005, pauses=0.01, workers=2),
    "silent clients": lambda seed: Plan(
        seed, STORM, bursts=3, dies=0.002, person=0.4, follow_ups=(0.004, 0.008)
    ),
    "drafts": lambda seed: Plan(seed, STORM, dies=0.004, bursts=3, drafts=True),
    "hours away": lambda seed: Plan(
        seed, STORM, dies=0.004, stops=0.2, long_downtime=0.2, pause_hours=0.05
    ),
}
