"""What becomes of a call when the network is ugly; the sockets here are real."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.avito import client, door
from bot.avito.budget import Budget
from bot.avito.client import AvitoAccount
from bot.avito.door import make_http
from bot.errors import AvitoBusy, AvitoUnreachable, BotError, OutcomeUnknown

ACCOUNT = 94235311
CHAT = "u2i-AbCdEfGhIjKlMnOpQrStUv"
ID = b'{"id":"bdcc5bac2d00345f1cc66fa657813958"}'

Wire = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def request(reader: asyncio.StreamReader) -> None:
    """Reads a whole request."""
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            await reader.readexactly(int(line.partition(b":")[2]))


def reset(writer: asyncio.StreamWriter) -> None:
    """Closes with RST, as a dying process or a firewall does."""
    raw = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def answering(*parts: bytes, pause: float = 0, ending: str = "close") -> Wire:
    async def wire(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request(reader)
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
        if ending == "reset":
            reset(writer)
        writer.close()

    return wire


def http(status: str, body: bytes = b"", *headers: bytes, length: int | None = None) -> bytes:
    size = b"Content-Length: %d" % (len(body) if length is None else length)
    head = b"\r\n".join([b"HTTP/1.1 " + status.encode(), size, *headers])
    return head + b"\r\n\r\n" + body


async def reset_in_the_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(10)
    reset(writer)


HTML = b"Content-Type: text/html"
FAULTS: dict[str, tuple[Wire, type[BotError], type[BotError]]] = {
    # what the other side does, what a send becomes, what a reading becomes
    "reset in the request": (reset_in_the_request, OutcomeUnknown, AvitoUnreachable),
    "closed without a word": (answering(), OutcomeUnknown, AvitoUnreachable),
    "reset without a word": (answering(ending="reset"), OutcomeUnknown, AvitoUnreachable),
    "reset in the headers": (
        answering(b"HTTP/1.1 200 OK\r\nContent-", ending="reset"),
        OutcomeUnknown,
        AvitoUnreachable,
    ),
    "reset after the headers": (
        answering(http("200 OK", length=50), pause=0.01, ending="reset"),
        OutcomeUnknown,
        AvitoUnreachable,
    ),
    "body cut off": (answering(http("200 OK", ID, length=99)), OutcomeUnknown, AvitoUnreachable),
    "no HTTP": (answering(b"SSH-2.0-OpenSSH\r\n\r\n"), OutcomeUnknown, AvitoUnreachable),
    "broken compression": (
        answering(http("200 OK", b"no gzip", b"Content-Encoding: gzip")),
        OutcomeUnknown,
        AvitoUnreachable,
    ),
    "page with 403": (answering(http("403 Forbidden", b"<html>", HTML)), AvitoBusy, AvitoBusy),
    "page with 429": (answering(http("429 Slow", b"<html>", HTML)), AvitoBusy, AvitoBusy),
    "page with 502": (answering(http("502 Bad", b"<html>", HTML)), OutcomeUnknown, AvitoBusy),
    "page with 200": (answering(http("200 OK", b"<html>", HTML)), OutcomeUnknown, AvitoBusy),
    "no JSON with 200": (answering(http("200 OK", b'{"id": "0f')), OutcomeUnknown, AvitoBusy),
    "429": (answering(http("429 Slow", b"{}")), AvitoBusy, AvitoBusy),
    "429 for long": (answering(http("429 Slow", b"{}", b"Retry-After: 9")), AvitoBusy, AvitoBusy),
    "moved": (answering(http("302 Found", b"", b"Location: /captcha")), AvitoBusy, AvitoBusy),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_send_in_an_ugly_network(fault: str, at_socket: Any) -> None:
    """Only what is certain is called certain."""
    wire, expected, _ = FAULTS[fault]

    async def scene() -> None:
        async with at_socket(wire) as account:
            await account.send(CHAT, "x")

    with pytest.raises(expected) as raised:
        asyncio.run(scene())
    assert expected is type(raised.value)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_reading_in_an_ugly_network(fault: str, at_socket: Any) -> None:
    """Nothing is in doubt about a reading: it is there or not."""
    wire, _, expected = FAULTS[fault]

    async def scene() -> None:
        async with at_socket(wire) as account:
            await account.chats()

    with pytest.raises(expected) as raised:
        asyncio.run(scene())
    assert expected is type(raised.value)


def test_nobody_is_there(purse: Any) -> None:
    """A refused connection, and a name that is none, are certain."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]

    async def scene(base: str) -> None:
        async with make_http(base) as http:
            now = datetime(2026, 10, 9, tzinfo=UTC)
            await AvitoAccount(http, ACCOUNT, purse, Budget(), lambda: now).send(CHAT, "x")

    for base in (f"http://127.0.0.1:{port}", "http://no-such-host.invalid"):
        with pytest.raises(AvitoUnreachable):
            asyncio.run(scene(base))


