"""Nobody comes in past the login, by whatever way."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import websocket
from plotly.offline import get_plotlyjs_version

from bot.client import mint_token
from pages._ui import drawing
from pages._ui.door import session
from tests.pages.conftest import PASSWORDS, SECRET, Dashboard, cookie, dashboard_at
from tests.ports import free_port

ADDRESSES = (
    "/",
    "/overview",
    "/chats",
    "/chats?chat=u2i-1",
    "/listings",
    "/leads",
    "/connection",
    "/health",
    "/main",
    "/pages/chats",
    "/_ui/main",
    "/media/0123456789abcdef.svg",
    "/static/index.html",
    "/index.html",
    "/app/static/logo_ru_light.svg",
    "/component/x/y.js",
    "/_stcore/host-config",
    "/_stcore/stream",
    "/_stcore/upload_file/a/b",
    "/_stcore/metrics",
    "/_stcore/script-health-check",
    "/_stcore/agent/schema",
    "/oauth2callback",
    "//chats",
    "/login/../chats",
    "/login/fonts/../../main.py",
    "/login/%2e%2e/chats",
    "/login/chats",
    "/login/fonts/%2e%2e/%2e%2e/main.py",
    "/login/fonts/none.woff2",
    "/login/openid",
    "/logout/../health",
)
web = httpx.Client()
"""One client for all: each new one would load certificates that nobody needs here."""

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture(scope="module")
def cold(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """A dashboard to which nobody has ever logged in."""
    folder = tmp_path_factory.mktemp("cold")
    with dashboard_at(folder, f"http://127.0.0.1:{free_port()}") as running:
        yield running


@pytest.fixture(autouse=True)
def _strangers() -> None:
    """Nobody remembers a cookie from the test before."""
    web.cookies.clear()


def shakes_hands(dashboard: Dashboard, **options: Any) -> int:
    """The status of a websocket's handshake: 101 when it was let in."""
    try:
        websocket.create_connection(dashboard.websocket, timeout=10, **options).close()
    except websocket.WebSocketBadStatusException as refused:
        return refused.status_code
    return 101


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("headers", [BROWSER, {}], ids=["browser", "program"])
def test_a_cold_server_shows_strangers_nothing(
    cold: Dashboard, address: str, headers: dict[str, str]
) -> None:
    """
    Every address of the dashboard, opened without a session on a server that nobody has used yet,
    gives the way to the login page or a refusal, and nothing of the application.
    """
    answer = web.get(cold.url + address, headers=headers)

    assert answer.status_code in {303, 401, 403, 404}
    if answer.status_code == 303:
        assert answer.headers["location"].startswith("/login")
    assert "streamlit" not in answer.text.lower()
    assert len(answer.content) < 200


def test_a_cold_server_lets_no_stranger_shake_hands(cold: Dashboard) -> None:
    """
    The websocket is refused before it is accepted: a page's script never begins to run.
    """
    assert 403 == shakes_hands(cold)


def test_headers_that_name_a_person_are_not_believed(cold: Dashboard) -> None:
    """
    Who a person is, only the gate says: a visitor's own x-auth headers open nothing.
    """
    forged = {
        "X-Auth-User": "owner",
        "X-Auth-Role": "owner",
        "x_auth_role": "owner",
        "X-Auth-Until": "9999999999",
        "X-Auth-Session": "s",
    }

    assert 401 == web.get(cold.url, headers=forged).status_code
    assert 403 == shakes_hands(cold, header=forged)


def test_a_forged_role_is_taken_away_from_those_who_are_in(cold: Dashboard) -> None:
    """
    A viewer who sends the header of an owner stays a viewer; the connection itself is fine.
    """
    header = {"X-Auth-Role": "owner"}

    assert 101 == shakes_hands(
        cold, header=header, cookie=f"{session.COOKIE}={cookie('viewer')}", origin=cold.url
    )


@pytest.mark.parametrize(
    "forged",
    [
        cookie(hours=-1),
        cookie()[:-4] + "AAAA",
        cookie("king"),
        mint_token(SECRET, "owner", "owner", timedelta(hours=1)),
        session.seal(session.begin("o", "owner", datetime.now(UTC)), "x" * 40),
        "eyJhbGciOiJub25lIn0.eyJyb2xlIjoib3duZXIifQ.",
        "nonsense",
    ],
    ids=["expired", "other signature", "unknown role", "API token", "other secret", "none", "text"],
)
def test_only_our_own_fresh_cookies_open(cold: Dashboard, forged: str) -> None:
    """
    Expired, forged and foreign tokens are refused by HTTP and by websocket.
    """
    headers = {"Cookie": f"{session.COOKIE}={forged}"}

    assert 401 == web.get(cold.url, headers=headers).status_code
    assert 403 == shakes_hands(cold, cookie=f"{session.COOKIE}={forged}")


def test_a_page_elsewhere_cannot_connect_with_our_cookie(cold: Dashboard) -> None:
    """
    A browser sends the cookie along from any page; the gate looks at where the page came from.
    """
    ours = f"{session.COOKIE}={cookie()}"

    assert 403 == shakes_hands(cold, cookie=ours, origin="https://evil.example")
    assert 403 == shakes_hands(cold, cookie=ours, origin="null")
    assert 101 == shakes_hands(cold, cookie=ours, origin=cold.url)


