"""The sink's door: each event is in the log exactly once, whatever happens around it."""

import itertools
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from pipeline import Lake, LakeBroken, SteadyLog, connect, sample
from pipeline.definitions import define_anew, sql_text
from pipeline.events import EventRow, MessageReceived
from pipeline.lake import connect_to_write
from pipeline.views import outlived
from pipeline.writer import LakeWriter, events_table
from tests.pipeline.story import Story
from tests.pipeline.test_kept_rows import differences

ROOT = Path(__file__).resolve().parents[2]
MOSCOW = timezone(timedelta(hours=3))


def rows(first: int, last: int) -> list[EventRow]:
    return [row(seq) for seq in range(first, last + 1)]


def row(seq: int) -> EventRow:
    at = datetime(2026, 5, 12, 9, 0, tzinfo=MOSCOW) + timedelta(seconds=seq)
    event = MessageReceived(
        account_id=1,
        listing_id=7,
        chat_id=f"c{seq % 7}",
        message_id=f"m{seq}",
        author="client",
        type="text",
        text="Ещё актуально?",
        found_by="webhook",
        received_at=at + timedelta(seconds=1),
    )
    return EventRow.of(event, seq, at)


def seqs(lake: Lake) -> list[int]:
    return [
        seq for (seq,) in connect(lake).execute("SELECT seq FROM events ORDER BY seq").fetchall()
    ]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.in_folder(tmp_path / "lake")


@pytest.fixture(scope="module")
def fortnight() -> Sequence[EventRow]:
    """Two weeks of a small seller."""
    end = datetime(2026, 5, 11, tzinfo=UTC)
    return list(sample.make(days=14, seed=3, end=end, dialogs_a_day=12).rows)


@pytest.fixture
def writer(lake: Lake) -> Iterator[LakeWriter]:
    writer = LakeWriter(lake)
    yield writer
    writer.close()


def test_an_empty_log_begins_at_zero(writer: LakeWriter, lake: Lake) -> None:
    """
    The catalog and the table are made at the first question, and readers find them.
    """
    assert 0 == writer.position()
    assert [] == seqs(lake)


def test_a_repeat_changes_nothing(writer: LakeWriter, lake: Lake) -> None:
    """
    The same rows twice, then a batch that overlaps: each event is there once.
    """
    writer.append(rows(1, 10))
    writer.append(rows(1, 10))
    writer.append(rows(8, 12))
    writer.append([])

    assert 12 == writer.position()
    assert list(range(1, 13)) == seqs(lake)


def test_a_new_writer_goes_on_where_the_last_one_stopped(writer: LakeWriter, lake: Lake) -> None:
    """
    The position is what the log says, not what somebody remembers.
    """
    writer.append(rows(1, 300))
    writer.close()

    second = LakeWriter(lake)
    second.append(rows(250, 310))

    assert 310 == second.position()
    assert list(range(1, 311)) == seqs(lake)
    second.close()


def test_a_row_is_kept_as_it_was_given(writer: LakeWriter, lake: Lake) -> None:
    """
    Moments with any zone arrive in UTC; the body is the same text.
    """
    writer.append([row(1)])

    found = (
        connect(lake).execute("SELECT * EXCLUDE body, CAST(body AS VARCHAR) FROM events").fetchone()
    )

    assert found == (
        1,
        datetime(2026, 5, 12, 6, 0, 1),
        "message.received",
        1,
        7,
        "c1",
        "m1",
        row(1).body,
    )


def test_a_moment_without_a_zone_is_refused(writer: LakeWriter, lake: Lake) -> None:
    """
    Nobody could know which moment it is; nothing of the batch is written.
    """
    bad = EventRow(**{**vars(row(2)), "at": datetime(2026, 5, 12)})

    with pytest.raises(ValueError, match="zone"):
        writer.append([row(1), bad])

    assert 0 == writer.position()
    assert [] == seqs(lake)


