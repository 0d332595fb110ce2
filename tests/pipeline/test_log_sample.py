"""The made-up log: the same for the same seed, sound as the bot's own, and true to its truth file."""

import json
import math
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline import Lake, connect, sample
from pipeline.events import KINDS
from tests.pipeline.conftest import END

HEAD = {"account_id", "listing_id", "chat_id", "message_id"}
Command = Callable[..., tuple[int, str, str]]


def number(lake: Lake, sql: str) -> float:
    [[value]] = connect(lake).execute(sql).fetchall()
    return float(value)


def test_the_same_seed_makes_the_same_rows() -> None:
    """
    Row by row; another seed makes others.
    """
    first, second = (sample.make(days=5, seed=7, end=END) for _ in range(2))

    assert first == second
    assert first.rows != sample.make(days=5, seed=8, end=END).rows


def test_every_row_is_one_that_the_vocabulary_knows() -> None:
    """
    Kinds and bodies are those of the event classes; numbers have no gap; nothing is of the future.
    """
    rows = sample.make(days=5, seed=7, end=END).rows

    assert list(range(1, len(rows) + 1)) == [row.seq for row in rows]
    for row in rows:
        body = json.loads(row.body)
        where = (row.account_id, row.listing_id, row.chat_id, row.message_id)
        own = {field.name for field in fields(KINDS[row.kind])} - HEAD
        assert own == set(body)
        assert row.at <= END
        assert row.chat_id is None or None not in where[:2]


@pytest.mark.parametrize(
    "nothing",
    [
        # A client message that wants an answer and has no verdict, or more than one.
        """SELECT m.message_id FROM messages AS m LEFT JOIN verdicts AS v USING (message_id)
           WHERE m.author = 'client' AND m.kind IN
           ('text', 'image', 'link', 'item', 'location', 'voice', 'file', 'video', 'appCall')
           GROUP BY ALL HAVING count(v.message_id) <> 1""",
        # A verdict without its message.
        "SELECT message_id FROM verdicts ANTI JOIN messages USING (message_id)",
        # An answer that no reply gave, or whose reply is not in the chat.
        """SELECT v.message_id FROM verdicts AS v LEFT JOIN replies AS r USING (reply_id)
           WHERE v.verdict IN ('answered', 'merged') AND r.state IS DISTINCT FROM 'sent'""",
        # A reply that is there twice, or that was sent as a message that is not there.
        "SELECT reply_id FROM replies GROUP BY ALL HAVING count(*) > 1",
        """SELECT r.reply_id FROM replies AS r LEFT JOIN messages AS m ON m.message_id = r.sent_message_id
           WHERE r.state = 'sent' AND m.author IS DISTINCT FROM r.author""",
        # A message or a lead that is there twice.
        "SELECT message_id FROM messages GROUP BY ALL HAVING count(*) > 1",
        "SELECT lead_id FROM leads GROUP BY ALL HAVING count(*) > 1",
        # A phone number in a text.
        """SELECT "text" FROM messages WHERE regexp_matches("text", '[0-9]{7}')""",
    ],
)
def test_views_over_the_sample_are_sound(month: Lake, nothing: str) -> None:
    """
    What must not be there is not there.
    """
    assert [] == connect(month).execute(nothing).fetchall()


def test_there_is_something_of_everything(month: Lake) -> None:
    """
    People, bursts, photos, voices, hand-offs, stale drafts, doubts, outages: a page has something to show.
    """
    con = connect(month)
    kinds = {kind for (kind,) in con.execute("SELECT DISTINCT kind FROM events").fetchall()}
    authors = {
        author for (author,) in con.execute("SELECT DISTINCT author FROM messages").fetchall()
    }
    verdicts = {
        verdict for (verdict,) in con.execute("SELECT DISTINCT verdict FROM verdicts").fetchall()
    }

    assert {
        "draft.discarded",
        "chat.handed_off",
        "message.attributed",
        "reply.refused",
        "stats.recorded",
    } <= kinds
    assert {"client", "assistant", "human_app", "human_dashboard", "avito"} == authors
    assert {"answered", "merged", "left_to_human", "off", "off_hours", "not_text"} <= verdicts
    assert 30 < number(month, "SELECT count(*) / 30 FROM dialogs") < 50


def test_the_outage_is_where_the_truth_says(month: Lake) -> None:
    """
    On that day nothing came by webhook; on all others nearly everything did.
    """
    assert month.catalog_file
    truth = json.loads((month.catalog_file.parent / "truth.json").read_text("utf-8"))
    start, end = truth["webhook_outage"]["start"], truth["webhook_outage"]["end"]
    share = """
        SELECT avg(((body ->> '$.found_by') = 'webhook')::INT) FROM events
        WHERE kind = 'message.received' AND (body ->> '$.author') = 'client'
          AND (timezone('UTC', "at") BETWEEN '{}' AND '{}') = {}
    """

    assert 0 == number(month, share.format(start, end, "true"))
    assert number(month, share.format(start, end, "false")) > 0.98


def test_leads_follow_the_planted_law() -> None:
    """
    Over twenty seeds the leads are as many as the true chances add up to, within four standard errors.
    """
    expected = leads = variance = 0.0
    for seed in range(20):
        groups = sample.make(days=10, seed=seed, end=END).truth["expected"].values()
        for group in groups:
            chance = group["mean_chance"]
            expected += group["dialogs"] * chance
            variance += group["dialogs"] * chance * (1 - chance)
            leads += group["leads"]

    assert abs(leads - expected) < 4 * math.sqrt(variance)


def test_the_bad_week_and_slow_answers_cost_leads(month: Lake) -> None:
    """
    The planted effects have the planted direction.
    """
    effects = sample.world.Effects()
    chances = [
        effects.lead_probability(timedelta(minutes=m), price, bad)
        for m, price, bad in [
            (1, 2500, False),
            (60, 2500, False),
            (1, 4000, False),
            (1, 2500, True),
        ]
    ]

    assert chances[0] == max(chances)
    assert 0.0 == effects.lead_probability(None, 2500, False)


def test_the_command_makes_it_anew_and_spares_what_is_not_its_own(
    command: Command, tmp_path: Path
) -> None:
    """
    Twice into one folder is as once; a folder with somebody's log is left alone.
    """
    out = tmp_path / "sample"
    arguments = ("sample", "--days", "2", "--seed", "5", "--end", "2026-05-11", "--out", out)

    assert 0 == command(*arguments)[0]
    first = number(Lake.in_folder(out), "SELECT count(*) FROM events")
    assert 0 == command(*arguments)[0]
    assert first == number(Lake.in_folder(out), "SELECT count(*) FROM events")

    (out / "truth.json").unlink()
    code, _, err = command(*arguments)
    assert 1 == code
    assert "choose another --out" in err
    assert first == number(Lake.in_folder(out), "SELECT count(*) FROM events")


def test_a_sample_of_no_days_is_refused(command: Command, tmp_path: Path) -> None:
    """
    One line, and nothing is made.
    """
    code, _, err = command("sample", "--days", "0", "--seed", "1", "--out", tmp_path / "x")

    assert (1, "a sample has at least one day\n") == (code, err)
    assert [] == list(tmp_path.iterdir())


def test_one_day_is_enough() -> None:
    """
    The smallest sample has chats, and ends when it should.
    """
    rows = sample.make(days=1, seed=1, end=datetime(2026, 5, 11, tzinfo=UTC)).rows

    assert any(row.kind == "message.received" for row in rows)
    assert max(row.at for row in rows) < END
