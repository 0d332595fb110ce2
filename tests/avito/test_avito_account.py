"""What an account asks of Avito, and what it makes of the answers."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import httpx
import pytest

from bot.avito.client import AvitoAccount, read_profile
from bot.avito.door import make_http
from bot.errors import (
    AvitoBusy,
    AvitoUnreachable,
    BadRequest,
    BotError,
    Forbidden,
    NoMessengerAccess,
    NotFound,
    OutcomeUnknown,
    TokenRejected,
)

ACCOUNT = 94235311
CHAT = "u2i-AbCdEf~gHiJ_kLmN-oPqRs"
BASE = f"/messenger/v1/accounts/{ACCOUNT}/chats/{CHAT}"

SENT = {"id": "bd" * 16, "created": 1760000600, "direction": "out", "type": "text"}
EXPIRED = httpx.Response(403, json={"result": {"status": False, "message": "invalid access token"}})
UNAUTHORIZED = httpx.Response(401, json={"error": {"code": 401, "message": "Unauthorized"}})
PAGE = httpx.Response(403, html="<html>Доступ ограничен</html>")

Make = Callable[..., tuple[AvitoAccount, Any]]
Call = Callable[[AvitoAccount], Awaitable[Any]]


def ok(data: Any) -> httpx.Response:
    return httpx.Response(200, json=data)


def refused(status: int, **headers: str) -> httpx.Response:
    return httpx.Response(
        status, json={}, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


CALLS: dict[str, tuple[Call, Any, Any, str, str, Any]] = {
    # call, Avito's answer, what becomes of it, method, address, body
    "profile": (
        lambda a: a.profile(),
        {"id": ACCOUNT, "name": "Пётр"},
        None,
        "GET",
        "/core/v1/accounts/self",
        None,
    ),
    "listings": (
        lambda a: a.listings(2),
        {"resources": []},
        [],
        "GET",
        "/core/v1/items?page=2&per_page=99&status=active,removed,old,blocked,rejected",
        None,
    ),
    "chats": (
        lambda a: a.chats(limit=5, offset=10),
        {"chats": []},
        [],
        "GET",
        f"/messenger/v2/accounts/{ACCOUNT}/chats?chat_types=u2i,u2u&limit=5&offset=10",
        None,
    ),
    "chat": (
        lambda a: a.chat(CHAT),
        {"id": CHAT},
        None,
        "GET",
        f"/messenger/v2/accounts/{ACCOUNT}/chats/{CHAT}",
        None,
    ),
    "messages": (
        lambda a: a.messages(CHAT, limit=7),
        {"messages": []},
        [],
        "GET",
        f"/messenger/v3/accounts/{ACCOUNT}/chats/{CHAT}/messages/?limit=7&offset=0",
        None,
    ),
    "send": (
        lambda a: a.send(CHAT, "Добрый день"),
        SENT,
        SENT["id"],
        "POST",
        f"{BASE}/messages",
        {"message": {"text": "Добрый день"}, "type": "text"},
    ),
    "delete": (lambda a: a.delete(CHAT, "bd"), {}, None, "POST", f"{BASE}/messages/bd", None),
    "subscribe": (
        lambda a: a.subscribe("https://x/y"),
        {"ok": True},
        None,
        "POST",
        "/messenger/v3/webhook",
        {"url": "https://x/y"},
    ),
    "subscriptions": (
        lambda a: a.subscriptions(),
        {"subscriptions": [{"url": "https://x", "version": "3"}]},
        ["https://x"],
        "POST",
        "/messenger/v1/subscriptions",
        None,
    ),
    "unsubscribe": (
        lambda a: a.unsubscribe("https://x/y"),
        {"ok": True},
        None,
        "POST",
        "/messenger/v1/webhook/unsubscribe",
        {"url": "https://x/y"},
    ),
    "stats": (
        lambda a: a.stats([1, 2], date(2026, 9, 1), date(2026, 9, 30)),
        {"result": {"items": []}},
        [],
        "POST",
        f"/stats/v1/accounts/{ACCOUNT}/items",
        {
            "itemIds": [1, 2],
            "dateFrom": "2026-09-01",
            "dateTo": "2026-09-30",
            "fields": ["uniqViews", "uniqContacts", "uniqFavorites"],
            "periodGrouping": "day",
        },
    ),
}
DELICATE = ("send", "delete")
REPEATABLE = tuple(name for name in CALLS if name not in DELICATE)


def run(account: AvitoAccount, name: str) -> Any:
    return asyncio.run(_await(CALLS[name][0](account)))


async def _await(what: Awaitable[Any]) -> Any:
    return await what


@pytest.mark.parametrize("name", CALLS)
def test_what_is_asked(name: str, avito: Make) -> None:
    """Each call has Avito's address, query and body, and the account's token."""
    _, answer, expected, method, address, body = CALLS[name]
    account, script = avito(ok(answer))

    found = run(account, name)

    assert expected is None or expected == found
    asked = script.asked[0]
    assert method == asked.method
    assert address == asked.url.raw_path.decode().replace("%2C", ",")
    assert "Bearer token-0" == asked.headers["authorization"]
    assert body is None or body == script.sent()
    assert body is not None or b"" == asked.content


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("refusal", [EXPIRED, UNAUTHORIZED])
def test_a_rejected_token_is_renewed_once(
    name: str, refusal: httpx.Response, avito: Make, purse: Any
) -> None:
    """A call with an expired token was certainly not done: it is made again with a new one."""
    account, script = avito(refusal, ok(CALLS[name][1]))

    run(account, name)

    assert ["token-0"] == purse.renewals
    assert "Bearer token-1" == script.asked[1].headers["authorization"]


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    ("refusal", "error"), [(EXPIRED, Forbidden), (UNAUTHORIZED, TokenRejected)]
)
def test_a_second_rejection_is_final(
    name: str, refusal: httpx.Response, error: type[BotError], avito: Make, purse: Any
) -> None:
    """A new token that is rejected too is not the reason."""
    account, script = avito(refusal, refusal)

    with pytest.raises(error):
        run(account, name)

    assert (1, 2) == (len(purse.renewals), len(script.asked))


@pytest.mark.parametrize("name", DELICATE)
def test_a_wall_before_avito_renews_nothing(name: str, avito: Make, purse: Any) -> None:
    """A web page with 403 does not come from Avito: the message was not sent, the token is good."""
    account, script = avito(PAGE)

    with pytest.raises(AvitoBusy):
        run(account, name)

    assert ([], 1) == (purse.renewals, len(script.asked))


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    ("status", "error"), [(400, BadRequest), (402, NoMessengerAccess), (404, NotFound)]
)
def test_refusals_are_definite(name: str, status: int, error: type[BotError], avito: Make) -> None:
    """What Avito will never take is not asked again."""
    account, script = avito(refused(status))

    with pytest.raises(error):
        run(account, name)

    assert 1 == len(script.asked)


@pytest.mark.parametrize("name", DELICATE)
@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_after_a_5xx_nobody_knows(name: str, status: int, avito: Make) -> None:
    """A message may be there although Avito failed: it is not sent again from here."""
    account, script = avito(refused(status))

    with pytest.raises(OutcomeUnknown):
        run(account, name)

    assert 1 == len(script.asked)


@pytest.mark.parametrize("name", DELICATE)
def test_a_429_was_not_done_and_is_left_to_the_caller(name: str, avito: Make) -> None:
    """Whoever asked knows better when to try again."""
    account, script = avito(refused(429, Retry_After="20"))

    with pytest.raises(AvitoBusy) as busy:
        run(account, name)

    assert (20, 1) == (busy.value.retry_after, len(script.asked))


LOST = [
    httpx.ReadTimeout("t"),
    httpx.WriteTimeout("t"),
    httpx.ReadError("r"),
    httpx.WriteError("r"),
    httpx.RemoteProtocolError("p"),
    httpx.DecodingError("d"),
]
NEVER_LEFT = [
    httpx.ConnectError("refused"),
    httpx.ConnectTimeout("t"),
    httpx.PoolTimeout("t"),
]


@pytest.mark.parametrize("name", DELICATE)
@pytest.mark.parametrize("fault", LOST, ids=repr)
def test_a_lost_answer_is_unknown(name: str, fault: Exception, avito: Make) -> None:
    """The request left; it is made once."""
    account, script = avito(fault)

    with pytest.raises(OutcomeUnknown):
        run(account, name)

    assert 1 == len(script.asked)


@pytest.mark.parametrize("name", DELICATE)
@pytest.mark.parametrize("fault", NEVER_LEFT, ids=repr)
def test_what_never_left_is_certain(name: str, fault: Exception, avito: Make) -> None:
    """Without a connection nothing was done."""
    account, script = avito(fault)

    with pytest.raises(AvitoUnreachable):
        run(account, name)

    assert 1 == len(script.asked)


@pytest.mark.parametrize("name", DELICATE)
@pytest.mark.parametrize("body", [b"", b"<html>ok</html>", b'{"id": "0f', b"{}", b"[]"])
def test_a_yes_that_cannot_be_read_is_unknown(name: str, body: bytes, avito: Make) -> None:
    """A message without id may be there; an empty answer to a deletion is Avito's way."""
    account, _ = avito(httpx.Response(200, content=body))
    fine = name == "delete" and body in (b"", b"{}", b"[]")

    if fine:
        run(account, name)
        return
    with pytest.raises(OutcomeUnknown):
        run(account, name)


