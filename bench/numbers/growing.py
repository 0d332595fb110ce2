"""What it costs to keep rows: a thousand more events on a large log, and everything anew."""

import time

from bench.numbers import big_log
from bench.numbers.big_log import LargeSeller
from pipeline import Lake, connect
from pipeline.writer import LakeWriter

BATCH, BATCHES = 1000, 5


def batches(lake: Lake, seller: LargeSeller) -> list[float]:
    """Seconds for each thousand of the events that come next, with the log's rows kept."""
    more, writer, found = seller.month(), LakeWriter(lake), []
    writer.position()
    for number in range(BATCHES):
        part = more.slice(number * BATCH, BATCH)
        started = time.perf_counter()
        writer.append_table(part)
        found.append(time.perf_counter() - started)
    writer.close()
    return found


def anew(lake: Lake) -> float:
    """Seconds until all rows are computed from all events."""
    writer = LakeWriter(lake)
    writer.position()
    big_log.bounded(writer)
    started = time.perf_counter()
    writer.rebuild()
    return time.perf_counter() - started


def bytes_an_event(lake: Lake) -> float:
    """Of all files that the newest state needs, and of the catalog."""
    con = connect(lake)
    asked = (
        "SELECT sum(file_size_bytes) + sum(delete_file_size_bytes) FROM ducklake_table_info('lake')"
    )
    [(size,)] = con.execute(asked).fetchall()
    [(events,)] = con.execute("SELECT count(*) FROM lake.main.event_log").fetchall()
    con.close()
    assert lake.catalog_file
    return float((int(size) + lake.catalog_file.stat().st_size) / events)
