"""Of several processes on one PostgreSQL exactly one writes the log, sweeps, and keeps the timetable."""

import pytest
from sqlalchemy import create_engine, text

from bot.jobs.sink import Sink
from bot.store import journal
from bot.store.engine import Store
from bot.store.leader import Leadership, Leads
from pipeline.events import BotStarted
from pipeline.lake import connect
from tests.bot.town import Town


def end_other_sessions(url: str) -> None:
    """The server ends every session but this one, as a restart of it does, and they are over when this returns."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as session:
        session.execute(
            text(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    engine.dispose()


async def test_an_office_has_one_holder(database_url: str) -> None:
    """
    While one holds an office nobody else does; different offices may have different holders; whoever leaves lets the next
    one in at once.
    """
    store = Store(database_url)
    first, second = Leadership(store, "log"), Leadership(store, "log")
    other = Leadership(store, "sweep")

    held = [await one.held() for one in (first, second, other, first)]
    assert [True, store.is_sqlite, True, True] == held

    await first.close()
    assert await second.held()
    await second.close()
    await other.close()
    store.close()


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_broken_session_is_noticed(database_url: str) -> None:
    """
    Whoever lost the connection lost the office, knows it at the next look, and may win it again.
    """
    store = Store(database_url)
    leader, waiting = Leadership(store, "log"), Leadership(store, "log")
    assert await leader.held()

    end_other_sessions(database_url)

    assert await waiting.held()
    assert not await leader.held()
    assert not await leader.held()
    await waiting.close()
    assert await leader.held()
    await leader.close()
    store.close()


async def test_who_leads_again_asks_the_log_where_it_ends(town: Town) -> None:
    """
    Two sinks that take turns give each event one place, dense, though each remembers an older end of the log.
    """
    lake = town.bot.lake
    turn = {"holder": "first"}

    def leads(name: str) -> Leads:
        async def held() -> bool:
            return turn["holder"] == name

        return held

    sinks = {name: Sink(town.bot, leads(name)) for name in ("first", "second")}
    for holder in ("first", "second", "first", "first", "second"):
        turn["holder"] = holder
        await town.bot.store.write(
            lambda tx: journal.record(tx, BotStarted(version="1"), at=town.bot.now())
        )
        published = {name: await sink.publish() for name, sink in sinks.items()}
        assert {"first": 0, "second": 0, holder: 1} == published

    for sink in sinks.values():
        await sink.close()
    with connect(lake) as con:
        places = [row[0] for row in con.execute("SELECT seq FROM events ORDER BY seq").fetchall()]
    assert list(range(1, 6)) == places
