"""Whether the golden stories would notice a small mistake in the SQL of a metric."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from pipeline import Window, catalog
from pipeline.events import EventRow
from pipeline.metrics import metric
from tests.pipeline.metrics.mutants import chosen, equivalent, given_back, mutants, survivors
from tests.pipeline.metrics.telling import told

FLOOR = 0.9
SAMPLE = 30
"""Of all: the whole run, which prints the score, is `python -m tests.pipeline.metrics.mutants`."""


@pytest.mark.timeout(300)
def test_small_mistakes_turn_a_story_red() -> None:
    """
    Of some mutants of all metrics, taken at random by a seed, nine of ten are noticed.
    """
    some = chosen(list(catalog()), SAMPLE, seed=11)
    alive, asked = survivors(some)

    assert asked > 0.8 * SAMPLE
    assert len(alive) <= (1 - FLOOR) * asked, [(each.metric, each.change) for each in alive]


@pytest.mark.parametrize("name", [each for each in equivalent() if each != "*"])
def test_what_is_said_to_count_the_same_is_still_a_mutant(name: str) -> None:
    """
    A reason that nothing needs any more goes; each has some words.
    """
    changes = {each.change for each in mutants(name)}

    assert set(equivalent()[name]) <= changes
    assert all(reason for reason in equivalent()[name].values())


def test_the_parser_gives_back_the_same_sql(fortnight: Sequence[EventRow]) -> None:
    """
    What is changed in a mutant is the mistake alone: without one, it answers as the file does.
    """
    con = told(fortnight)
    window = Window.whole(con, grain="week")
    for name in catalog():
        again = replace(metric(name), sql=given_back(name))
        answers = [each.ask(con, window).to_arrow_table() for each in (metric(name), again)]
        assert answers[0].equals(answers[1]), name
