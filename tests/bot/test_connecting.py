"""Connecting an account, from the button to the first webhook."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.bot.town import ACCOUNT, PUBLIC, Town


async def test_connecting_makes_an_account_ready(town: Town) -> None:
    """
    After consent the account has a name, tokens, its listings and a webhook under a secret address.
    """
    account = await town.connect()

    assert (ACCOUNT, "connected", "valid") == (account["id"], account["state"], account["token"]["state"])
    assert "subscribed" == account["webhook"]["state"]
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
    assert f"http://dash.test/connection?connected={ACCOUNT}" == answer.headers["location"]
