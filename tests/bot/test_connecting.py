"""Connecting an account, from the button to the first webhook, and letting go of it."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.bot.town import ACCOUNT, LISTING, OTHER, PUBLIC, Town, token

DASHBOARD = "http://dash.test/connection"


async def test_connecting_makes_an_account_ready(town: Town) -> None:
    """
    After consent the account has a name, tokens, its listings and a webhook under a secret address.
    """
    account = await town.connect()

    assert (ACCOUNT, "connected") == (account["id"], account["state"])
    assert ("valid", "subscribed") == (account["token"]["state"], account["webhook"]["state"])
    assert account["listings"]["total"] == account["sync"]["total"] > 0
    assert 0 == account["listings"]["ai_enabled"]
    [told] = [one for one in (await town.outside())["accounts"] if one["id"] == ACCOUNT]
    assert town.bot.webhook_url(ACCOUNT) == told["webhook"]
    for kind in ("account.connected", "webhook.subscribed", "listings.synced"):
        assert 1 == len(await town.events(kind)), kind


async def test_a_browser_comes_back_to_the_dashboard(village: Town) -> None:
    """
    Without a wish for JSON the callback sends the browser to the dashboard, which learns the account's number.
    """
    begun = await village.begin()

    answer = await village.back(await village.consent(begun["url"]), Accept="text/html,*/*")

    assert 303 == answer.status_code
    assert f"{DASHBOARD}?connected={ACCOUNT}" == answer.headers["location"]


async def test_the_browser_that_began_is_the_browser_that_ends(village: Town) -> None:
    """
    The start page leaves a cookie that scripts cannot read; without it nobody can finish, with it the browser can.
    """
    begun = await village.begin()
    started = await village.api.get(begun["start_url"])

    assert 303 == started.status_code
    assert begun["url"] == started.headers["location"]
    [cookie] = started.headers.get_list("set-cookie")
    assert {"httponly", "samesite=lax", "max-age=600"} <= {
        part.strip().lower() for part in cookie.split(";")
    }
    assert begun["state"] not in cookie

    query = await village.consent(begun["url"])
    async with _stranger(village) as other:
        refused = await other.get(
            "/api/avito/oauth/callback", params=query, headers={"Accept": "application/json"}
        )
    assert (403, "other_caller") == (refused.status_code, refused.json()["code"])

    answer = await village.back(query)
    assert 200 == answer.status_code, answer.text


async def test_another_browser_cannot_start_what_was_started(village: Town) -> None:
    """
    A state that one browser holds is refused to another, and the first may come back to the start page.
    """
    begun = await village.begin()
    await village.api.get(begun["start_url"])

    async with _stranger(village) as other:
        refused = await other.get(begun["start_url"], headers={"Accept": "application/json"})
    again = await village.api.get(begun["start_url"])

    assert (403, "other_caller") == (refused.status_code, refused.json()["code"])
    assert 303 == again.status_code


async def test_a_state_works_once(town: Town) -> None:
    """
    A callback that is replayed is refused, and changes nothing.
    """
    query = await town.consent((await town.begin())["url"])
    assert 200 == (await town.back(query)).status_code

    replayed = await town.back(query)

    assert (409, "state_used") == (replayed.status_code, replayed.json()["code"])
    assert 1 == len(await town.events("account.connected"))


async def test_a_state_lives_ten_minutes(town: Town) -> None:
    """
    After ten minutes the state is no good any more.
    """
    query = await town.consent((await town.begin())["url"])
    town.time.advance(minutes=10, seconds=1)

    late = await town.back(query)

    assert (410, "state_expired") == (late.status_code, late.json()["code"])


@pytest.mark.parametrize("state", ["", "made-up", "ы" * 40, "\ud800"])
async def test_a_state_that_was_never_given_out_is_refused(village: Town, state: str) -> None:
    """
    A callback without a state, or with one of somebody's own making, connects nothing.
    """
    query = await village.consent((await village.begin())["url"])
    encoded = state.encode(errors="surrogatepass").decode("latin-1")

    refused = await village.back({**query, "state": encoded})

    assert (400, "state_unknown") == (refused.status_code, refused.json()["code"])
    assert [] == (await village.get("/api/avito/accounts"))["data"]


async def test_a_callback_without_any_state_is_refused(village: Town) -> None:
    """
    Avito always brings the state back; a call without one is not from there.
    """
    refused = await village.back({"code": "x" * 22})

    assert (400, "state_unknown") == (refused.status_code, refused.json()["code"])


async def test_a_state_belongs_to_its_caller(town: Town) -> None:
    """
    Somebody who is logged in as another person cannot use the state, and does not use it up.
    """
    query = await town.consent((await town.begin(sub="anna"))["url"])

    refused = await town.back(query, Authorization=f"Bearer {token(sub='boris')}")
    good = await town.back(query, Authorization=f"Bearer {token(sub='anna')}")

    assert (403, "other_caller") == (refused.status_code, refused.json()["code"])
    assert 200 == good.status_code


async def test_a_broken_token_at_the_callback_is_no_token(village: Town) -> None:
    """
    An Authorization header that we did not sign is refused before anything is used up.
    """
    query = await village.consent((await village.begin())["url"])

    refused = await village.back(query, Authorization="Bearer made.up.token")

    assert 401 == refused.status_code
    assert 200 == (await village.back(query)).status_code


async def test_the_owner_says_no(village: Town) -> None:
    """
    A refusal on the consent page is told as a refusal, to people and to programs, and uses the state up.
    """
    query = await village.consent((await village.begin())["url"], auto="deny")
    other = await village.consent((await village.begin())["url"], auto="deny")

    told = await village.back(query)
    browser = await village.back(other, Accept="text/html")

    assert (403, "denied") == (told.status_code, told.json()["code"])
    assert f"{DASHBOARD}?error=denied" == browser.headers["location"]
    assert "state_used" == (await village.back(query)).json()["code"]


async def test_a_code_of_the_wrong_state_is_refused_by_avito_once_used(village: Town) -> None:
    """
    A code works once: a second state with the first one's code ends with words about the code.
    """
    first = await village.consent((await village.begin())["url"])
    second = await village.consent((await village.begin())["url"])
    assert 200 == (await village.back(first)).status_code

    swapped = await village.back({**second, "code": first["code"]})

    assert (400, "code_rejected") == (swapped.status_code, swapped.json()["code"])


async def test_a_callback_without_a_code_says_so(village: Town) -> None:
    """
    A known state without a code or an error ends with words, not with a crash.
    """
    query = await village.consent((await village.begin())["url"])

    answer = await village.back({"state": query["state"]})

    assert (400, "code_rejected") == (answer.status_code, answer.json()["code"])


async def test_avito_is_down_at_the_exchange(village: Town) -> None:
    """
    When the exchange of the code gets no answer, the words say that Avito is down.
    """
    query = await village.consent((await village.begin())["url"])
    village.post.lose = [("/token", "before")]

    answer = await village.back(query)

    assert (503, "avito_down") == (answer.status_code, answer.json()["code"])


async def test_a_subscription_level_without_messenger_has_its_own_words(town: Town) -> None:
    """
    The account is kept, its state says why it cannot answer, and it heals by itself when the level is raised.
    """
    from bot.jobs import hooking

    await town.act("faults", missing_subscription=True)
    query = await town.consent((await town.begin())["url"])

    refused = await town.back(query)

    assert (403, "no_messenger", ACCOUNT) == (
        refused.status_code,
        refused.json()["code"],
        refused.json()["account_id"],
    )
    assert "no_messenger" == (await town.account())["state"]
    assert ["no_messenger"] == [
        one["kind"] for one in (await town.get("/api/avito/state"))["notices"]
    ]

    await town.act("faults", missing_subscription=False)
    await hooking.check_all(town.bot)

    healed = await town.account()
    assert ("connected", "subscribed") == (healed["state"], healed["webhook"]["state"])


async def test_the_connection_stands_when_the_rest_fails(village: Town) -> None:
    """
    Listings and webhook that fail at first do not undo a connection: the clock makes up for them.
    """
    from bot.jobs import hooking, syncing

    await village.act("faults", next={"items": ["400"], "subscribe": ["400"]})
    answer = await village.back(await village.consent((await village.begin())["url"]))

    assert 200 == answer.status_code, answer.text
    account = answer.json()["account"]
    assert ("connected", "unknown", 0) == (
        account["state"],
        account["webhook"]["state"],
        account["listings"]["total"],
    )

    await syncing.sync_all(village.bot)
    await hooking.check_all(village.bot)

    account = await village.account()
    assert "subscribed" == account["webhook"]["state"]
    assert account["listings"]["total"] > 0


async def test_connecting_again_renews_the_account(town: Town) -> None:
    """
    The same account a second time stays one account, with its switches, its zone and a fresh pair of tokens.
    """
    before = await town.connect()
    await town.ask("POST", f"/api/avito/listings/{LISTING}/ai-toggle", json={"enabled": True})
    await town.ask("PATCH", f"/api/avito/accounts/{ACCOUNT}", json={"zone": "Asia/Omsk"})
    await town.set("UPDATE account SET state = 'needs_reconnect', state_detail = 'why'")
    old = (await town.rows("SELECT access_token FROM account"))[0]

    again = await town.connect()

    assert 1 == len((await town.get("/api/avito/accounts"))["data"])
    assert ("connected", None, "Asia/Omsk", 1, before["connected_at"]) == (
        again["state"],
        again["state_detail"],
        again["zone"],
        again["listings"]["ai_enabled"],
        again["connected_at"],
    )
    assert old != (await town.rows("SELECT access_token FROM account"))[0]


async def test_two_accounts_live_side_by_side(village: Town) -> None:
    """
    Each account has its own tokens, listings and webhook.
    """
    first, second = await village.connect(ACCOUNT), await village.connect(OTHER)

    assert [ACCOUNT, OTHER] == [
        one["id"] for one in (await village.get("/api/avito/accounts"))["data"]
    ]
    assert village.bot.webhook_url(ACCOUNT) != village.bot.webhook_url(OTHER)
    assert first["listings"]["total"] != 0 != second["listings"]["total"]


@pytest.mark.parametrize("trouble", [{}, {"next": {"unsubscribe": ["400"]}}])
async def test_disconnecting_forgets_the_tokens(town: Town, trouble: dict[str, Any]) -> None:
    """
    Avito is told to call no more; the tokens are gone whether it listens or not, and the webhook is deaf.
    """
    from tests.bot.town import call

    await town.connect()
    await town.act("faults", **trouble)

    answer = await town.ask("DELETE", f"/api/avito/accounts/{ACCOUNT}")

    assert 200 == answer.status_code
    assert [] == (await town.get("/api/avito/accounts"))["data"]
    assert [(None, None)] == [
        tuple(r) for r in await town.rows("SELECT access_token, refresh_token FROM account")
    ]
    assert 404 == (await town.ask("DELETE", f"/api/avito/accounts/{ACCOUNT}")).status_code
    assert 404 == (await town.api.post(town.hook_path(), json=call("m" * 32))).status_code
    assert 1 == len(await town.events("account.disconnected"))
    if not trouble:
        assert {} == (await town.outside())["subscriptions"]


async def test_no_token_lies_open_on_the_disk(village: Town) -> None:
    """
    Neither token is found in the database's files, and no state either.
    """
    begun = await village.begin()
    query = await village.consent(begun["url"])
    assert 200 == (await village.back(query)).status_code
    kept = await village.bot.tokens.of(ACCOUNT).get()
    [row] = await village.rows("SELECT refresh_token FROM account")
    refresh = village.bot.sealer.open(row.refresh_token, "account", ACCOUNT, "refresh_token")

    folder = village.bot.store.url.database
    assert folder
    from pathlib import Path

    written = b"".join(file.read_bytes() for file in Path(folder).parent.glob("bot.sqlite3*"))

    assert b"v1:" in written
    for secret in (kept, refresh, begun["state"], query["code"]):
        assert secret.encode() not in written


async def test_what_the_consent_page_is_asked_for(village: Town) -> None:
    """
    The scopes are those that the assistant needs, the state has 256 bits, and the start page lies beside the callback.
    """
    begun = await village.begin()

    query = parse_qs(urlsplit(begun["url"]).query)

    assert ["user:read,items:info,messenger:read,messenger:write,stats:read"] == query["scope"]
    assert [begun["state"]] == query["state"]
    assert len(begun["state"]) >= 43
    assert begun["start_url"].startswith(f"{PUBLIC}/api/avito/oauth/start?")


def _stranger(village: Town) -> httpx.AsyncClient:
    """Another browser."""
    return httpx.AsyncClient(transport=village.api._transport, base_url=PUBLIC)
