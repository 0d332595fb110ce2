"""How leads go to DezExpert's CRM."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from bot.crm import dezexpert
from bot.crm.dezexpert import NO_ID, DezExpert, DezExpertConfig, make_http
from bot.crm.shapes import DEGREES, OBJECTS, PESTS, degree, phone, slug
from bot.errors import CrmBusy, CrmError, CrmRefused, CrmUnknown
from bot.model import LeadFields

LEAD = LeadFields(
    name="Анна Петрова",
    phone="8 (999) 123-45-67",
    pestType="клопы",
    objectType="Квартира",
    rooms=2,
    infestation="очень много",
    previousTreatment=False,
    address="Лесная улица, 7",
    expectedDate="2026-10-15",
    clientComment="Есть кот",
)
CONTEXT = {
    "listing_title": "Обработка от клопов",
    "listing_price": "2 000 ₽",
    "listing_url": "https://avito.ru/x_24122231",
    "chat_id": "u2i-abc",
    "created_at": datetime(2026, 10, 9, 9, 0, tzinfo=UTC),
}
WHERE = "Объявление: Обработка от клопов, 2 000 ₽, https://avito.ru/x_24122231\nЧат Avito: u2i-abc"


def create(
    answer: httpx.Response | Exception,
    asked: list[httpx.Request] | None = None,
    lead: LeadFields = LEAD,
    **config: Any,
) -> str:
    def play(request: httpx.Request) -> httpx.Response:
        if asked is not None:
            asked.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def scene() -> str:
        async with make_http(transport=httpx.MockTransport(play)) as http:
            settings = {"url": "https://crm.example/", "key": "k3y", **config}
            crm = DezExpert(DezExpertConfig(**settings), http)
            return await crm.create(lead, key="avito:1:u2i-abc:1", context=CONTEXT)

    return asyncio.run(scene())


def body(shape: str, lead: LeadFields = LEAD, **config: Any) -> dict[str, Any]:
    asked: list[httpx.Request] = []
    create(httpx.Response(201, json={"leadId": "7"}), asked, lead, shape=shape, **config)
    found: dict[str, Any] = json.loads(asked[0].content)
    return found


def test_where_it_goes_and_with_what() -> None:
    """One POST with the key of the lead and the key of the CRM."""
    asked: list[httpx.Request] = []

    assert "7" == create(httpx.Response(201, json={"leadId": "7"}), asked)

    assert [("POST", "https://crm.example/api/v1/leads")] == [(r.method, str(r.url)) for r in asked]
    assert "avito:1:u2i-abc:1" == asked[0].headers["idempotency-key"]
    assert "Bearer k3y" == asked[0].headers["authorization"]
    assert "application/json" == asked[0].headers["content-type"]


@pytest.mark.parametrize(
    ("config", "header", "value"),
    [
        ({"auth_header": "X-API-Key", "auth_scheme": ""}, "x-api-key", "k3y"),
        ({"auth_scheme": "Token"}, "authorization", "Token k3y"),
        ({"key": ""}, "authorization", None),
    ],
)
def test_how_it_says_who_it_is(config: dict[str, Any], header: str, value: str | None) -> None:
    """The header and its scheme are settings, because the CRM documents neither."""
    asked: list[httpx.Request] = []

    create(httpx.Response(201, json={"id": 1}), asked, **config)

    assert value == asked[0].headers.get(header)


def test_a_lead() -> None:
    """Slugs where the CRM has slugs; the way back to the chat in the comment."""
    assert {
        "name": "Анна Петрова",
        "phone": "+79991234567",
        "pestType": "klopy",
        "objectType": "apartment",
        "rooms": 2,
        "infestation": "high",
        "previousTreatment": False,
        "address": "Лесная улица, 7",
        "expectedDate": "2026-10-15",
        "source": "avito",
        "clientComment": f"Есть кот\n{WHERE}",
    } == body("lead")


def test_a_lead_makes_nothing_up_and_loses_nothing() -> None:
    """What was not said is not sent; what has no slug stands in the comment in the client's words."""
    lead = LeadFields(phone="+79991234567", pestType="осы", objectType="яхта", rooms=6)

    assert {
        "phone": "+79991234567",
        "source": "avito",
        "clientComment": f"Вредитель: осы\nОбъект: яхта\nКомнат: 6\n{WHERE}",
    } == body("lead", lead)


