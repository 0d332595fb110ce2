"""No definition changes in silence."""

from dataclasses import replace

import pytest

from pipeline import catalog
from tests.pipeline.metrics.definitions import complaint, noted


@pytest.mark.parametrize("name", list(catalog()))
def test_changed_sql_has_a_new_version(name: str) -> None:
    """
    The SQL of each metric is what was noted beside its version.
    """
    assert None is complaint(catalog()[name], noted().get(name, {}))


def test_no_metric_leaves_without_a_word() -> None:
    """
    A name that was noted once is still there: others have it in their links and files.
    """
    assert set(noted()) == set(catalog())


def test_a_change_is_told_with_what_to_do() -> None:
    """
    Another bound with the old version; a version that jumps; one that falls back; and layout, which is no change.
    """
    found = catalog()["first_response"]
    known = {"1": "of old", **noted()["first_response"]}
    other = replace(found, sql=found.sql.replace("<= 60)", "< 60)"))
    laid_out = replace(found, sql=f"-- a word\n{found.sql}\n")

    assert "its SQL changed, and its version is still 2" in str(complaint(other, known))
    assert "version 4 does not follow 2" in str(complaint(replace(other, version=4), known))
    assert "is new; run" in str(complaint(replace(other, version=3), known))
    assert "versions only rise" in str(complaint(replace(found, version=1), known))
    assert "its SQL changed" in str(complaint(replace(found, counts={}), known))
    assert None is complaint(laid_out, known)
