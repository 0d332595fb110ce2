"""The read-only door: where it looks, what it shows, and what it says when there is nothing."""

from pathlib import Path

import duckdb
import pytest

from pipeline import Lake, LakeBroken, LakeMissing, connect, newest_snapshot
from pipeline.events import (
    AiToggled,
    LeadChanged,
    LeadCreated,
    ListingSeen,
    MessageDeleted,
    ReplyAttempted,
    ReplyDoubted,
    ReplyDropped,
    ReplyIntended,
    ReplyRefused,
    ReplySent,
)
from pipeline.views import VIEWS
from pipeline.writer import LakeWriter
from tests.pipeline.story import START, Story, remember

COLUMNS = {
    "events": "seq at kind account_id listing_id chat_id message_id body",
    "messages": "message_id at account_id listing_id chat_id author kind text",
    "verdicts": "message_id at chat_id verdict reason reply_id",
    "replies": "reply_id at chat_id author state sent_message_id prompt_version model tokens_in tokens_out "
    "cost_rub latency_ms",
    "leads": "lead_id at chat_id listing_id state crm crm_lead_id",
}


@pytest.mark.parametrize("view", VIEWS)
def test_views_have_the_columns_that_others_rely_on(view: str) -> None:
    """
    Names and order are the interface; moments are TIMESTAMP, ids whole numbers.
    """
    described = remember([]).execute(f"DESCRIBE {view}").fetchall()
    types = {name: kind for name, kind, *_ in described}

    assert COLUMNS[view].split() == list(types)
    assert "TIMESTAMP" == types["at"]
    assert {"BIGINT"} >= {
        kind for name, kind in types.items() if name in ("seq", "account_id", "listing_id")
    }


