"""Who may ask what, and how a refusal looks."""

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from tests.bot.town import ACCOUNT, LISTING, SECRET, Town, token

VIEWER: list[tuple[str, str]] = [
    ("GET", "/api/avito/accounts"),
    ("GET", "/api/avito/listings"),
    ("GET", "/api/avito/listings/ai-active"),
    ("GET", "/api/avito/chats"),
    ("GET", "/api/avito/chats/none"),
    ("GET", "/api/avito/leads"),
    ("GET", "/api/avito/state"),
    ("GET", "/api/avito/backlog"),
    ("GET", "/metrics"),
]
MANAGER: list[tuple[str, str]] = [
    ("POST", "/api/avito/listings"),
    ("POST", f"/api/avito/listings/{LISTING}/ai-toggle"),
    ("POST", "/api/avito/chats/none/reply"),
    ("POST", "/api/avito/chats/none/owner"),
    ("POST", "/api/avito/leads/none/retry"),
    ("POST", "/api/avito/notices/1/seen"),
]
OWNER: list[tuple[str, str]] = [
    ("GET", "/api/avito/oauth/url"),
    ("PATCH", f"/api/avito/accounts/{ACCOUNT}"),
    ("DELETE", f"/api/avito/accounts/{ACCOUNT}"),
]
BODIES = {
    "ai-toggle": {"enabled": True},
    "reply": {"text": "Здравствуйте"},
    "owner": {"owner": "human"},
    "accounts": {"facts": "Работаем без выходных"},
}


def body_for(path: str) -> Any:
    return next((body for word, body in BODIES.items() if f"/{word}" in path), None)


async def test_nobody_without_a_token(village: Town, subtests: pytest.Subtests) -> None:
    """
    Every route but callback, webhook and health wants a token, and says how it is given.
    """
    for method, path in VIEWER + MANAGER + OWNER:
        with subtests.test(f"{method} {path}"):
            answer = await village.api.request(method, path, json=body_for(path))

            assert (401, "unauthorized") == (answer.status_code, answer.json()["code"])
            assert "application/problem+json" == answer.headers["content-type"]
            assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("role", ["viewer", "manager", "owner"])
async def test_the_matrix_of_roles(village: Town, role: str) -> None:
    """
    A viewer reads, a manager also acts, an owner also connects and disconnects.
    """
    rank = ["viewer", "manager", "owner"].index(role)
    for least, routes in enumerate((VIEWER, MANAGER, OWNER)):
        for method, path in routes:
            answer = await village.ask(method, path, role=role, json=body_for(path))
            forbidden = answer.status_code == 403

            assert forbidden is (rank < least), (role, method, path, answer.text)
            if forbidden:
                assert "forbidden" == answer.json()["code"]
                assert "insufficient_scope" in answer.headers["www-authenticate"]


def by_other_algorithm(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, SECRET, algorithm="HS512")


def unsigned(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, None, algorithm="none")


def by_other_secret(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, "x" * 40, algorithm="HS256")


@pytest.mark.parametrize("sign", [by_other_algorithm, unsigned, by_other_secret])
async def test_a_token_of_another_make_is_refused(village: Town, sign: Any) -> None:
    """
    Only HS256 with our secret counts, whatever the token's own header says.
    """
    claims = jwt.decode(token(), SECRET, algorithms=["HS256"], audience="avito-assistant-api")

    answer = await village.api.get(
        "/api/avito/accounts", headers={"Authorization": f"Bearer {sign(claims)}"}
    )

    assert 401 == answer.status_code


WRONG_CLAIMS: list[dict[str, Any]] = [
    {"exp": None},
    {"iat": None},
    {"aud": None},
    {"iss": None},
    {"sub": None},
    {"role": None},
    {"role": "king"},
    {"role": ["owner"]},
    {"sub": ""},
    {"sub": 7},
    {"aud": "somebody-else"},
    {"iss": "somebody-else"},
    {"exp": datetime.now(UTC) - timedelta(minutes=1)},
    {"iat": datetime.now(UTC) + timedelta(hours=1)},
]


async def test_a_token_must_say_it_all(village: Town, subtests: pytest.Subtests) -> None:
    """
    Each claim is needed, and must be what we write into it.
    """
    for claims in WRONG_CLAIMS:
        with subtests.test(str(claims)):
            headers = {"Authorization": f"Bearer {token(**claims)}"}

            answer = await village.api.get("/api/avito/accounts", headers=headers)

            assert (401, "unauthorized") == (answer.status_code, answer.json()["code"])


