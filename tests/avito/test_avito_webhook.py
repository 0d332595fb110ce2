"""What Avito's webhook calls become."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.avito.wire import Envelope, read_webhook

ACCOUNT = 94235311
CLIENT = 159471000
KINDS = ["text", "image", "system", "item", "call", "link", "location", "deleted", "voice"]
KINDS += ["appCall", "file", "video"]

READABLE = {
    "text": "привет!",
    "link": "habr.com",
    "location": "Москва, Варшавское шоссе",
    "item": "Объявление",
    "system": "привет!",
}


def value(**changes: Any) -> dict[str, Any]:
    ordinary = {
        "id": "0f" * 16,
        "chat_id": "u2i-AbCdEf~gHiJ_kLmN-oPqRs",
        "user_id": ACCOUNT,
        "author_id": CLIENT,
        "created": 1760000500,
        "type": "text",
        "chat_type": "u2i",
        "content": {"text": "Здравствуйте"},
        "item_id": 24122231,
        "published_at": "2025-10-09T09:01:40Z",
        "read": None,
    }
    return {k: v for k, v in {**ordinary, **changes}.items() if v is not ...}


def call(**changes: Any) -> bytes:
    payload = {"type": "message", "value": value(**changes)}
    envelope = {"id": "3f2b", "version": "v3.0.0", "timestamp": 1760000501, "payload": payload}
    return json.dumps(envelope).encode()


def read(**changes: Any) -> Envelope:
    envelope = read_webhook(call(**changes))
    assert envelope is not None
    return envelope


def test_an_ordinary_message_is_read_whole() -> None:
    """Everything that Avito tells of a message stands in our words."""
    envelope = read()

    assert (ACCOUNT, "0f" * 16) == (envelope.account_id, envelope.message_id)
    assert envelope.chat_id == "u2i-AbCdEf~gHiJ_kLmN-oPqRs" == envelope.message.chat_id
    message = envelope.message
    assert ("client", CLIENT, "text", "Здравствуйте") == (
        message.author,
        message.author_id,
        message.kind,
        message.text,
    )
    assert datetime(2025, 10, 9, 9, 1, 40, tzinfo=UTC) == message.created_at
    assert (24122231, "u2i") == (message.listing_id, message.chat_type)


def example(schema: dict[str, Any], whole: dict[str, Any]) -> Any:
    """The example payload that a schema of the official document spells out in pieces."""
    if ref := schema.get("$ref"):
        return example(whole["components"]["schemas"][ref.rsplit("/", 1)[1]], whole)
    if "example" in schema:
        return schema["example"]
    if "properties" in schema:
        return {name: example(part, whole) for name, part in schema["properties"].items()}
    if "enum" in schema:
        return schema["enum"][0]
    return "abc"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("siblings", ["absent", "null", "all"])
def test_every_documented_type_is_read(kind: str, siblings: str, spec: dict[str, Any]) -> None:
    """The official example of each type is read, with null siblings or with all of them there."""
    payload = example({"$ref": "#/components/schemas/PayloadStruct"}, spec)
    message, full = payload["value"], payload["value"]["content"]
    part = "text" if kind == "system" else kind
    own = {k: v for k, v in full.items() if k == part or (kind == "system" and k == "flow_id")}
    nulls = dict.fromkeys(full)
    message["content"] = {"absent": own, "null": {**nulls, **own}, "all": full}[siblings]
    # The document says 123 for every number; a moment in 1970 is refused.
    message |= {"type": kind, "created": 1571654040}

    envelope = read_webhook(json.dumps({"payload": payload}).encode())

    assert envelope is not None
    assert (123, "abc", kind) == (envelope.account_id, envelope.chat_id, envelope.message.kind)
    assert READABLE.get(kind) == envelope.message.text
    assert None not in envelope.message.content.values()


def test_the_document_names_no_type_that_is_not_tested(spec: dict[str, Any]) -> None:
    """A new version of the official document makes this list longer."""
    schema = spec["components"]["schemas"]["WebhookMessage"]

    assert set(KINDS) == set(schema["properties"]["type"]["enum"])


def test_an_unknown_type_passes_through() -> None:
    """What Avito invents tomorrow is a message today."""
    message = read(type="hologram", content={"hologram": {"x": 1}}).message

    assert ("hologram", None, {"hologram": {"x": 1}}) == (
        message.kind,
        message.text,
        message.content,
    )


@pytest.mark.parametrize("body", [b"", b"  ", b"{}", b" { } "])
def test_the_probe_is_no_message(body: bytes) -> None:
    """Avito tries an address with an empty object."""
    assert read_webhook(body) is None


def test_another_kind_of_call_is_no_message() -> None:
    """Only messages are messages, whatever else may come, and however it looks."""
    assert read_webhook(b'{"payload":{"type":"read","value":["x",1]}}') is None
    assert read_webhook(b'{"payload":{"type":"typing"}}') is None


@pytest.mark.parametrize(
    ("author_id", "kind", "content", "author"),
    [
        (CLIENT, "text", {"text": "?"}, "client"),
        (ACCOUNT, "text", {"text": "!"}, "own"),
        (0, "text", {"text": "Пользователь посмотрел номер"}, "avito"),
        (1, "text", {"text": "x"}, "avito"),
        (None, "text", {"text": "x"}, "avito"),
        (..., "text", {"text": "x"}, "avito"),
        (CLIENT, "system", {"text": "x"}, "avito"),
        (CLIENT, "text", {"text": "x", "flow_id": "job"}, "avito"),
        (CLIENT, "text", {"text": "x", "flow_id": None}, "client"),
        (ACCOUNT, "system", {"text": "x", "flow_id": "flower_161071"}, "avito"),
    ],
)
def test_who_wrote(author_id: Any, kind: str, content: Any, author: str) -> None:
    """A client is neither the account nor Avito; Avito's robots are Avito in any name."""
    message = read(author_id=author_id, type=kind, content=content).message

    assert author == message.author


