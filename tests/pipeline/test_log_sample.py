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
from pipeline.sample.facts import AUTHORS, draw
from pipeline.sample.world import LISTINGS, World
from tests.pipeline.conftest import END
from tests.pipeline.story import remember

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
    Over a hundred seeds the leads are as many as the true chances add up to, within four standard errors.
    """
    expected = leads = variance = 0.0
    for seed in range(100):
        facts = draw(World(END - timedelta(days=10), 10, 40), seed)
        expected += facts.chance.sum()
        variance += (facts.chance * (1 - facts.chance)).sum()
        leads += facts.lead.sum()

    assert abs(leads - expected) < 4 * math.sqrt(variance)


def test_what_is_told_is_what_is_true() -> None:
    """
    Every dialog of the log has the moment, the answerer, the wait, the price, the prompt and the lead of
    its facts; only what the end cuts off is not known yet.
    """
    made = sample.make(days=20, seed=4, end=END)
    facts = made.facts
    rows = (
        remember(made.rows)
        .execute(
            """
        SELECT epoch(asked_at), listing_id, seconds, coalesce(answered_by, 'nobody'), listing_price,
               coalesce(prompt_version = 'p2', false), lead_id IS NOT NULL
        FROM dialogs
        """
        )
        .fetchall()
    )
    told = {(asked, listing): rest for asked, listing, *rest in rows}
    since, settled = facts.world.start.timestamp(), END.timestamp() - 5 * 86_400
    true = {
        (since + facts.opened[n], LISTINGS[facts.listing[n]].id): [
            None if math.isnan(facts.wait[n]) else facts.wait[n],
            AUTHORS[facts.author[n]],
            facts.price[n],
            facts.bad_prompt[n],
            facts.lead[n],
        ]
        for n in range(len(facts))
    }

    assert set(told) == set(true)
    assert 500 < sum(asked < settled for asked, _ in told)
    for key, rest in told.items():
        if key[0] < settled:
            assert rest == true[key]


def test_the_truth_counts_what_the_log_holds(month: Lake) -> None:
    """
    Counted as it was told, and counted by SQL: messages by author, verdicts, hand-offs, ways of finding.
    """
    assert month.catalog_file
    counts = json.loads((month.catalog_file.parent / "truth.json").read_text("utf-8"))["counts"]
    con = connect(month)

    def by(sql: str) -> dict[str, int]:
        return dict(con.execute(sql).fetchall())

    assert counts["events"] == by("SELECT kind, count(*) FROM events GROUP BY ALL")
    assert counts["messages_by_author"] == by("SELECT author, count(*) FROM messages GROUP BY ALL")
    assert counts["verdicts"] == by("SELECT verdict, count(*) FROM verdicts GROUP BY ALL")
    assert counts["hand_offs"] == by(
        "SELECT body ->> '$.reason', count(*) FROM events WHERE kind = 'chat.handed_off' GROUP BY ALL"
    )
    assert counts["client_messages_found_by"] == by(
        """SELECT body ->> '$.found_by', count(*) FROM events
           WHERE kind = 'message.received' AND (body ->> '$.author') = 'client' GROUP BY ALL"""
    )
    assert counts["dialogs"] == number(month, "SELECT count(*) FROM dialogs")


def test_sweeps_tell_what_they_found(month: Lake) -> None:
    """
    Together they found as many messages as say that a sweep found them.
    """
    found = "SELECT sum(CAST(body ->> '$.found' AS INT)) FROM events WHERE kind = 'sweep.finished'"
    said = "SELECT count(*) FROM events WHERE (body ->> '$.found_by') = 'sweep'"
    late = 'AND "at" < (SELECT max("at") FROM events WHERE kind = \'sweep.finished\') - INTERVAL 1 HOUR'

    assert number(month, said + late) <= number(month, found) <= number(month, said)


def test_the_assistant_is_on_from_the_day_that_the_truth_says(month: Lake) -> None:
    """
    Before it, people answer for that listing; after it, the assistant nearly always.
    """
    assert month.catalog_file
    switch = json.loads((month.catalog_file.parent / "truth.json").read_text("utf-8"))["switch_on"]
    [listing] = switch["listing_ids"]
    share = f"""
        SELECT avg((answered_by IS NOT DISTINCT FROM 'assistant')::INT) FROM dialogs
        WHERE listing_id = {listing} AND (timezone('UTC', asked_at) < '{switch["at"]}') = """

    assert 0 == number(month, share + "true")
    assert number(month, share + "false") > 0.7


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
    code, _, err = command("sample", "--days", "1501", "--seed", "1", "--out", tmp_path / "x")
    assert (1, "a sample has at most 1500 days\n") == (code, err)
    assert [] == list(tmp_path.iterdir())


def test_one_day_is_enough() -> None:
    """
    The smallest sample has chats, and ends when it should.
    """
    rows = sample.make(days=1, seed=1, end=datetime(2026, 5, 11, tzinfo=UTC)).rows

    assert any(row.kind == "message.received" for row in rows)
    assert max(row.at for row in rows) < END
