"""Tokens: renewed in time, once for all who wait, and never lost."""

import asyncio
from dataclasses import replace

import pytest

from bot.errors import AvitoBusy, AvitoUnreachable, OutcomeUnknown, TokenRejected
from bot.jobs.scheduled import run_job
from bot.store.engine import StoreUnavailable
from bot.store.seal import Sealer
from bot.tokens import KeptTokens
from tests.bot.town import ACCOUNT, Town


def another_process(town: Town) -> KeptTokens:
    """Somebody with the same database and a memory of their own."""
    bot = town.bot
    return KeptTokens(bot.store, bot.sealer, bot.auth, town.time.now, lambda: None)


async def test_fifty_callers_and_one_renewal(town: Town) -> None:
    """
    When the token has ended, fifty who want it at once cost one request, and all get the same new one.
    """
    await town.connect()
    old = await town.bot.tokens.of(ACCOUNT).get()
    town.time.advance(hours=25)
    before = town.post.count("/token")

    got = await asyncio.gather(*(town.bot.tokens.of(ACCOUNT).get() for _ in range(50)))

    assert 1 == town.post.count("/token") - before
    assert 1 == len(set(got))
    assert old not in got
    assert 1 == len(await town.events("token.renewed"))


async def test_fifty_rejections_and_one_renewal(town: Town) -> None:
    """
    When Avito rejects the token, whoever comes back with the rejected one gets its successor, asked for once.
    """
    await town.connect()
    tokens = town.bot.tokens.of(ACCOUNT)
    old = await tokens.get()
    before = town.post.count("/token")

    got = await asyncio.gather(*(tokens.renew(old) for _ in range(50)))

    assert 1 == town.post.count("/token") - before
    assert {await tokens.get()} == set(got) != {old}


async def test_two_processes_renew_once(town: Town) -> None:
    """
    The refresh token works once: of several processes one uses it, the others wait for what it gets.
    """
    await town.connect()
    town.time.advance(hours=25)
    processes = [town.bot.tokens, another_process(town), another_process(town)]
    before = town.post.count("/token")

    got = await asyncio.gather(*(one.of(ACCOUNT).get() for one in processes for _ in range(5)))

    assert 1 == town.post.count("/token") - before
    assert 1 == len(set(got))


@pytest.mark.parametrize("status", [401, 403])
async def test_a_call_with_an_ended_token_goes_through(village: Town, status: int) -> None:
    """
    Avito may say 401 or 403 to a token that has ended; either way the call is made again with a new one.
    """
    await village.connect()
    await village.act("faults", auth_status=status, expire_tokens=True)

    profile = await village.bot.avito(ACCOUNT).profile()

    assert ACCOUNT == profile.id
    assert 1 == len(await village.events("token.renewed"))


async def test_a_new_pair_is_on_disk_before_it_is_used(town: Town) -> None:
    """
    Whoever gets the new token finds that the database has it already.
    """
    await town.connect()
    town.time.advance(hours=25)

    new = await town.bot.tokens.of(ACCOUNT).get()

    [row] = await town.rows("SELECT access_token, renewing_until FROM account")
    assert new == town.bot.sealer.open(row.access_token, "account", ACCOUNT, "access_token")
    assert row.renewing_until is None


async def test_an_answer_that_is_lost_is_asked_for_once_more(town: Town) -> None:
    """
    A request that never arrived left the refresh token good: the second try finds that out.
    """
    await town.connect()
    town.time.advance(hours=25)
    town.post.lose = [("/token", "before")]

    assert await town.bot.tokens.of(ACCOUNT).get()
    assert "connected" == (await town.account())["state"]


async def test_a_rotation_that_is_lost_costs_the_connection(town: Town) -> None:
    """
    If the request arrived and its answer did not, the pair is gone: the owner is told to connect again.
    """
    await town.connect()
    town.time.advance(hours=25)
    town.post.lose = [("/token", "after")]

    with pytest.raises(TokenRejected):
        await town.bot.tokens.of(ACCOUNT).get()

    account = await town.account()
    assert ("needs_reconnect", "rejected") == (account["state"], account["token"]["state"])
    assert ["needs_reconnect"] == [
        one["kind"] for one in (await town.get("/api/avito/state"))["notices"]
    ]
    assert 1 == len(await town.events("account.disconnected"))

    asked = town.post.count("/token")
    with pytest.raises(TokenRejected):
        await town.bot.tokens.of(ACCOUNT).get()
    assert asked == town.post.count("/token")


