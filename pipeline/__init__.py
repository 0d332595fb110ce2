"""The event log, and everything that can be asked of it."""

from types import ModuleType
from typing import TYPE_CHECKING

from pipeline.lake import Lake, LakeBroken, LakeMissing, connect, newest_snapshot
from pipeline.steady import SteadyLog

if TYPE_CHECKING:
    from pipeline import charts
    from pipeline.metrics import Metric, Window, catalog

__all__ = [
    "Lake",
    "LakeBroken",
    "LakeMissing",
    "Metric",
    "SteadyLog",
    "Window",
    "catalog",
    "charts",
    "connect",
    "newest_snapshot",
]


def __getattr__(name: str) -> object:
    """Pandas and Plotly are loaded when somebody asks: the bot writes events and needs neither."""
    import importlib

    if name == "charts":
        module: ModuleType = importlib.import_module("pipeline.charts")
        return module
    if name in ("Metric", "Window", "catalog"):
        return getattr(importlib.import_module("pipeline.metrics"), name)
    raise AttributeError(f"module 'pipeline' has no attribute {name!r}")