def test_an_order() -> None:
    """Free Russian strings, all of them there."""
    assert {
        "service": "Клопы",
        "object": "2 комнатная квартира",
        "count": "Много",
        "experience": "Нет",
        "address": "Лесная улица, 7",
        "phoneNumber": "+79991234567",
        "name": "Анна Петрова",
        "expectDate": "2026-10-15",
        "dezinsectorId": "d-1",
        "dezinsectorComment": "",
        "clientComment": f"Есть кот\n{WHERE}",
    } == body("order", fixed={"dezinsectorId": "d-1"})


def test_an_order_says_what_was_not_said() -> None:
    """Every field is required: the strings are honest, and so is the comment about the date."""
    found = body("order", LeadFields(phone="89991234567", expectedDate="завтра"))

    unsaid = {
        found[name] for name in ("service", "object", "count", "experience", "address", "name")
    }
    assert {"Не указано"} == unsaid
    assert "2026-10-09" == found["expectDate"]
    assert f"Дата: завтра\n{WHERE}" == found["clientComment"]
    assert "Дата: клиент не назвал" in body("order", LeadFields())["clientComment"]


def test_fields_can_be_renamed_left_out_and_fixed() -> None:
    """The CRM's names are settings."""
    names = {"phone": "phoneNumber", "source": ""}

    found = body("lead", field_map=names, fixed={"partnerId": "p", "name": "x"})

    assert ("+79991234567", "p", "x") == (found["phoneNumber"], found["partnerId"], found["name"])
    assert {"phone", "source"}.isdisjoint(found)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("клопы", "klopy"),
        ("Постельные клопы", "klopy"),
        ("KLOPY", "klopy"),
        ("тараканы", "tarakany"),
        ("муравьи", "muravi"),
        ("мыши и крысы", "gryzuny"),
        ("блохи", "bleshi"),
        ("клещи", "kleshchi"),
        ("грибок на стенах", "plesen"),
        ("клопы и тараканы", None),
        ("осы", None),
        ("", None),
        (None, None),
    ],
)
def test_pests(words: str | None, expected: str | None) -> None:
    """One pest is a slug; several or none are left to the words."""
    assert expected == slug(words, PESTS)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("двухкомнатная квартира", "apartment"),
        ("частный дом", "house"),
        ("дача", "house"),
        ("участок 6 соток", "plot"),
        ("кафе", "commercial"),
        ("apartment", "apartment"),
        ("дом и участок", None),
    ],
)
def test_objects(words: str, expected: str | None) -> None:
    """One kind of place is a slug."""
    assert expected == slug(words, OBJECTS)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("немного", "low"),
        ("очень много", "high"),
        ("пару штук видели", "low"),
        ("средняя", "medium"),
        ("medium", "medium"),
        ("не сильно", "low"),
        ("не знаю", None),
        (None, None),
    ],
)
def test_degrees(words: str | None, expected: str | None) -> None:
    """Little is not much, although the word is in it."""
    assert expected == degree(words)


