"""What the tests of the metrics share."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from pipeline import sample
from pipeline.events import EventRow


@pytest.fixture(scope="session")
def fortnight() -> Sequence[EventRow]:
    """Two weeks of a small seller."""
    return sample.make(
        days=14, seed=3, end=datetime(2026, 5, 11, tzinfo=UTC), dialogs_a_day=12
    ).rows
