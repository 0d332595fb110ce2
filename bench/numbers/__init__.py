"""The log at size: a million events and ten, what each metric and page takes, and what PostgreSQL, SQLite and pandas take."""

from bench.report import Section


def measure() -> Section:
    """See `measuring`: imported here, because a reader that is measured as a process of its own needs none of it."""
    from bench.numbers import measuring

    return measuring.measure()
