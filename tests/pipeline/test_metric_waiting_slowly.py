"""Waiting times against a slow and obvious computation, on stories that nobody would think of."""

from dataclasses import dataclass

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.metrics import Window, metric
from tests.pipeline.story import DAY, START, Story, remember

SILENCE = 72 * 3600
SPANS = [0, 1, 59, 60, 61, 300, 3600, 86_400, SILENCE - 1, SILENCE, SILENCE + 1, 400_000]
SPEAKERS = ["client", "client", "call", "avito", "assistant", "human_app", "human_dashboard"]
LINES = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(SPEAKERS), st.sampled_from(SPANS)),
    max_size=40,
)


@dataclass
class Wait:
    """A burst and its answer."""

    asked: float
    first: bool
    answered: float | None = None
    by: str = "nobody"


def tell(lines: list[tuple[str, str, int]]) -> Story:
    story, now = Story(), {"a": 0, "b": 0, "c": 0}
    for chat, speaker, span in lines:
        now[chat] += span
        match speaker:
            case "client":
                story.client(chat, now[chat])
            case "call":
                story.client(chat, now[chat], kind="call")
            case "avito":
                story.avito(chat, now[chat])
            case "assistant":
                story.assistant(chat, now[chat])
            case _:
                story.person(chat, now[chat], by=speaker)  # type: ignore[arg-type]
    return story


def slowly(lines: list[tuple[str, str, int]]) -> list[Wait]:
    """Walks through each chat and remembers who waits."""
    waits: list[Wait] = []
    for chat in "abc":
        now, last, open_wait, asked_before = 0, None, None, False
        for _, speaker, span in [line for line in lines if line[0] == chat]:
            now += span
            if speaker == "avito":
                continue
            if last is not None and now - last > SILENCE:
                open_wait, asked_before = None, False
            last = now
            if speaker == "client" and open_wait is None:
                open_wait = Wait(now, not asked_before)
                asked_before = True
                waits.append(open_wait)
            elif speaker not in ("client", "call") and open_wait is not None:
                open_wait.answered, open_wait.by, open_wait = now, speaker, None
    return waits


@settings(max_examples=60, deadline=None)
@given(LINES)
@pytest.mark.parametrize(
    ("name", "first_only"), [("first_response", True), ("next_reply_waiting", False)]
)
def test_waiting_is_what_a_slow_walk_finds(
    name: str, first_only: bool, lines: list[tuple[str, str, int]]
) -> None:
    """
    For every answerer: how many, how many answered, the median, the 90 %, and the share within five minutes.
    """
    window = Window.of_days(DAY, DAY + pd.Timedelta(days=365))
    answer = metric(name).run(remember(tell(lines).rows), window)
    found = answer[answer.period.isna()].set_index("answered_by")

    waits = [wait for wait in slowly(lines) if wait.first or not first_only]
    frame = pd.DataFrame({"by": [wait.by for wait in waits]}, dtype=object)
    frame["seconds"] = [
        float("nan") if wait.answered is None else wait.answered - wait.asked for wait in waits
    ]
    people = frame[frame.by.str.startswith("human")]
    groups = {str(by): part for by, part in frame.groupby("by")} | ({"all": frame} if waits else {})
    groups |= {"human": people} if len(people) else {}

    assert set(groups) == set(found.index)
    for by, part in groups.items():
        row = found.loc[by]
        assert len(part) == row.get("dialogs", row.get("waits"))
        assert part.seconds.count() == row.answered
        assert pytest.approx((part.seconds <= 300).mean()) == row.within_5_min
        assert pytest.approx(part.seconds.isna().mean()) == row.never
        assert pytest.approx(part.seconds.median(), nan_ok=True) == row.median_seconds
        assert pytest.approx(part.seconds.quantile(0.9), nan_ok=True) == row.p90_seconds


def test_the_stories_begin_in_the_window() -> None:
    """
    The walk above starts when the stories do.
    """
    assert Window.of_days(DAY, DAY).start < START < Window.of_days(DAY, DAY).end