def test_settings_come_from_the_environment_then_from_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The environment wins, the file fills in, defaults do the rest.
    """
    monkeypatch.chdir(tmp_path)
    assert Lake("sqlite:data/lake/catalog.sqlite", "data/lake/files") == Lake.from_env({})

    (tmp_path / ".env.avito").write_text(
        "# where\nexport LAKE_CATALOG='sqlite:a/b.sqlite'\nLAKE_DATA=c\n"
    )
    assert Lake("sqlite:a/b.sqlite", "c") == Lake.from_env({})
    assert Lake("sqlite:a/b.sqlite", "d") == Lake.from_env({"LAKE_DATA": "d"})


def test_an_unknown_kind_of_catalog_is_refused() -> None:
    """
    The message says what would do.
    """
    with pytest.raises(ValueError, match="sqlite:PATH or postgres:DSN"):
        Lake(catalog="data/lake.db")


def test_a_missing_log_is_said_with_the_way_out(tmp_path: Path) -> None:
    """
    Nothing is made by looking, and the message holds a command.
    """
    with pytest.raises(LakeMissing, match="python -m pipeline sample"):
        connect(Lake.in_folder(tmp_path / "none"))

    assert [] == list(tmp_path.iterdir())


def test_garbage_is_broken_and_not_missing(tmp_path: Path) -> None:
    """
    A file that is no catalog is an error that names it.
    """
    (tmp_path / "catalog.sqlite").write_text("garbage " * 1000)

    with pytest.raises(LakeBroken, match=r"catalog\.sqlite"):
        connect(Lake.in_folder(tmp_path))


def test_no_message_tells_the_password_of_a_catalog(tmp_path: Path) -> None:
    """
    A server that does not answer is said without its address, on both doors.
    """
    lake = Lake("postgres:host=127.0.0.1 port=1 dbname=lake user=u password=hush", str(tmp_path))

    for door in (lambda: connect(lake), LakeWriter(lake).position):
        with pytest.raises(LakeBroken, match="PostgreSQL catalog cannot") as caught:
            door()
        assert "hush" not in f"{caught.value} {lake}"


def test_the_door_is_read_only_and_live(tmp_path: Path) -> None:
    """
    A reader cannot change the log, sees what comes later, and can tell that something came.
    """
    lake, story = Lake.in_folder(tmp_path), Story()
    story.client("a", after=0)
    story.client("a", after=1)
    writer = LakeWriter(lake)
    writer.append(story.rows[:1])
    con = connect(lake)
    before = newest_snapshot(con)

    with pytest.raises(duckdb.Error, match="read-only"):
        con.execute("DELETE FROM lake.main.event_log")
    assert before == newest_snapshot(con)
    writer.append(story.rows)

    assert before < newest_snapshot(con)
    assert (2,) == con.execute("SELECT count(*) FROM messages").fetchone()
    writer.close()


def test_a_log_can_be_moved(tmp_path: Path) -> None:
    """
    A folder that was copied elsewhere is read from there.
    """
    story = Story()
    for n in range(200):
        story.client("a", after=n)
    writer = LakeWriter(Lake.in_folder(tmp_path / "here"))
    writer.append(story.rows)
    writer.close()
    (tmp_path / "here").rename(tmp_path / "there")

    con = connect(Lake.in_folder(tmp_path / "there"))

    assert (200,) == con.execute("SELECT count(*) FROM messages").fetchone()


def test_a_deleted_message_stays_and_the_last_attribution_counts() -> None:
    """
    Deleting is another event; who wrote a line is what is known last.
    """
    story = Story()
    message = story.person("a", after=0)
    story.attributed(message, "human_dashboard", after=1)
    story.attributed(message, "assistant", after=2)
    story.happens(MessageDeleted(message_id=message, by="assistant"), 3)

    found = (
        remember(story.rows)
        .execute('SELECT message_id, author, kind, "at" FROM messages')
        .fetchall()
    )

    assert [(message, "assistant", "text", START.replace(tzinfo=None))] == found


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ([], "intended"),
        (["attempted"], "sending"),
        (["attempted", "refused"], "intended"),
        (["attempted", "doubted"], "unknown"),
        (["attempted", "doubted", "sent"], "sent"),
        (["attempted", "refused", "attempted", "sent"], "sent"),
        (["attempted", "doubted", "dropped"], "dropped"),
    ],
)
def test_a_reply_is_in_the_state_of_its_last_event(steps: list[str], state: str) -> None:
    """
    One row per reply, with the facts of its beginning and the id of its end; order is that of the log.
    """
    story = Story()
    story.happens(
        ReplyIntended(
            chat_id="a", reply_id="r", author="assistant", covers=2, prompt_version="p1", model="m", tokens_in=5,
            tokens_out=6, cost_rub=0.5, latency_ms=700,
        ),
        0,
    )  # fmt: skip
    kinds = {
        "attempted": ReplyAttempted(chat_id="a", reply_id="r", attempt=1),
        "refused": ReplyRefused(chat_id="a", reply_id="r", attempt=1, error="AvitoBusy"),
        "doubted": ReplyDoubted(chat_id="a", reply_id="r", error="OutcomeUnknown"),
        "sent": ReplySent(chat_id="a", reply_id="r", sent_message_id="x", how="answer", attempts=1),
        "dropped": ReplyDropped(chat_id="a", reply_id="r", reason="person_wrote"),
    }
    for step in steps:
        story.happens(kinds[step], 1)

    found = remember(story.rows).execute("SELECT * FROM replies").fetchall()

    sent_id = "x" if state == "sent" else None
    assert [
        (
            "r",
            START.replace(tzinfo=None),
            "a",
            "assistant",
            state,
            sent_id,
            "p1",
            "m",
            5,
            6,
            0.5,
            700,
        )
    ] == found


def test_a_lead_has_its_first_moment_and_its_last_state() -> None:
    """
    Made, sending, sent: one row; one that was only made is new.
    """
    story = Story()
    for lead_id in ("l1", "l2"):
        story.happens(
            LeadCreated(chat_id="a", listing_id=7, lead_id=lead_id, crm="dezexpert", fields=()), 0
        )
    story.happens(LeadChanged(chat_id="a", listing_id=7, lead_id="l1", state="sending"), 5)
    story.happens(
        LeadChanged(chat_id="a", listing_id=7, lead_id="l1", state="sent", crm_lead_id="55"), 6
    )

    found = remember(story.rows).execute("SELECT * FROM leads ORDER BY lead_id").fetchall()

    began = START.replace(tzinfo=None)
    assert [
        ("l1", began, "a", 7, "sent", "dezexpert", "55"),
        ("l2", began, "a", 7, "new", "dezexpert", None),
    ] == found


def test_a_listing_is_what_was_last_seen_of_it() -> None:
    """
    A new price replaces the old one; a switch does not touch the title.
    """
    story = Story()
    for price in (2500, 3500):
        story.happens(
            ListingSeen(
                account_id=1,
                listing_id=7,
                title="Клопы",
                price=price,
                status="active",
                category=None,
            ),
            0,
        )
    story.happens(AiToggled(account_id=1, listing_id=7, enabled=True, actor="owner"), 1)

    assert [(7, 1, "Клопы", 3500, "active", True)] == remember(story.rows).execute(
        "FROM listings"
    ).fetchall()
