"""No code of the log stands as it is in the table of numbers that the drawer shows."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from pages._ui import words
from pages._ui.control.words import MODES
from pipeline import Window, catalog, connect, events, sample
from pipeline.events import Event
from pipeline.making import make_log
from tests.pages.fake_bot import FakeBot
from tests.pages.small_logs import HERE, client, happened, machine, opened_at, row

FREE = {"title", "chat_id", "dialog_id", "prompt_version"}
"""Columns of texts and ids: what stands there means itself."""

DAYS = 12
END = datetime(2026, 3, 1, tzinfo=UTC)
LISTING = {name: HERE[name] for name in ("account_id", "listing_id")}


def changes_and_fates() -> list[tuple[Event, timedelta]]:
    """Everything that somebody can set, set twice, and everything that can become of a draft; so long before the end."""
    draft = HERE | {"draft_id": "d", "prompt_version": "p"}
    who = {"actor": "somebody"}
    told: list[Event] = []
    for on in (True, False):
        told.append(events.AiToggled(**LISTING, enabled=on, **who))
        told.append(events.AssistantSilenced(silenced=on, **who))
    for mode in (*MODES, "automatic"):
        told.append(events.ModeSet(**LISTING, mode=mode, minutes=None, **who))
    for price in (100, 200):
        told.append(
            events.ListingSeen(**LISTING, title="T", price=price, status="active", category=None)
        )
    for version in ("p1", "p2"):
        told.append(
            events.ReplyIntended(
                **HERE, reply_id=version, author="assistant", covers=1, prompt_version=version
            )
        )
    told.append(events.DraftThrownAway(**draft, **who))
    told.append(events.DraftSent(**draft, edited=True, waited_s=5.0, **who))
    for reason in ("human_wrote", "superseded", "newer_message", "listing_off", "mode_changed"):
        told.append(events.DraftDiscarded(**HERE, reason=reason, prompt_version="p"))
    return [(event, timedelta(hours=len(told) - n)) for n, event in enumerate(told)]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    """What each metric says of a sample in which somebody changes everything."""
    rows = sample.make(DAYS, 1, END).rows
    last = rows[-1].seq
    rows += [
        row(last + n, END - ago, event) for n, (event, ago) in enumerate(changes_and_fates(), 1)
    ]
    lake = make_log(tmp_path_factory.mktemp("cells") / "log", rows, "loaded.json", dict)
    window = Window(start=END - timedelta(days=DAYS), end=END + timedelta(days=1))
    with connect(lake) as con:
        return {name: metric.run(con, window) for name, metric in catalog().items()}


def codes(frame: pd.DataFrame) -> dict[str, set[str]]:
    """The values of the columns that hold codes."""
    texts_of = (name for name in frame if pd.api.types.is_string_dtype(frame[name].dropna()))
    return {str(name): set(frame[name].dropna()) for name in texts_of if name not in FREE}


@pytest.mark.parametrize("name", catalog())
def test_every_code_that_the_drawer_shows_has_words(
    name: str, answers: dict[str, pd.DataFrame]
) -> None:
    """
    Of every metric, whichever columns it has; prices and versions of the instructions mean themselves.
    """
    frame = answers[name]
    if name == "marks":
        assert {"switch", "mode", "silence", "prompt", "price"} == set(frame["what"])
        frame = frame.astype({"before": object, "after": object})
        frame.loc[frame["what"].isin(("prompt", "price")), ["before", "after"]] = None

    for column, found in codes(frame).items():
        assert set() == found - set(words.CELLS.get(column, {})), column


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("drafts", {"исправлен человеком и отправлен", "выброшен человеком", "стал ответом"}),
        ("marks", {"Тишина везде", "Режим", "Цена в объявлении", "включено", "выключено", "p2"}),
    ],
)
def test_the_drawer_speaks_of_drafts_and_changes_in_words(
    name: str, told: set[str], bot: FakeBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """
    In Russian to a Russian, in the rows as they stand there.
    """
    with machine(bot, monkeypatch, tmp_path):
        happened(client(timedelta(days=3)), *changes_and_fates())
        pieces = opened_at({"data": name}).get("html")

    cells = set(re.findall(r"<td>(.*?)</td>", "".join(piece.proto.body for piece in pieces)))
    assert set() == told - cells
    assert set() == {"switch", "silence", "on", "off", "mended", "thrown_away"} & cells