@pytest.mark.parametrize(("slow", "expected"), [("drip", OutcomeUnknown), ("mute", OutcomeUnknown)])
def test_a_total_deadline(
    slow: str, expected: type[BotError], at_socket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer byte by byte resets every single time-out; the total one ends it."""
    monkeypatch.setattr(client, "TOTAL_SECONDS", 0.3)
    drip = [bytes([byte]) for byte in http("200 OK", ID)]
    wire = answering(*drip, pause=0.02) if slow == "drip" else answering(b"", pause=5)

    async def scene() -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with at_socket(wire) as account:
            with pytest.raises(expected):
                await account.send(CHAT, "x")
        return loop.time() - began

    assert 0.25 < asyncio.run(scene()) < 1.5


def test_a_slow_whole_answer_is_an_answer(at_socket: Any) -> None:
    """Slow is not broken."""
    drip = [bytes([byte]) for byte in http("200 OK", ID)]

    async def scene() -> str:
        async with at_socket(answering(*drip, pause=0.001)) as account:
            sent: str = await account.send(CHAT, "x")
            return sent

    assert "bdcc5bac2d00345f1cc66fa657813958" == asyncio.run(scene())


def test_a_deadline_before_the_request_left_is_certain(
    purse: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waiting for a free connection is not yet a message."""
    monkeypatch.setattr(client, "TOTAL_SECONDS", 0.6)
    monkeypatch.setattr(door, "MOST_CONNECTIONS", 1)

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(-1)
        writer.close()

    async def scene() -> list[type[object]]:
        server = await asyncio.start_server(mute, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        now = datetime(2026, 10, 9, tzinfo=UTC)
        async with server, make_http(f"http://127.0.0.1:{port}") as http:
            account = AvitoAccount(http, ACCOUNT, purse, Budget(), lambda: now)
            first = asyncio.create_task(account.send(CHAT, "x"))
            await asyncio.sleep(0.05)
            monkeypatch.setattr(client, "TOTAL_SECONDS", 0.1)
            second = asyncio.create_task(account.send(CHAT, "y"))
            return [
                type(end) for end in await asyncio.gather(first, second, return_exceptions=True)
            ]

    assert [OutcomeUnknown, AvitoUnreachable] == asyncio.run(scene())


def test_nothing_is_taken_from_the_environment(
    at_socket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy of the machine does not get the tokens."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    async def scene() -> str:
        async with at_socket(answering(http("200 OK", ID))) as account:
            sent: str = await account.send(CHAT, "x")
            return sent

    assert "bdcc5bac2d00345f1cc66fa657813958" == asyncio.run(scene())


def test_a_thousand_at_once_all_arrive(at_socket: Any) -> None:
    """More callers than connections wait in order; none misses its deadline for the others."""

    async def polite(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await request(reader)
                writer.write(http("200 OK", ID))
        except asyncio.IncompleteReadError:
            writer.close()

    async def scene() -> int:
        async with at_socket(polite) as account:
            sent = await asyncio.gather(*(account.send(f"u2i-{n}", "x") for n in range(1000)))
        return len(sent)

    assert 1000 == asyncio.run(scene())


def test_an_abandoned_request_gives_its_place_back(
    at_socket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After time-outs on every connection the next message finds one."""
    monkeypatch.setattr(client, "TOTAL_SECONDS", 0.1)
    monkeypatch.setattr(door, "MOST_CONNECTIONS", 2)
    deaf = [True]

    async def moody(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request(reader)
        if deaf[0]:
            await reader.read(-1)
        writer.write(http("200 OK", ID))
        writer.close()

    async def scene() -> str:
        async with at_socket(moody) as account:
            lost = [account.send(CHAT, "x") for _ in range(4)]
            ended = await asyncio.gather(*lost, return_exceptions=True)
            assert {OutcomeUnknown, AvitoUnreachable} == {type(end) for end in ended}
            deaf[0] = False
            monkeypatch.setattr(client, "TOTAL_SECONDS", 5)
            sent: str = await account.send(CHAT, "y")
            return sent

    assert "bdcc5bac2d00345f1cc66fa657813958" == asyncio.run(scene())