def test_a_deleted_text_is_a_deletion() -> None:
    """Avito tells deletions as texts."""
    assert read(content={"text": "Сообщение удалено"}).message.kind == "deleted"
    assert read(content={"text": "Сообщение удалено?"}).message.kind == "text"


@pytest.mark.parametrize("item", [None, 0, ...])
def test_a_chat_without_listing(item: Any) -> None:
    """A chat about nobody's listing has none."""
    message = read(item_id=item, chat_type="u2u", chat_id="u2u-x").message

    assert (None, "u2u") == (message.listing_id, message.chat_type)


def test_what_no_database_takes_is_gone_from_the_text() -> None:
    """PostgreSQL refuses a zero byte in a text."""
    assert read(content={"text": "а\x00б"}).message.text == "аб"


DEEP = b"[" * 1000 + b"]" * 1000

BROKEN = {
    "not json": b"hello",
    "not utf-8": call().replace("З".encode("unicode_escape").replace(b"\\", b"\\"), b"\xff"),
    "cut off": call()[:-3],
    "an array": b"[]",
    "null": b"null",
    "a number": b"12",
    "no payload": b'{"id":"x"}',
    "payload null": b'{"payload":null}',
    "payload a text": b'{"payload":"message"}',
    "no type of payload": b'{"payload":{"value":{}}}',
    "no value": b'{"payload":{"type":"message"}}',
    "value null": b'{"payload":{"type":"message","value":null}}',
    "no id": call(id=...),
    "no chat": call(chat_id=...),
    "no account": call(user_id=...),
    "id a number": call(id=5),
    "id empty": call(id=""),
    "id blank": call(id="  "),
    "id with zero byte": call(id="a\x00b"),
    "id of a kilometre": call(id="a" * 10_000),
    "chat a number": call(chat_id=5),
    "account a text": call(user_id="94235311"),
    "account a truth": call(user_id=True),
    "account zero": call(user_id=0),
    "author a text": call(author_id="159471000"),
    "type a number": call(type=1),
    "content a text": call(content="hi"),
    "content a list": call(content=["hi"]),
    "account beyond int64": call(user_id=2**63),
    "author beyond int64": call(author_id=-(2**63) - 1),
    "listing beyond int64": call(item_id=10**400),
    "before 2000": call(created=946684799),
    "after 2100": call(created=4102444800),
    "milliseconds": call(created=1760000500000),
    "no moment": call(created=...),
    "deep": DEEP,
    "deep content": b'{"payload":{"type":"message","value":{"content":{"a":' + DEEP + b"}}}}",
    "deep beside": b'{"x":' + DEEP + b',"payload":{"type":"other"}}',
    "deep and open": b'{"x":' * 5000,
    "large": b'{"x":"' + b"a" * 500_000 + b'"}',
    "deeper than Avito": b'{"x":' * 100 + b"1" + b"}" * 100,
    "quotes": b"[]," * 65 + b'"' + rb"\"" * 40_000,
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_what_is_not_avitos_is_refused(body: bytes) -> None:
    """Anything else is a ValueError with one short sentence, without RecursionError."""
    with pytest.raises(ValueError, match=r"^[A-Z].{10,200}\.$"):
        read_webhook(body)


def test_brackets_in_a_text_are_no_nesting() -> None:
    """A client may write as many brackets as they like."""
    smile = "[" * 400 + '"\\' + "{" * 400

    assert smile == read(content={"text": smile}).message.text


def test_the_refusal_does_not_quote_the_client() -> None:
    """What a client wrote stands in no error."""
    with pytest.raises(ValueError, match="Expected") as refused:
        read_webhook(call(content="мой телефон 89991234567", id=5))

    assert "8999" not in str(refused.value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_break_it(body: bytes) -> None:
    """There is nothing that it does but to read, to say None, or to refuse."""
    _only_the_three(body)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([*value(), "content", "surprise"]),
    json_values,
    st.booleans(),
)
def test_no_value_breaks_it(field: str, found: Any, escaped: bool) -> None:
    """A call with anything at all in one of its places is read or refused."""
    payload = {"type": "message", "value": {**value(), field: found}}
    _only_the_three(
        json.dumps({"payload": payload}, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
    )


def _only_the_three(body: bytes) -> None:
    try:
        envelope = read_webhook(body)
    except ValueError:
        return
    if envelope is not None:
        assert isinstance(envelope, Envelope)
        f"{envelope.message.id}{envelope.message.text}{envelope.message.kind}".encode()
