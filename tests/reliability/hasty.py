"""`python -m bot serve` whose waits are short, for a world that carries nothing out late: for the kill tests."""

import runpy
import sys
from datetime import timedelta

from bot.jobs import delivery, sweep

delivery.REQUEST = timedelta(seconds=1)
delivery.SETTLE = {why: tuple(map(timedelta, (0, 0, 0), (1, 1, 2))) for why in delivery.SETTLE}
sweep.EVERY = 4.0
sweep.FRESH = timedelta(seconds=2)

if __name__ == "__main__":
    sys.argv = ["bot", "serve"]
    runpy.run_module("bot", run_name="__main__")