async def test_avito_in_trouble_does_not_cost_the_connection(village: Town) -> None:
    """
    While Avito cannot be asked, a token that still lives is used, and one that has ended makes callers wait.
    """
    await village.connect()
    tokens = village.bot.tokens.of(ACCOUNT)
    old = await tokens.get()
    village.time.advance(hours=23, minutes=59)
    village.post.lose = [("/token", "before")] * 2

    assert old == await tokens.get()

    village.time.advance(minutes=2)
    village.post.lose = [("/token", "before")] * 2
    with pytest.raises(OutcomeUnknown):
        await tokens.get()
    assert "connected" == (await village.account())["state"]
    assert old != await tokens.get()


async def test_a_wrong_application_is_not_the_accounts_fault(village: Town) -> None:
    """
    A client secret that is wrong for a while leaves the account connected; calls may be tried again.
    """
    await village.connect()
    village.time.advance(hours=25)
    await village.act("faults", next={"token": ["401"]})

    with pytest.raises((AvitoBusy, AvitoUnreachable)):
        await village.bot.tokens.of(ACCOUNT).get()

    assert "connected" == (await village.account())["state"]
    assert await village.bot.tokens.of(ACCOUNT).get()


async def test_a_full_disk_is_waited_for(village: Town) -> None:
    """
    A new pair that cannot be written is not used and not lost: it is written when the disk is well again.
    """
    await village.connect()
    village.time.advance(hours=25)
    store, refused = village.bot.store, 0

    class Troubled:
        async def read(self, work: object) -> object:
            return await store.read(work)  # type: ignore[arg-type]

        async def write(self, work: object) -> object:
            nonlocal refused
            if village.post.count("/token") > 1 and refused < 2:
                refused += 1
                raise StoreUnavailable("disk full")
            return await store.write(work)  # type: ignore[arg-type]

    bot = village.bot
    tokens = KeptTokens(Troubled(), bot.sealer, bot.auth, village.time.now, lambda: None)  # type: ignore[arg-type]

    new = await tokens.of(ACCOUNT).get()

    assert 2 == refused
    assert new == await village.bot.tokens.of(ACCOUNT).get()


async def test_tokens_are_renewed_before_anybody_waits(village: Town) -> None:
    """
    The clock renews what ends within two hours, and leaves alone what does not.
    """
    await village.connect()
    await run_job(village.bot, "token_renewal")
    assert [] == await village.events("token.renewed")

    village.time.advance(hours=22, minutes=30)
    await run_job(village.bot, "token_renewal")

    assert 1 == len(await village.events("token.renewed"))
    assert "valid" == (await village.account())["token"]["state"]


async def test_what_avito_rejects_for_another_reason_does_not_burn_tokens(village: Town) -> None:
    """
    A call that stays forbidden with fresh tokens stops renewing them after a few times.
    """
    await village.connect()
    tokens = village.bot.tokens.of(ACCOUNT)

    for _ in range(40):
        await tokens.renew(await tokens.get())

    assert 10 == len(await village.events("token.renewed"))


async def test_keys_rotate(village: Town) -> None:
    """
    With a new key in front, what was sealed under the old one is sealed anew, and opens without the old one.
    """
    await village.connect()
    token = await village.bot.tokens.of(ACCOUNT).get()
    both, new = Sealer([b"n" * 32, b"k" * 32]), Sealer([b"n" * 32])
    rotating = KeptTokens(village.bot.store, both, village.bot.auth, village.time.now, lambda: None)

    assert (1, 0) == (await rotating.reseal(), await rotating.reseal())

    after = replace(village.bot, sealer=new)
    fresh = KeptTokens(after.store, new, after.auth, village.time.now, lambda: None)
    assert token == await fresh.of(ACCOUNT).get()
