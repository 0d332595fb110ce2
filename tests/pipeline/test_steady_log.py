"""A reader of one state after the other: the same answers as any reader's, of the state that it was told to know."""

from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from pipeline import Lake, LakeMissing, SteadyLog, Window, catalog, connect, newest_snapshot
from pipeline.views import HELPERS, VIEWS
from pipeline.writer import LakeWriter
from tests.pipeline.story import Story


def test_every_view_answers_as_for_any_reader(tmp_path: Path) -> None:
    """
    Small files, settled rows that were deleted again, merged files: after each the views hold the same rows.
    """
    lake, story = Lake.in_folder(tmp_path), Story()
    for n, chat in enumerate("abcdefg"):
        story.client(chat, after=n)
    story.assistant("a", after=30)
    writer = LakeWriter(lake, open_chats=2)
    writer.append(story.rows[:-1])
    steady, live = SteadyLog(lake), connect(lake)
    deleted = "SELECT count(delete_file) FROM ducklake_list_files('lake', 'settled_dialogs')"
    assert (0,) == live.execute(deleted).fetchone()

    writer.append(story.rows)
    assert (1,) == live.execute(deleted).fetchone()
    assert_same(steady, live)

    for n in range(10):
        story.client("h", after=100 + n)
        writer.append(story.rows)
    writer.maintain(keep=timedelta(0))
    assert (0,) == live.execute(deleted).fetchone()
    assert_same(steady, live)
    writer.close()


def assert_same(steady: SteadyLog, live: duckdb.DuckDBPyConnection) -> None:
    assert newest_snapshot(live) == steady.renew()
    for view in VIEWS + HELPERS:
        asked = f"FROM {view}"
        assert sorted(map(str, live.execute(asked).fetchall())) == sorted(
            map(str, steady.cursor().execute(asked).fetchall())
        )


def test_it_stays_in_its_state_until_it_is_renewed(tmp_path: Path) -> None:
    """
    What comes later is not seen before `renew`, which tells the number of the new state; nothing new is the same number.
    """
    lake, story = Lake.in_folder(tmp_path), Story()
    story.client("a", after=0)
    story.client("a", after=1)
    writer = LakeWriter(lake)
    writer.append(story.rows[:1])
    steady = SteadyLog(lake)
    con, before = steady.cursor(), steady.edition

    writer.append(story.rows)
    assert (1,) == con.execute("SELECT count(*) FROM messages").fetchone()
    assert before < steady.renew()
    assert (2,) == con.execute("SELECT count(*) FROM messages").fetchone()
    assert steady.edition == steady.renew()
    writer.close()


def test_it_notices_that_it_was_outlived(tmp_path: Path) -> None:
    """
    Another silence makes other rows: a new reader has it, the old one says so.
    """
    lake, story = Lake.in_folder(tmp_path), Story()
    story.client("a", after=0)
    first = LakeWriter(lake)
    first.append(story.rows)
    first.close()
    steady = SteadyLog(lake)
    assert not steady.outlived

    second = LakeWriter(lake, silence=timedelta(hours=1))
    second.position()
    second.close()
    steady.renew()

    assert steady.outlived
    assert not SteadyLog(lake).outlived


def test_a_metric_answers_over_it(tmp_path: Path) -> None:
    """
    It is a log like any other: an empty one answers too, and one that is not there says so.
    """
    with pytest.raises(LakeMissing):
        SteadyLog(Lake.in_folder(tmp_path / "none"))
    writer = LakeWriter(Lake.in_folder(tmp_path))
    writer.position()
    writer.close()

    con = SteadyLog(Lake.in_folder(tmp_path)).cursor()
    answer = catalog()["dialogs"].ask(con, Window.whole(con)).fetchall()

    assert 0 == sum(row[1] for row in answer)
