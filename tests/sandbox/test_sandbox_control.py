"""The control routes: clients, clock, listings, reset, buyers, and the world that is kept."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.sandbox import SandboxConfig, config_from_env, create_app, main
from bot.sandbox.scripts import SCRIPTS
from tests.sandbox.visitor import ACCOUNT, CLIENT, ITEM, Listener, Live, Visitor, eventually

ROOT = Path(__file__).parents[2]


def test_what_cannot_be_said(stranger: Visitor) -> None:
    """An unknown listing or chat is 404, no JSON is 400; nothing is made."""
    for path, body, status in (
        ("say", {"item_id": 1, "text": "?"}, 404),
        ("say", {"chat_id": "u2i-nobody", "text": "?"}, 404),
        ("say", {"text": "?"}, 404),
        ("seller-says", {"text": "?"}, 404),
        ("steal-webhook", {"account_id": 5, "url": "https://a.example"}, 400),
        ("buyers", {"on": True, "item_ids": [1]}, 400),
        ("say", {"item_id": ITEM, "text": "?", "created": "вчера"}, 400),
        ("say", {"item_id": ITEM, "content": 5}, 400),
    ):
        assert status == stranger.http.post(f"/sandbox/{path}", json=body).status_code, path
    assert 400 == stranger.http.post("/sandbox/say", content=b"no json").status_code
    assert [] == [chat for chat in stranger.state()["chats"] if chat["messages"]]


def test_state_tells_everything_and_no_secret(seller: Visitor) -> None:
    """Every message with author and way, the subscriptions, but no token."""
    chat_id = seller.say("привет", client="Анна")["chat_id"]
    seller.say("чужой")
    seller.send(chat_id, "ответ")
    state = seller.state()
    narrowed = seller.http.get("/sandbox/state", params={"chat_id": chat_id}).json()

    assert {"accounts", "chats", "leads", "model_calls", "webhooks"} <= set(state)
    assert 2 == len(state["chats"])
    [chat] = narrowed["chats"]
    assert (ITEM, ACCOUNT, "Анна") == (chat["item_id"], chat["account_id"], chat["client"]["name"])
    assert [None, "api"] == [message["sent_via"] for message in chat["messages"]]
    assert ACCOUNT == chat["messages"][1]["author_id"]
    assert seller.token not in json.dumps(state)
    assert seller.refresh not in json.dumps(state)


def test_reset_forgets(seller: Visitor) -> None:
    """Messages, faults and tokens go; with `keep`, connections stay."""
    seller.say()
    seller.act("faults", latency=0.01)
    seller.act("reset", keep="connections")
    assert 200 == seller.chats().status_code
    assert ([], 0) == (seller.state()["chats"], seller.state()["faults"]["latency"])
    seller.act("reset")
    assert 403 == seller.chats().status_code


def test_a_chat_can_be_made_older(seller: Visitor) -> None:
    """Everything in it moves into the past together."""
    chat_id = seller.say()["chat_id"]
    before = seller.chats().json()["chats"][0]
    seller.act("age", chat_id=chat_id, seconds=3600)
    after = seller.chats().json()["chats"][0]

    assert before["updated"] - 3600 == after["updated"]
    assert after["updated"] == after["last_message"]["created"]


def test_listings_can_change(seller: Visitor) -> None:
    """Price, title and status, as a seller changes them in the app."""
    seller.act("item", item_id=ITEM, price=2900, title="Клопы", status="old")
    [row] = [
        row
        for row in seller.get("/core/v1/items", status="old").json()["resources"]
        if row["id"] == ITEM
    ]

    assert (2900, "Клопы") == (row["price"], row["title"])
    wrong = seller.http.post("/sandbox/item", json={"item_id": ITEM, "price": "много"})
    assert 400 == wrong.status_code


def test_the_client_may_have_read_it(seller: Visitor) -> None:
    """`read` holds the moment at which the other side saw our message."""
    chat_id = seller.say()["chat_id"]
    seller.send(chat_id, "ответ")
    assert seller.history(chat_id).json()["messages"][0]["read"] is None
    seller.act("read", chat_id=chat_id)
    assert isinstance(seller.history(chat_id).json()["messages"][0]["read"], int)


def test_the_buyers_write_and_react(remote: Visitor, hook: Listener) -> None:
    """They write by themselves, tell their number when asked, and stop when told to."""
    names = remote.act("buyers", on=True, pace=0.01, item_ids=[ITEM])["scripts"]
    assert [script.name for script in SCRIPTS] == names

    def answer_all() -> bool:
        chats = remote.state()["chats"]
        for chat in chats:
            if chat["messages"] and chat["messages"][-1]["author_id"] != ACCOUNT:
                remote.send(chat["id"], "Оставьте, пожалуйста, номер телефона")
        said = [m for chat in chats for m in chat["messages"] if m["sent_via"] is None]
        phones = [m for m in said if re.search(r"9\d\d\D", str(m["content"].get("text")))]
        kinds = {m["type"] for m in said}
        return len(phones) > 2 and {"text", "image", "voice", "system", "link"} <= kinds

    eventually(answer_all, within=15)
    assert remote.state()["buyers"]["on"]
    assert {"on": False} == remote.act("buyers", on=False)
    assert not remote.state()["buyers"]["on"]
    assert hook.calls


def test_the_world_is_kept_in_a_file(tmp_path: Path) -> None:
    """A second sandbox goes on: chats, tokens, subscription, leads; new ids stay new."""
    config = SandboxConfig(state_file=tmp_path / "world.json")
    with TestClient(create_app(config)) as http:
        first = Visitor(http).connect()  # type: ignore[arg-type]  # speaks httpx
        said = first.say("привет", client="Анна")
        first.post("/messenger/v3/webhook", {"url": "https://bot.example/h"})
        first.lead({"phone": "+79165550142"})
        before = first.state()

    with TestClient(create_app(config)) as http:
        second = Visitor(http)  # type: ignore[arg-type]  # speaks httpx
        second.token, second.refresh = first.token, first.refresh
        after = second.state()
        for part in ("chats", "leads", "subscriptions", "accounts"):
            assert before[part] == after[part]
        assert 200 == second.send(said["chat_id"], "и снова").status_code
        again = second.say("я вернулась", client="Анна")
        assert said["chat_id"] == again["chat_id"]
        assert said["message_id"] != again["message_id"]
        assert 200 == second.grant("refresh_token", refresh_token=first.refresh).status_code
    assert ["world.json"] == [path.name for path in tmp_path.iterdir()]


def test_a_broken_file_is_said_in_a_line(tmp_path: Path) -> None:
    """A state file that holds something else stops the start."""
    broken = tmp_path / "world.json"
    broken.write_text("[]")
    env = {**os.environ, "SANDBOX_STATE_FILE": str(broken)}
    code = "import sys; from bot.sandbox import main; sys.exit(main(['--port', '0']))"
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert 1 == done.returncode
    assert "holds no sandbox world" in done.stderr


def test_a_process_of_its_own(tmp_path: Path) -> None:
    """`main` serves with the environment's settings, and keeps the world when it is ended."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    world = tmp_path / "world.json"
    env = {
        **os.environ,
        "SANDBOX_PORT": str(port),
        "SANDBOX_STATE_FILE": str(world),
        "AVITO_CLIENT_ID": "my-app",
        "PUBLIC_URL": "http://127.0.0.1:9999",
    }
    code = "from bot.sandbox import main; main([])"
    process = subprocess.Popen(
        [sys.executable, "-c", code], env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert f"Sandbox: http://127.0.0.1:{port}\n" == process.stdout.readline()
        other = Live.reach(port)
        other.post("/sandbox/say", json={"item_id": ITEM, "text": "привет"})
        asked = {"response_type": "code", "client_id": "my-app", "scope": "user:read"}
        back = other.get("/oauth", params={**asked, "auto": "allow"})
        assert back.headers["location"].startswith("http://127.0.0.1:9999/api/avito/oauth/callback")
        other.close()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)

    assert "привет" in world.read_text(encoding="utf-8")


def test_a_taken_port_is_said_in_a_line(live: Live, capfd: pytest.CaptureFixture[str]) -> None:
    """Exit code 1, and no traceback."""
    assert 1 == main(["--port", str(live.config.port)])

    said = capfd.readouterr().err
    assert "cannot start" in said
    assert "Traceback" not in said


def test_settings_come_from_the_environment() -> None:
    """An empty variable counts as absent; the redirect is made from the public address."""
    config = config_from_env(
        {"AVITO_CLIENT_ID": "", "PUBLIC_URL": "https://bot.example/", "DEZEXPERT_API_KEY": "k"}
    )

    assert CLIENT["client_id"] == config.client_id
    assert "https://bot.example/api/avito/oauth/callback" == config.redirect_uri
    assert "k" == config.crm_key
    given = config_from_env({"AVITO_REDIRECT_URI": "https://x.example/cb"}, port=1)
    assert ("https://x.example/cb", 1) == (given.redirect_uri, given.port)
