"""What the clock does: webhooks taken back, numbers of each day, old things let go."""

import json
from datetime import date, timedelta

from bot.jobs import hooking, statistics
from bot.jobs.scheduled import JOBS, run_job, scheduled
from bot.jobs.timetable import EVERY
from tests.bot.town import ACCOUNT, Town, call


async def test_a_webhook_that_was_taken_is_taken_back(town: Town) -> None:
    """
    Another service that took the subscription loses it again, and a manager hears of it once.
    """
    await town.connect()
    await town.act("steal-webhook", account_id=ACCOUNT, url="https://crm.example/hook")

    assert await run_job(town.bot, "webhook_check")

    assert "subscribed" == (await town.account())["webhook"]["state"]
    told = {one["id"]: one["webhook"] for one in (await town.outside())["accounts"]}
    assert town.bot.webhook_url(ACCOUNT) == told[ACCOUNT]
    assert 1 == len(await town.events("webhook.taken"))
    [notice] = (await town.get("/api/avito/state"))["notices"]
    assert ("webhook_taken", ACCOUNT, False) == (
        notice["kind"],
        notice["account_id"],
        notice["seen"],
    )
    assert "crm.example" in notice["detail"]

    seen = await town.ask("POST", f"/api/avito/notices/{notice['id']}/seen", role="manager")
    assert {"success": True} == seen.json()
    assert (await town.get("/api/avito/state"))["notices"][0]["seen"]


async def test_a_webhook_that_is_missing_is_set_anew(village: Town) -> None:
    """
    A subscription that is just gone is made again without an alarm; one that is ours is left alone.
    """
    await village.connect()
    avito = village.bot.avito(ACCOUNT)
    await avito.unsubscribe(village.bot.webhook_url(ACCOUNT))

    assert "missing: 1" == await hooking.check_all(village.bot)
    assert "subscribed: 1" == await hooking.check_all(village.bot)

    assert [] == await village.events("webhook.taken")
    assert 2 == len(await village.events("webhook.subscribed"))


async def test_an_older_address_of_ours_is_no_stranger(village: Town) -> None:
    """
    After the secret was changed the old address is replaced, and nobody is accused.
    """
    await village.connect()
    avito = village.bot.avito(ACCOUNT)
    await avito.subscribe(village.bot.webhook_url(ACCOUNT)[:-3] + "old")

    assert "missing: 1" == await hooking.check_all(village.bot)

    assert [] == (await village.get("/api/avito/state"))["notices"]


async def test_a_check_that_fails_is_said(village: Town) -> None:
    """
    Avito in trouble is noted in the job's line, and the webhook's state stays what it was.
    """
    await village.connect()
    await village.act("faults", next={"subscriptions": ["400"]})

    await run_job(village.bot, "webhook_check")

    [job] = [
        one
        for one in (await village.get("/api/avito/state"))["jobs"]
        if one["name"] == "webhook_check"
    ]
    assert "BadRequest: 1" == job["detail"]
    assert job["next_run_at"] > job["last_run_at"]
    assert "subscribed" == (await village.account())["webhook"]["state"]


FEW = 3


async def few_listings(town: Town, *, hour: int = 12) -> None:
    """An account with so few listings that a year of numbers is quickly read; it is `hour` o'clock UTC."""
    ahead = (hour - town.time.now().hour) % 24
    town.time.advance(hours=ahead)
    await town.act("time", advance=ahead * 3600)
    await town.connect()
    keep = f"SELECT id FROM listing WHERE status = 'active' ORDER BY id LIMIT {FEW}"
    await town.set(f"DELETE FROM listing WHERE id NOT IN ({keep})")


async def test_statistics_go_back_as_far_as_avito_remembers(village: Town) -> None:
    """
    The first time every day of the last 269 is recorded for each listing; afterwards only what is new.
    """
    await few_listings(village)

    recorded = await statistics.record(village.bot, ACCOUNT)

    assert 270 * FEW == recorded
    events = await village.events("stats.recorded")
    days = {json.loads(event.body)["day"] for event in events}
    assert (270, recorded) == (len(days), len(events))
    assert 0 == await statistics.record(village.bot, ACCOUNT)

    village.time.advance(days=3)
    await village.act("time", advance=3 * 86_400)
    await village.bot.tokens.renew_ahead(ACCOUNT)
    assert 4 * FEW == await statistics.record(village.bot, ACCOUNT)


async def test_statistics_in_the_small_hours(village: Town) -> None:
    """
    At three in the morning yesterday is not counted yet, and Avito remembers no further back for it.
    """
    await few_listings(village, hour=0)

    assert 269 * FEW == await statistics.record(village.bot, ACCOUNT)


async def test_statistics_go_on_where_they_stopped(village: Town) -> None:
    """
    A run that broke off half-way has kept what it recorded, and the next one does the rest.
    """
    await few_listings(village)
    await village.act("faults", next={"stats": ["400"]})
    assert not await run_job(village.bot, "statistics")
    assert [] == await village.events("stats.recorded")

    await run_job(village.bot, "statistics")

    days = sorted(
        {json.loads(event.body)["day"] for event in await village.events("stats.recorded")}
    )
    first, last = date.fromisoformat(days[0]), date.fromisoformat(days[-1])
    assert last - first == timedelta(days=269)
    assert len(days) == 270


async def test_what_is_old_is_let_go(town: Town) -> None:
    """
    Events that the log has and calls that were understood go after seven days; what was not, stays.
    """
    await town.connect()
    for name in ("m1", "m2"):
        await town.api.post(town.hook_path(), json=call(name))
    await town.set("UPDATE inbox SET done_at = received_at WHERE message_id = 'm1'")
    await town.set("UPDATE event SET published = true, seq = no WHERE kind <> 'webhook.subscribed'")

    await run_job(town.bot, "forgetting")
    assert 2 == len(await town.rows("SELECT 1 FROM inbox"))

    town.time.advance(days=8)
    await run_job(town.bot, "forgetting")

    assert ["m2"] == [row.message_id for row in await town.rows("SELECT message_id FROM inbox")]
    assert 1 == len(await town.events("webhook.subscribed"))
    assert [] == await town.events("account.connected")
    assert [] == await town.rows("SELECT 1 FROM oauth_state")


async def test_a_job_that_falls_does_not_stop_the_clock(village: Town, monkeypatch: object) -> None:
    """
    A fault of ours is kept as the job's last run, and the next run goes on.
    """

    async def broken(_: object) -> str:
        raise ZeroDivisionError

    before = JOBS["forgetting"]
    JOBS["forgetting"] = broken
    try:
        assert not await run_job(village.bot, "forgetting")
    finally:
        JOBS["forgetting"] = before

    [job] = (await village.get("/api/avito/state"))["jobs"]
    assert ("forgetting", False, "ZeroDivisionError") == (job["name"], job["ok"], job["detail"])
    assert await run_job(village.bot, "forgetting")


async def test_the_clock_runs_the_jobs(village: Town) -> None:
    """
    Started, the clock renews tokens and checks webhooks within seconds; stopped, it stops.
    """
    import asyncio

    assert set(EVERY) == set(JOBS)
    await village.connect()

    async with scheduled(village.bot), asyncio.timeout(10):
        while "webhook_check" not in village.bot.pulse.parts:
            await asyncio.sleep(0.05)

    assert village.bot.pulse.parts["token_renewal"].ok
