"""The sink's door: each event is in the log exactly once, whatever happens around it."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from pipeline import Lake, LakeBroken, connect
from pipeline.events import EventRow, MessageReceived
from pipeline.writer import LakeWriter

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
    Killed without warning three times in the middle of its work; whoever comes next finds whole batches and goes on.
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
