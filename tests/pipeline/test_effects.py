"""Effects: estimators against textbooks and by hand, and whether they find what a sample has planted."""

import json
import math
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline import Lake, Window, catalog, connect, effects, sample
from pipeline.effects import NotEnough
from pipeline.sample.coverage import answers_of, coverage
from tests.pipeline.conftest import END
from tests.pipeline.story import remember


@pytest.mark.timeout(300)
def test_intervals_cover_the_planted_truth_as_often_as_they_say() -> None:
    """
    Of a thousand made-up logs at least 93 in a hundred, for each question; and not nearly all, which
    would mean that the intervals are too wide to be of use.
    """
    for each in coverage(range(1000)):
        assert 930 <= each.covered <= 980, each


def test_a_share_has_wilsons_interval() -> None:
    """
    81 of 263, as Newcombe (1998) prints it: 0.2553 to 0.3662. None of a few is not certainly none.
    """
    found = effects.share(81, 263)

    assert (0.2553, 0.3662) == (round(found.low, 4), round(found.high, 4))
    assert 0.0 == effects.share(0, 10).low
    assert 0.2 < effects.share(0, 10).high < 0.4


def test_a_difference_has_newcombes_interval() -> None:
    """
    56 of 70 against 48 of 80, as Newcombe (1998) prints it for method 10: 0.0524 to 0.3339.
    """
    found = effects.difference(56, 70, 48, 80)

    assert (0.2, 0.0524, 0.3339) == tuple(
        round(each, 4) for each in (found.value, found.low, found.high)
    )


def test_odds_of_two_groups_are_those_of_the_table() -> None:
    """
    With one column of noughts and ones the effect is the log of the odds ratio, and its error Woolf's.
    """
    group = np.repeat([1, 1, 0, 0], [30, 70, 45, 55])
    lead = np.repeat([1, 0, 1, 0], [30, 70, 45, 55])
    found = effects.logistic(lead, {"group": group})["group"]
    error = math.sqrt(1 / 30 + 1 / 70 + 1 / 45 + 1 / 55)

    assert pytest.approx(math.log(30 * 55 / (70 * 45))) == found.value
    assert pytest.approx(2 * effects.Z * error) == found.high - found.low


def test_waiting_keeps_who_still_waits() -> None:
    """
    By hand: of six, one is over at 1, one at 3 of four, one at 5 of two; the others still wait.
    """
    curve = effects.still_waiting([1, 2, 3, 4, 5, 6], [True, False, True, False, True, False])

    assert [1, 3, 5] == curve.seconds.tolist()
    assert pytest.approx([5 / 6, 5 / 6 * 3 / 4, 5 / 6 * 3 / 4 / 2]) == curve.waiting.tolist()
    assert 5 == curve.quantile(0.5).value
    assert math.inf == curve.quantile(0.9).value


def test_waiting_agrees_with_the_metric(month: Lake) -> None:
    """
    The median that the metric's SQL finds for a listing is that of this curve, over the same dialogs.
    """
    con, listing = connect(month), 3100000104
    rows = con.execute(
        """
        SELECT coalesce(seconds, epoch((SELECT max("at") FROM events)) - epoch(asked_at)), seconds IS NOT NULL
        FROM dialogs WHERE asked_at IS NOT NULL AND listing_id = $listing
        """,
        {"listing": listing},
    ).fetchall()
    answer = catalog()["first_response"].run(con, Window.whole(con, listing=listing))
    [all_of_them] = answer[answer.period.isna() & (answer.answered_by == "all")].itertuples()
    curve = effects.still_waiting([wait for wait, _ in rows], [over for _, over in rows])

    assert len(rows) == all_of_them.dialogs > 50
    assert all_of_them.km_median_seconds == curve.quantile(0.5).value
    # More than one in ten is never answered: neither can say when nine are.
    assert (True, math.inf) == (math.isnan(all_of_them.km_p90_seconds), curve.quantile(0.9).value)


@pytest.mark.parametrize("few", [0, 5])
def test_too_little_is_refused(few: int) -> None:
    """
    A curve through a handful of leads would be believed.
    """
    lead = [True] * few + [False] * 500

    with pytest.raises(NotEnough, match=f"{few} of {len(lead)}"):
        effects.logistic(lead, {"wait": np.arange(len(lead))})


@pytest.mark.parametrize("column", [np.repeat([0, 1], 50), np.ones(100), np.zeros(100)])
def test_what_cannot_be_told_apart_is_refused(column: Any) -> None:
    """
    A column that decides everything, and columns that say nothing.
    """
    with pytest.raises(NotEnough):
        effects.logistic(np.repeat([0, 1], 50), {"column": column})


def test_the_log_gives_the_estimators_what_the_facts_say() -> None:
    """
    Coverage is computed on facts; an analysis reads a log. Both see the same columns.
    """
    made = sample.make(days=20, seed=4, end=END)
    con = remember(made.rows)
    read = effects.first_answers(con, Window.whole(con)).sort_values(["asked_at", "listing_id"])
    true = answers_of(made.facts)

    shared = min(len(read), len(true))
    assert len(true) - 3 <= shared > 500
    for name in ("seconds", "price", "prompt", "lead"):
        assert known(true[name])[:shared] == known(read[name])[:shared]


def known(column: pd.Series) -> list[Any]:
    """The values, None for what is missing."""
    return [None if pd.isna(each) else each for each in column]


def test_the_outage_is_found(month: Lake) -> None:
    """
    One span, within the planted day, that holds all messages of that day; and nothing else.
    """
    assert month.catalog_file
    truth = json.loads((month.catalog_file.parent / "truth.json").read_text("utf-8"))
    begin, end = (
        datetime.fromisoformat(truth["webhook_outage"][word]).replace(tzinfo=None)
        for word in ("start", "end")
    )
    con = connect(month)
    [found] = effects.webhook_outages(con, Window.whole(con, zone="UTC")).itertuples()
    of_the_day = """SELECT count(*) FROM events
        WHERE kind = 'message.received' AND "at" >= $begin AND "at" < $end"""
    [[messages]] = con.execute(of_the_day, {"begin": begin, "end": end}).fetchall()

    assert begin <= found.start < found.end <= end
    assert messages == found.messages > 20
    assert effects.usual_webhooks(con, Window.whole(con, zone="UTC")).covers(
        1 - truth["chances"]["webhook_lost"]
    )


def test_before_and_after_the_switch(month: Lake) -> None:
    """
    The shares are of the listing's dialogs on each side of the moment; a side without any is refused.
    """
    assert month.catalog_file
    truth = json.loads((month.catalog_file.parent / "truth.json").read_text("utf-8"))["switch_on"]
    con, [listing] = connect(month), truth["listing_ids"]
    answers = effects.first_answers(con, Window.whole(con, listing=listing))
    moment = datetime.fromisoformat(truth["at"])
    found = effects.before_and_after(answers, moment)

    assert found["before"].n + found["after"].n == found["difference"].n == len(answers) > 100
    assert found["difference"].low < found["after"].value - found["before"].value
    assert found["difference"].value > 0
    with pytest.raises(NotEnough, match="0 dialogs before"):
        effects.before_and_after(answers, moment - timedelta(days=100))