@pytest.mark.parametrize("name", REPEATABLE)
@pytest.mark.parametrize("fault", [refused(503), *LOST[:1], *NEVER_LEFT[:1]], ids=repr)
def test_short_troubles_are_waited_out(name: str, fault: Any, avito: Make) -> None:
    """What is as well done twice as once is tried up to three times."""
    account, script = avito(fault, fault, ok(CALLS[name][1]))

    run(account, name)

    assert 3 == len(script.asked)


@pytest.mark.parametrize(
    ("fault", "error"),
    [(refused(503), AvitoBusy), (LOST[0], AvitoUnreachable), (NEVER_LEFT[0], AvitoUnreachable)],
    ids=repr,
)
def test_there_is_an_end_to_trying(fault: Any, error: type[BotError], avito: Make) -> None:
    """After three times whoever asked is told; a reading has no unknown outcome."""
    account, script = avito(fault, fault, fault)

    with pytest.raises(error):
        run(account, "chats")

    assert 3 == len(script.asked)


def test_a_long_wait_is_left_to_the_caller(avito: Make) -> None:
    """Nobody sits here for a minute because Avito said so."""
    account, script = avito(refused(429, Retry_After="60"))

    with pytest.raises(AvitoBusy) as busy:
        run(account, "chats")

    assert (60, 1) == (busy.value.retry_after, len(script.asked))
    with pytest.raises(AvitoBusy):
        run(account, "chats")
    assert 1 == len(script.asked)