WRONG_HEADERS = ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer x", "Bearer a.b.c", "Bearer \xff"]


async def test_a_header_that_is_none(village: Town, subtests: pytest.Subtests) -> None:
    """
    Whatever stands in the header, the answer is a 401.
    """
    for header in WRONG_HEADERS:
        with subtests.test(header):
            raw = [(b"authorization", header.encode("latin-1"))]

            assert 401 == (await village.api.get("/api/avito/accounts", headers=raw)).status_code


WRONG_REQUESTS = [
    ("GET", "/", 404, "no_route"),
    ("GET", "/api/avito/nothing", 404, "no_route"),
    ("PUT", "/api/avito/listings", 405, "method_not_allowed"),
    ("GET", "/api/avito/listings?limit=0", 422, "invalid"),
    ("GET", "/api/avito/listings?limit=101", 422, "invalid"),
    ("GET", "/api/avito/listings?page=0", 422, "invalid"),
    ("GET", "/api/avito/listings?page=x", 422, "invalid"),
    ("GET", f"/api/avito/listings?account_id={2**70}", 422, "invalid"),
    ("GET", "/api/avito/chats?owner=dog", 422, "invalid"),
    ("GET", "/api/avito/leads?status=lost", 422, "invalid"),
    ("GET", "/api/avito/chats/none", 404, "not_found"),
    ("DELETE", "/api/avito/accounts/17", 404, "not_found"),
    ("DELETE", "/api/avito/accounts/x", 422, "invalid"),
    ("POST", "/api/avito/notices/17/seen", 404, "not_found"),
    ("POST", "/api/avito/leads/17/retry", 404, "not_found"),
]


async def test_every_error_is_a_problem_document(village: Town, subtests: pytest.Subtests) -> None:
    """
    The framework's own errors too have title, status, detail and a code that stays the same.
    """
    for method, path, status, code in WRONG_REQUESTS:
        with subtests.test(f"{method} {path}"):
            answer = await village.ask(method, path)

            assert (status, code) == (answer.status_code, answer.json()["code"])
            assert "application/problem+json" == answer.headers["content-type"]
            assert status == answer.json()["status"]
            assert answer.json()["title"]
            assert len(answer.json()["detail"]) > 20
            assert answer.headers["x-request-id"]


ALMOST_SWITCHES = [
    b"",
    b"{",
    b"[]",
    b'"x"',
    b"{" * 50_000,
    b'{"enabled":"yes"}',
    b'{"enabled":1}',
    b'{"enabled":null}',
    b'{"enabled":true,"more":1}',
    b"\xff\xfe",
]


async def test_a_switch_takes_true_and_false(village: Town, subtests: pytest.Subtests) -> None:
    """
    What is almost a yes is none: the switch stays as it was, and the answer says what is wrong.
    """
    await village.connect()
    path = f"/api/avito/listings/{LISTING}/ai-toggle"

    for body in ALMOST_SWITCHES:
        with subtests.test(repr(body[:40])):
            answer = await village.ask(
                "POST", path, content=body, headers={"Content-Type": "application/json"}
            )

            assert answer.status_code in (400, 422), answer.text
            assert "application/problem+json" == answer.headers["content-type"]
    assert [] == (await village.get("/api/avito/listings/ai-active"))["listings"]


async def test_a_body_is_small(village: Town) -> None:
    """
    More than 256 KiB is not read.
    """
    answer = await village.ask("POST", "/api/avito/chats/none/reply", content=b"x" * 300_000)

    assert answer.status_code in (400, 413)


async def test_a_fault_of_ours_is_a_problem_document(
    village: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    An error that nobody foresaw is said as such, without its insides.
    """
    import httpx

    async def broken(work: object) -> object:
        raise RuntimeError("the insides")

    monkeypatch.setattr(village.bot.store, "read", broken)
    app = village.api._transport.app  # type: ignore[attr-defined]  # the same app, seen as a server would
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://bot.test") as api:
        answer = await api.get("/api/avito/accounts", headers=village.bearer())

    assert (500, "fault") == (answer.status_code, answer.json()["code"])
    assert "insides" not in answer.text