def test_all_slugs_are_the_crms() -> None:
    """The words of the CRM's own schema, and no other."""
    assert {"tarakany", "klopy", "muravi", "gryzuny", "bleshi", "kleshchi", "plesen"} == set(PESTS)
    assert {"apartment", "house", "plot", "commercial"} == set(OBJECTS)
    assert {"low", "medium", "high"} == set(DEGREES)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("8 999 123 45 67", "+79991234567"),
        ("+7 (999) 123-45-67", "+79991234567"),
        ("9991234567", "+79991234567"),
        ("+375 29 123-45-67", "+375 29 123-45-67"),
        (None, None),
    ],
)
def test_phones(words: str | None, expected: str | None) -> None:
    """Russian numbers are written as the CRM documents them."""
    assert expected == phone(words)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (httpx.Response(201, json={"leadId": "l-1"}), "l-1"),
        (httpx.Response(200, json={"id": 17}), "17"),
        (httpx.Response(200, json={"success": True, "orderId": "o-1"}), "o-1"),
        (httpx.Response(200, json={"data": {"id": "d-1"}}), "d-1"),
        (httpx.Response(409, json={"id": "seen"}), "seen"),
        (httpx.Response(201), NO_ID),
        (httpx.Response(200, text="OK"), NO_ID),
        (httpx.Response(200, json={"id": None}), NO_ID),
        (httpx.Response(200, json={"id": True}), NO_ID),
        (httpx.Response(200, json=[1]), NO_ID),
    ],
    ids=repr,
)
def test_taken(answer: httpx.Response, expected: str) -> None:
    """A good status is a lead taken, under whichever name its id comes, or without one."""
    assert expected == create(answer)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(400, json={"message": ["phone must be a phone number"]}), CrmRefused),
        (httpx.Response(401, json={"message": "Unauthorized"}), CrmRefused),
        (httpx.Response(403), CrmRefused),
        (httpx.Response(404, html="<html>"), CrmRefused),
        (httpx.Response(409, json={}), CrmRefused),
        (httpx.Response(422, json={"error": "x"}), CrmRefused),
        (httpx.Response(302, headers={"Location": "https://login"}), CrmRefused),
        (httpx.Response(200, html="<html>any page"), CrmRefused),
        (httpx.Response(200, json={"success": False, "message": "нет"}), CrmRefused),
        (httpx.Response(429, headers={"Retry-After": "5"}), CrmBusy),
        (httpx.Response(503), CrmBusy),
        (httpx.Response(500), CrmUnknown),
        (httpx.Response(502, html="<html>"), CrmUnknown),
        (httpx.Response(408), CrmUnknown),
        (httpx.ConnectError("refused"), CrmBusy),
        (httpx.ConnectTimeout("t"), CrmBusy),
        (httpx.ReadTimeout("t"), CrmUnknown),
        (httpx.WriteError("t"), CrmUnknown),
        (httpx.RemoteProtocolError("t"), CrmUnknown),
    ],
    ids=repr,
)
def test_not_taken(answer: httpx.Response | Exception, error: type[CrmError]) -> None:
    """It is sent once; what is certain, what is in doubt and what needs a person are told apart."""
    asked: list[httpx.Request] = []

    with pytest.raises(error) as refused:
        create(answer, asked)

    assert error is type(refused.value)
    assert 1 == len(asked)


def test_a_busy_crm_says_for_how_long() -> None:
    """Its Retry-After is passed on."""
    with pytest.raises(CrmBusy) as busy:
        create(httpx.Response(429, headers={"Retry-After": "5"}))

    assert 5 == busy.value.retry_after


def test_the_crms_words_without_the_clients() -> None:
    """Validators quote what they refuse; the error does not."""
    said = [
        "phone must be a valid phone number, got +7 999 123-45-67",
        "address: Лесная Улица, 7 is unknown to анна, write a@b.ru",
    ]
    with pytest.raises(CrmRefused, match="phone must be a valid phone number") as refused:
        create(httpx.Response(400, json={"statusCode": 400, "message": said}))

    for word in ("999", "Лесная", "лица", "нна", "a@b"):
        assert word not in str(refused.value)
    assert 400 > len(str(refused.value))


def test_a_crm_that_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that drips for ever ends in doubt; one that is cut off does too."""
    monkeypatch.setattr(dezexpert, "TOTAL_SECONDS", 0.3)

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
        for _ in range(200):
            if writer.is_closing():
                break
            writer.write(b" ")
            await asyncio.sleep(0.02)

    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 201 Created\r\nContent-Length: 50\r\n\r\n{"leadId":"')
        await writer.drain()
        writer.close()

    for wire in (drip, cut):
        with pytest.raises(CrmUnknown):
            asyncio.run(_at(wire))


def test_nobody_is_there() -> None:
    """A port that nobody listens on has certainly taken nothing."""

    async def scene() -> None:
        server = await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        await _post(port)

    with pytest.raises(CrmBusy):
        asyncio.run(scene())


async def _at(wire: Callable[..., Any]) -> None:
    server = await asyncio.start_server(wire, "127.0.0.1", 0)
    async with server:
        await _post(server.sockets[0].getsockname()[1])


async def _post(port: int) -> None:
    async with make_http() as http:
        crm = DezExpert(DezExpertConfig(f"http://127.0.0.1:{port}", "k"), http)
        await crm.create(LEAD, key="k", context=CONTEXT)


def test_settings_do_not_print_the_key() -> None:
    """A setting may be logged; its secret may not."""
    assert "s3cr3t" not in repr(DezExpertConfig("https://crm", "s3cr3t"))