@pytest.mark.parametrize("answer", [b"<html>hi</html>", b'{"chats": [', b'{"result":{}}'])
def test_an_unreadable_list_is_not_an_empty_one(answer: bytes, avito: Make) -> None:
    """An account whose chats cannot be read must not look like one without chats."""
    account, _ = avito(httpx.Response(200, content=answer))

    with pytest.raises(AvitoBusy):
        run(account, "chats")


@pytest.mark.parametrize("text", ["", "я" * 1001])
def test_impossible_texts_do_not_leave(text: str, avito: Make) -> None:
    """Avito takes 1 to 1000 characters."""
    account, script = avito()

    with pytest.raises(BadRequest):
        asyncio.run(account.send(CHAT, text))

    assert [] == script.asked


@pytest.mark.parametrize("chat_id", ["..", ".", ""])
def test_an_id_is_no_way_out_of_its_place(chat_id: str, avito: Make) -> None:
    """Chat ids come from outside; none of them leads to another address."""
    account, script = avito(ok({"id": "x"}))

    with pytest.raises(BadRequest):
        asyncio.run(account.chat(chat_id))
    asyncio.run(account.chat("../../a b?c#d"))

    tail = script.asked[0].url.raw_path.decode().rpartition("/")[2]
    assert "..%2F..%2Fa%20b%3Fc%23d" == tail


def test_already_subscribed_is_subscribed(avito: Make) -> None:
    """Some answer 409 to an address that they have."""
    account, _ = avito(refused(409))

    asyncio.run(account.subscribe("https://x"))


def test_a_renewal_that_fails_leaves_the_message_unsent(avito: Make, purse: Any) -> None:
    """Trouble with the token is never an unknown message: the message had been refused."""
    for fault, error in {
        OutcomeUnknown("x"): AvitoUnreachable,
        AvitoBusy("x", status=500): AvitoBusy,
        TokenRejected("x", status=400): TokenRejected,
    }.items():
        account, script = avito(EXPIRED)

        async def renew(rejected: str, fault: Exception = fault) -> str:
            raise fault

        purse.renew = renew
        with pytest.raises(error) as raised:
            run(account, "send")

        assert error is type(raised.value)
        assert 1 == len(script.asked)


def test_a_renewal_outlives_who_asked_for_it(avito: Make, purse: Any) -> None:
    """Half a rotation would lose the account: a cancelled call does not cancel it."""

    async def scene() -> None:
        account, _ = avito(EXPIRED)
        begun, let_go, done = asyncio.Event(), asyncio.Event(), asyncio.Event()

        async def renew(rejected: str) -> str:
            begun.set()
            await let_go.wait()
            done.set()
            return "token-1"

        purse.renew = renew
        call = asyncio.create_task(account.send(CHAT, "x"))
        await begun.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        let_go.set()
        await asyncio.wait_for(done.wait(), 2)

    asyncio.run(scene())


def test_failures_in_a_row_open_the_circuit(avito: Make) -> None:
    """After five failed sends the sixth does not leave, and is certain not to have."""
    account, script = avito(*[refused(503)] * 6)

    for _ in range(5):
        with pytest.raises(OutcomeUnknown):
            run(account, "send")
    with pytest.raises(AvitoBusy):
        run(account, "send")

    assert 5 == len(script.asked)


def test_whose_token_it_is() -> None:
    """A fresh token tells its account before there is one."""

    def at(answer: httpx.Response) -> Any:
        http = make_http("https://api.example", transport=httpx.MockTransport(lambda _: answer))
        return asyncio.run(read_profile(http, "t"))

    assert ACCOUNT == at(ok({"id": ACCOUNT, "name": "Пётр"})).id
    with pytest.raises(TokenRejected):
        at(UNAUTHORIZED)
    with pytest.raises(AvitoBusy):
        at(httpx.Response(200, html="<html>"))
