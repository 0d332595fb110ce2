"""Avito's webhook subscriptions: one for each account, and the newest wins."""

from urllib.parse import urlsplit

from bot.sandbox.answers import Answer, invalid
from bot.sandbox.door import Call
from bot.sandbox.records import Subscription


def subscribe(call: Call) -> Answer:
    """POST /messenger/v3/webhook; a subscription that was there before is gone without a word."""
    url = _url(call)
    call.world.state.subscriptions[call.account.id] = Subscription(url, "3", call.world.now())
    call.world.changed()
    return Answer(body={"ok": True})


def subscriptions(call: Call) -> Answer:
    """POST /messenger/v1/subscriptions, without a body."""
    found = call.world.state.subscriptions.get(call.account.id)
    rows = [{"url": found.url, "version": found.version}] if found else []
    return Answer(body={"subscriptions": rows})


def unsubscribe(call: Call) -> Answer:
    """POST /messenger/v1/webhook/unsubscribe; an address that is not there is no error."""
    url, held = _url(call), call.world.state.subscriptions
    if call.account.id in held and held[call.account.id].url == url:
        del held[call.account.id]
        call.world.changed()
    return Answer(body={"ok": True})


def _url(call: Call) -> str:
    url = call.body.get("url") if isinstance(call.body, dict) else None
    if not isinstance(url, str) or urlsplit(url).scheme not in {"http", "https"}:
        raise invalid(url="must be an address")
    return url