def test_a_page_elsewhere_cannot_log_somebody_in(cold: Dashboard) -> None:
    """
    The login form is taken only from our own page.
    """
    answer = web.post(
        f"{cold.url}/login",
        data={"password": PASSWORDS["owner"]},
        headers={"Origin": "https://evil.example"},
    )

    assert 403 == answer.status_code


@pytest.mark.parametrize("role", PASSWORDS)
def test_each_password_opens_its_role(cold: Dashboard, role: str) -> None:
    """
    The cookie is out of reach for scripts and foreign forms, and leads to the page that was wanted.
    """
    answer = web.post(
        f"{cold.url}/login?next=/chats%3Fchat%3Da", data={"password": PASSWORDS[role]}
    )

    assert 303 == answer.status_code
    assert "/chats?chat=a" == answer.headers["location"]
    told = answer.headers["set-cookie"]
    assert "HttpOnly" in told
    assert "samesite=lax" in told.lower()
    opened = session.unseal(answer.cookies[session.COOKIE], SECRET)
    assert opened is not None
    assert role == opened.role


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_the_login_leads_nowhere_else(cold: Dashboard, elsewhere: str) -> None:
    """
    A link to our login page cannot send people on to another site.
    """
    answer = web.post(
        f"{cold.url}/login", params={"next": elsewhere}, data={"password": PASSWORDS["viewer"]}
    )

    assert "/" == answer.headers["location"]


def test_who_logs_out_is_out_everywhere(cold: Dashboard) -> None:
    """
    The cookie of a session that was ended opens nothing any more, even if somebody kept a copy.
    """
    headers = {"Cookie": f"{session.COOKIE}={cookie()}"}
    assert 200 == web.get(cold.url, headers=headers).status_code

    assert 303 == web.get(f"{cold.url}/logout", headers=headers).status_code

    assert 401 == web.get(cold.url, headers=headers).status_code


def test_after_five_wrong_passwords_the_right_one_has_to_wait(tmp_path: Path) -> None:
    """
    Guessing is slowed down by address, not by luck. (This dashboard listens where DASHBOARD_PORT
    says, without a word on the command line.)
    """
    with dashboard_at(tmp_path, "http://127.0.0.1:9", second_start=True) as dashboard:
        login = f"{dashboard.url}/login"
        tries = [web.post(login, data={"password": "?"}).status_code for _ in range(5)]
        right = web.post(login, data={"password": PASSWORDS["owner"]})

    assert [401] * 5 == tries
    assert 429 == right.status_code
    assert "Слишком много попыток" in right.text


def test_the_login_page_needs_nothing_from_behind_the_login(cold: Dashboard) -> None:
    """
    It speaks both languages, and its fonts and picture are there for strangers.
    """
    russian = web.get(f"{cold.url}/login")
    english = web.get(f"{cold.url}/login?lang=en")

    assert "Пароль" in russian.text
    assert "Password" in english.text
    assert "lang=en" in english.headers["set-cookie"]
    for name in ("icon.svg", "fonts/inter-cyrillic.woff2", "fonts/manrope-latin.woff2"):
        assert web.get(f"{cold.url}/login/{name}").is_success


def test_scripts_come_compressed_and_only_to_those_who_are_in(cold: Dashboard) -> None:
    """
    The first visit carries megabytes of scripts: they are packed once and sent so to everybody.
    """
    headers = {"Cookie": f"{session.COOKIE}={cookie()}"}
    front = web.get(cold.url, headers=headers).text
    [script, *_] = re.findall(r"static/js/[\w.-]+\.js", front)

    for path in (script, drawing.address().lstrip("/")):
        packed = web.get(f"{cold.url}/{path}", headers=headers)
        again = web.get(f"{cold.url}/{path}", headers=headers)
        plain = web.get(f"{cold.url}/{path}", headers={**headers, "Accept-Encoding": "identity"})

        assert "gzip" == packed.headers["content-encoding"]
        assert packed.content == again.content == plain.content
        assert int(packed.headers["content-length"]) < len(plain.content) / 2
        assert 401 == web.get(f"{cold.url}/{path}").status_code


def test_charts_are_drawn_by_the_version_that_wrote_them() -> None:
    """
    The bundle that browsers get is that of the Python package; another one is another file for them.
    """
    assert get_plotlyjs_version() == drawing.version()
    assert drawing.version() in drawing.address()


@pytest.mark.parametrize("path", ["/", "/response"])
def test_a_page_brings_its_looks_along(cold: Dashboard, path: str) -> None:
    """
    The empty page has the looks and the names of scripts and fonts before any script has run; what
    a program asks for, and the login, stay as they are.
    """
    told = {"Cookie": f"{session.COOKIE}={cookie()}"}

    page = web.get(f"{cold.url}{path}", headers=told | BROWSER)
    bare = web.get(f"{cold.url}{path}", headers=told)
    login = web.get(f"{cold.url}/login", headers=BROWSER)

    assert ".numbers" in page.text
    assert re.search(r'modulepreload" crossorigin href="/static/js/Html\.', page.text)
    assert ["inter-latin", "inter-cyrillic"] == re.findall(
        r'fonts/(inter-\w+)\.woff2" *>', page.text
    )
    assert ".numbers" not in bare.text + login.text