def test_a_batch_is_all_or_nothing(writer: LakeWriter, lake: Lake) -> None:
    """
    One body in two hundred is broken: none of the batch is there, and the next batch is.
    """
    broken = EventRow(**{**vars(row(150)), "body": "{no json"})
    batch = [broken if each.seq == 150 else each for each in rows(1, 200)]

    with pytest.raises(LakeBroken):
        writer.append(batch)
    assert [] == seqs(lake)

    writer.append(rows(1, 200))
    assert list(range(1, 201)) == seqs(lake)


def test_maintenance_loses_nothing(writer: LakeWriter, lake: Lake) -> None:
    """
    Small batches become one file, old snapshots go, and a reader who was there all the time sees every event.
    """
    writer.append(rows(1, 10))
    reader = connect(lake)
    for first in range(11, 400, 40):
        writer.append(rows(first, first + 39))

    done = writer.maintain(keep=timedelta(0))
    again = writer.maintain(keep=timedelta(0))

    assert done["files_merged"] > 5
    assert done["snapshots_expired"] > 5
    assert 0 == again["files_merged"]
    assert 1 == len(list(Path(lake.files).glob("main/event_log/*.parquet")))
    assert (410, 410) == reader.execute("SELECT count(*), max(seq) FROM events").fetchone()


def test_a_broken_catalog_is_said_and_can_be_mended(lake: Lake) -> None:
    """
    Garbage instead of a catalog is a LakeBroken; with the catalog back the same writer goes on.
    """
    writer = LakeWriter(lake)
    writer.append(rows(1, 5))
    writer.close()
    assert lake.catalog_file
    good = lake.catalog_file.read_bytes()
    lake.catalog_file.write_bytes(b"this is no database" * 500)

    for _ in range(2):
        with pytest.raises(LakeBroken, match="catalog"):
            writer.append(rows(6, 8))

    lake.catalog_file.write_bytes(good)
    writer.append(rows(6, 8))
    assert list(range(1, 9)) == seqs(lake)
    writer.close()


def test_a_place_where_nothing_can_be_written_is_broken(tmp_path: Path) -> None:
    """
    A file stands where the folder should be: an OSError that says which log.
    """
    (tmp_path / "file").write_text("in the way")
    writer = LakeWriter(Lake.in_folder(tmp_path / "file" / "lake"))

    with pytest.raises(LakeBroken, match=r"lake/catalog\.sqlite"):
        writer.position()


WRITES = """
import sys
from pathlib import Path
from pipeline.lake import Lake
from pipeline.writer import LakeWriter
from tests.pipeline.test_log_writer import rows
writer = LakeWriter(Lake.in_folder(Path(sys.argv[1])))
first, size = writer.position() + 1, int(sys.argv[2])
while True:
    writer.append(rows(first, first + size - 1))
    first += size
    print(first - 1, flush=True)
"""


@pytest.mark.parametrize(("size", "batches"), [(3, 2), (150, 3), (1000, 1)])
def test_a_killed_writer_leaves_each_event_once(lake: Lake, size: int, batches: int) -> None:
    """
    Killed without warning three times in the middle of its work; whoever comes next finds whole batches, with their
    dialogs, and goes on.
    """
    assert lake.catalog_file
    for _ in range(3):
        run(["-c", WRITES, str(lake.catalog_file.parent), str(size)], kill_after=batches)
        assert 0 == len(seqs(lake)) % size

    last = len(seqs(lake))
    writer = LakeWriter(lake)
    writer.append(rows(1, last + 5))
    writer.close()

    assert last >= 3 * batches * size
    assert list(range(1, last + 6)) == seqs(lake)
    con = connect(lake)
    define_anew(con)
    assert {} == differences(con)


def run(arguments: Sequence[str], kill_after: int) -> None:
    """A Python that is killed when it has printed so many lines."""
    child = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout
    for _ in range(kill_after):
        assert child.stdout.readline().strip().isdigit()
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()


READS = """
import sys, time
from pathlib import Path
from pipeline.lake import Lake, connect
con = connect(Lake.in_folder(Path(sys.argv[1])))
seen, deadline = 0, time.monotonic() + 60
while seen < int(sys.argv[2]) and time.monotonic() < deadline:
    seqs, messages = con.execute(
        "SELECT list(seq ORDER BY seq), (SELECT list(message_id) FROM messages) FROM events"
    ).fetchone()
    assert seqs == list(range(1, len(seqs) + 1)), "a gap or a twin"
    assert len(seqs) % 20 == 10, "half a batch"
    assert len(seqs) == len(messages) == len(set(messages)), "two states in one answer"
    assert len(seqs) >= seen, "a step back"
    seen = len(seqs)
print(seen)
"""


