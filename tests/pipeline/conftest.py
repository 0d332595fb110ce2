"""What the tests of the log share."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import Lake, sample
from pipeline.__main__ import main

END = datetime(2026, 5, 11, tzinfo=UTC)


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A made-up month; nobody may change it."""
    folder = tmp_path_factory.mktemp("month")
    return sample.write(sample.make(days=30, seed=1, end=END), folder)


@pytest.fixture
def command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """`python -m pipeline …` on a log: exit code, what it printed, what it complained of."""

    def run(*arguments: str | Path, lake: Lake | None = None) -> tuple[int, str, str]:
        if lake is not None:
            monkeypatch.setenv("LAKE_CATALOG", lake.catalog)
            monkeypatch.setenv("LAKE_DATA", lake.data)
        code = main([str(each) for each in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run