def test_a_reader_elsewhere_sees_whole_batches_while_the_writer_writes(lake: Lake) -> None:
    """
    A reader in a process of its own asks as fast as it can, through appends and maintenance, and meets no error, no
    half batch, and no step back.
    """
    writer = LakeWriter(lake)
    writer.append(rows(1, 10))
    assert lake.catalog_file
    reader = subprocess.Popen(
        [sys.executable, "-c", READS, str(lake.catalog_file.parent), "1210"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for n in range(60):
        writer.append(rows(11 + n * 20, 30 + n * 20))
        if n % 20 == 19:
            writer.maintain()
    writer.close()

    out, errors = reader.communicate(timeout=90)

    assert ("1210\n", 0) == (out, reader.returncode), errors


def test_a_question_that_meets_a_commit_and_a_merge_stays_in_its_state(
    writer: LakeWriter, lake: Lake
) -> None:
    """
    Whatever is committed and merged between two looks into the catalog: within one transaction a reader has one state,
    and the files of it are there.
    """
    for first in range(1, 90, 10):
        writer.append(rows(first, first + 9))
    reader = connect(lake)
    asked = "SELECT count(*), (SELECT count(*) FROM dialogs), (SELECT count(*) FROM messages) FROM events"
    reader.execute("BEGIN")
    reader.execute("FROM lake.main.about").fetchall()

    writer.append(rows(91, 100))
    assert (90, 7, 90) == reader.execute(asked).fetchone()
    assert writer.maintain()["files_merged"] > 5
    assert (90, 7, 90) == reader.execute(asked).fetchone()

    reader.execute("COMMIT")
    assert (100, 7, 100) == reader.execute(asked).fetchone()


def test_states_and_their_files_live_as_long_as_they_are_kept(
    writer: LakeWriter, lake: Lake
) -> None:
    """
    Maintenance throws away what was outdated before the moment that it is told, and nothing of later.
    """
    for first in range(1, 90, 10):
        writer.append(rows(first, first + 9))
    steady = SteadyLog(lake)
    merged = writer.maintain()
    middle = datetime.now(UTC)
    writer.append(rows(91, 100))

    assert (9, 0, 0) == tuple(merged.values())
    assert (90,) == steady.cursor().execute("SELECT count(*) FROM messages").fetchone()

    expired = writer.maintain(keep=datetime.now(UTC) - middle)
    states = connect(lake).execute("SELECT count(*) FROM lake.snapshots()").fetchone()
    rest = writer.maintain(keep=timedelta(0))

    assert (1,) == states
    assert 9 == expired["files_removed"]
    assert 9 == rest["files_removed"]
    assert [*range(1, 101)] == seqs(lake)


def test_utc_is_utc_on_any_machine(lake: Lake) -> None:
    """
    A machine in Kamchatka writes and reads the same moments.
    """
    script = (
        "import sys; from pathlib import Path; from pipeline.lake import Lake, connect\n"
        "from pipeline.writer import LakeWriter; from tests.pipeline.test_log_writer import row\n"
        "lake = Lake.in_folder(Path(sys.argv[1])); writer = LakeWriter(lake); writer.append([row(1)])\n"
        "print(connect(lake).execute('SELECT \"at\" FROM events').fetchone()[0])"
    )
    assert lake.catalog_file
    out = subprocess.run(
        [sys.executable, "-c", script, str(lake.catalog_file.parent)],
        cwd=ROOT,
        env={"TZ": "Asia/Kamchatka"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert f"{datetime(2026, 5, 12, 6, 0, 1, tzinfo=UTC):%Y-%m-%d %H:%M:%S}" == out.stdout.strip()


def test_rows_stay_right_through_batches_restarts_and_maintenance(
    lake: Lake, fortnight: Sequence[EventRow]
) -> None:
    """
    Some days of a seller in uneven batches, with few chats open, a writer that restarts, and files that are merged.
    """
    writer, left, sizes = (
        LakeWriter(lake, open_chats=20),
        list(fortnight[:2000]),
        itertools.cycle([7, 300, 40]),
    )
    while left:
        size = next(sizes)
        writer.append(left[:size])
        left = left[size:]
        if size == 300:
            writer.maintain(keep=timedelta(0))
        if size == 40:
            writer.close()
    writer.close()

    con = connect(lake)
    define_anew(con)
    assert {} == differences(con)
    assert (True,) == con.execute("SELECT count(*) > 20 FROM lake.main.settled_dialogs").fetchone()


def test_an_older_log_is_read_at_once_and_brought_up_to_date_at_the_first_write(
    lake: Lake, fortnight: Sequence[EventRow]
) -> None:
    """
    A log without kept rows answers from its events; the next batch makes the rows, and who connects then finds them.
    """
    older(lake, fortnight[:600])
    before = connect(lake)
    dialogs = before.execute("FROM dialogs ORDER BY dialog_id").fetchall()
    assert len(dialogs) > 10
    assert not outlived(before)

    writer = LakeWriter(lake)
    writer.append(fortnight[:601])
    writer.close()

    after = connect(lake)
    define_anew(after)
    assert outlived(before)
    assert not outlived(after)
    assert {} == differences(after)
    assert dialogs == before.execute("FROM dialogs ORDER BY dialog_id").fetchall()


def older(lake: Lake, rows: Sequence[EventRow]) -> None:
    """A log as versions made it that kept no rows."""
    con = connect_to_write(lake)
    con.execute(sql_text("log.sql"))
    con.execute("DROP TABLE lake.main.about")
    con.register("new_events", events_table(rows))
    con.execute(sql_text("fresh.sql"))
    con.execute("INSERT INTO lake.main.event_log FROM fresh")
    con.close()


def test_another_silence_counts_other_dialogs(writer: LakeWriter, lake: Lake) -> None:
    """
    The silence is a setting of the log: readers use what the writer was told, and a new one counts all dialogs anew.
    """
    story = Story()
    for hours in (0, 5, 80):
        story.client("a", after=hours * 3600)
    counted = "SELECT count(*) FROM dialogs"
    writer.append(story.rows)
    assert (2,) == connect(lake).execute(counted).fetchone()
    writer.close()

    shorter = LakeWriter(lake, silence=timedelta(hours=4))
    assert 3 == shorter.position()
    shorter.close()

    assert (3,) == connect(lake).execute(counted).fetchone()
    assert timedelta(hours=4) == connect(lake).execute("SELECT silence()").fetchone()[0]  # type: ignore[index]


def test_a_writer_notices_that_another_one_wrote(writer: LakeWriter, lake: Lake) -> None:
    """
    Somebody computes everything anew, and another adds a batch, between two batches of a writer that stays open.
    """
    writer.append(rows(1, 5))
    other = LakeWriter(lake)
    other.rebuild()
    writer.append(rows(6, 9))
    other.append(rows(8, 14))
    writer.append(rows(10, 20))
    other.close()

    con = connect(lake)
    define_anew(con)
    assert {} == differences(con)
    assert list(range(1, 21)) == seqs(lake)


def test_the_command_computes_all_rows_anew(
    writer: LakeWriter, lake: Lake, tmp_path: Path, command: Callable[..., tuple[int, str, str]]
) -> None:
    """
    The same rows as before; where there is no log, none is made.
    """
    writer.append(rows(1, 20))
    before = connect(lake).execute("FROM dialogs ORDER BY dialog_id").fetchall()

    code, out, _ = command("rebuild", lake=lake)

    assert (0, "7 dialogs and 7 waits, computed anew from all events.\n") == (code, out)
    assert before == connect(lake).execute("FROM dialogs ORDER BY dialog_id").fetchall()
    assert 1 == command("rebuild", lake=Lake.in_folder(tmp_path / "none"))[0]
    assert not (tmp_path / "none").exists()
