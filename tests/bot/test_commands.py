"""The commands, as a person types them."""

import base64
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import jwt
import psutil
import pytest
from argon2 import PasswordHasher

from bot.settings import Settings
from tests.ports import free_port

ROOT = Path(__file__).parent.parent.parent
KEY = base64.urlsafe_b64encode(b"k" * 32).decode()


def environment(place: Path, **more: str) -> dict[str, str]:
    """Everything that a start needs, and nothing of the machine's own settings."""
    known = {name.upper() for name in Settings.model_fields}
    inherited = {name: value for name, value in os.environ.items() if name.upper() not in known}
    return {
        **inherited,
        "PYTHONPATH": str(ROOT),
        "AVITO_CLIENT_ID": "sandbox-client",
        "AVITO_CLIENT_SECRET": "sandbox-secret",
        "AVITO_API_BASE": "http://127.0.0.1:9",
        "OPENAI_API_KEY": "any",
        "OPENAI_BASE_URL": "http://127.0.0.1:9",
        "JWT_SECRET": "j" * 40,
        "WEBHOOK_SIGNATURE_SECRET": "w" * 40,
        "TOKEN_ENCRYPTION_KEYS": KEY,
        "DATABASE_URL": f"sqlite:///{place}/bot.sqlite3",
        "LAKE_CATALOG": f"sqlite:{place}/lake/catalog.sqlite",
        "LAKE_DATA": f"{place}/lake/files",
        "BOT_PORT": str(free_port()),
        **more,
    }


def run(
    *command: str, place: Path, env: Mapping[str, str] | None = None, said: str = ""
) -> subprocess.CompletedProcess[str]:
    """A command to its end, in a folder without any `.env.avito`."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *command],
        env=environment(place) if env is None else env,
        cwd=place,
        input=said,
        capture_output=True,
        text=True,
        timeout=60,
    )


@contextmanager
def serving(place: Path, env: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The service, from its first answer on."""
    with (place / "bot.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"],
            env=env,
            cwd=place,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        while not answers(env["BOT_PORT"]):
            assert process.poll() is None, (place / "bot.log").read_text()
            assert sum(psutil.Process(process.pid).cpu_times()[:2]) < 10, "ten seconds of work"
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait()


def answers(port: str) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health/live", trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def test_help_names_every_command(tmp_path: Path) -> None:
    """
    Without a command the exit code is 2, and the commands are listed with what they do.
    """
    none, helped = run(place=tmp_path), run("--help", place=tmp_path)

    assert (2, 0) == (none.returncode, helped.returncode)
    for name in ("serve", "sandbox", "check", "evaluate", "secrets", "password", "token", "demo"):
        assert f"  {name} " in helped.stdout


def test_missing_settings_are_named_all_at_once(tmp_path: Path) -> None:
    """
    One message names every missing setting and how to get it; no traceback, exit code 1.
    """
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "JWT_SECRET": "short"}

    ended = run("serve", place=tmp_path, env=env)

    assert 1 == ended.returncode
    for name in (
        "AVITO_CLIENT_ID",
        "AVITO_CLIENT_SECRET",
        "OPENAI_API_KEY",
        "TOKEN_ENCRYPTION_KEYS",
    ):
        assert f"{name} is missing" in ended.stderr
    assert "JWT_SECRET must have 32 bytes" in ended.stderr
    assert "short" not in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_busy_port_is_one_plain_line(tmp_path: Path) -> None:
    """
    The line names the address and what to do.
    """
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        ended = run("serve", place=tmp_path, env=environment(tmp_path, BOT_PORT=str(port)))

    assert 1 == ended.returncode
    [line] = ended.stderr.strip().splitlines()
    assert f"127.0.0.1:{port}" in line
    assert "BOT_PORT" in line


def test_the_service_lives_and_ends(tmp_path: Path) -> None:
    """
    Alive within ten seconds of work (tests may share a busy machine); a second one on the same database is refused in one line; SIGTERM ends it with 0.
    """
    env = environment(tmp_path)

    with serving(tmp_path, env) as service:
        ready = httpx.get(f"http://127.0.0.1:{env['BOT_PORT']}/health/ready", trust_env=False)
        second = run("serve", place=tmp_path, env={**env, "BOT_PORT": str(free_port())})
        service.send_signal(signal.SIGTERM)
        started = time.monotonic()
        code = service.wait(timeout=30)
        took = time.monotonic() - started

    assert 200 == ready.status_code, ready.text
    assert (1, 1) == (second.returncode, len(second.stderr.strip().splitlines()))
    assert "in use by another process" in second.stderr
    assert 0 == code, (tmp_path / "bot.log").read_text()
    assert took < 10
    assert not answers(env["BOT_PORT"])


def test_fresh_secrets_are_good_settings(tmp_path: Path) -> None:
    """
    The lines can be put into .env.avito as they are, and are different each time.
    """
    first, second = run("secrets", place=tmp_path).stdout, run("secrets", place=tmp_path).stdout
    lines = dict(line.split("=", 1) for line in first.splitlines())

    assert {"JWT_SECRET", "WEBHOOK_SIGNATURE_SECRET", "TOKEN_ENCRYPTION_KEYS"} == set(lines)
    assert set(first.splitlines()).isdisjoint(second.splitlines())
    env = {name: value for name, value in environment(tmp_path).items() if name not in lines}
    (tmp_path / ".env.avito").write_text(first)
    assert 0 == run("token", "--role", "viewer", place=tmp_path, env=env).returncode


def test_a_password_becomes_a_hash(tmp_path: Path) -> None:
    """
    Piped in, the password comes out as a line with its hash, which fits and which settings read whole.
    """
    made = run("password", place=tmp_path, said="correct horse\n")
    short = run("password", place=tmp_path, said="short\n")

    assert (0, 1) == (made.returncode, short.returncode)
    (tmp_path / ".env.avito").write_text(made.stdout)
    read = Settings(_env_file=tmp_path / ".env.avito", **required())  # type: ignore[call-arg, arg-type]
    assert PasswordHasher().verify(read.dashboard_password_hash.get_secret_value(), "correct horse")
    assert "correct horse" not in made.stdout


def test_a_token_for_scripts(tmp_path: Path) -> None:
    """
    The token says who it is for, what they may do, and for how long.
    """
    made = run("token", "--role", "manager", "--sub", "cron", "--hours", "2", place=tmp_path)

    claims = jwt.decode(
        made.stdout.strip(), "j" * 40, algorithms=["HS256"], audience="avito-assistant-api"
    )
    assert ("manager", "cron", 7200) == (
        claims["role"],
        claims["sub"],
        claims["exp"] - claims["iat"],
    )
    assert 2 == run("token", "--role", "king", place=tmp_path).returncode


def test_a_check_says_what_is_wrong(tmp_path: Path) -> None:
    """
    When nothing answers, each line says what to look at, and the exit code is 1.
    """
    ended = run("check", place=tmp_path)

    assert 1 == ended.returncode
    for name in ("avito", "webhook", "model"):
        assert any(line.startswith(f"problem {name}") for line in ended.stdout.splitlines()), (
            ended.stdout
        )
    for name in ("settings", "database", "crm", "log"):
        assert any(line.startswith(f"ok      {name}") for line in ended.stdout.splitlines()), (
            ended.stdout
        )
    assert "OPENAI_BASE_URL" in ended.stdout
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_the_example_names_every_setting(name: str) -> None:
    """
    A setting that is not in .env.avito.example cannot be found by those who need it.
    """
    lines = (ROOT / ".env.avito.example").read_text(encoding="utf-8").splitlines()

    found = [line for line in lines if line.removeprefix("# ").startswith(f"{name.upper()}=")]

    assert 1 == len(found), name
    field = Settings.model_fields[name]
    assert found[0].startswith("# ") is not field.is_required()


def test_the_defaults_in_the_example_are_the_defaults(tmp_path: Path) -> None:
    """
    What the example shows behind a setting is what holds without it.
    """
    text = (ROOT / ".env.avito.example").read_text(encoding="utf-8")
    shown = re.findall(r"^# ([A-Z_]+=.+)$", text, re.MULTILINE)
    (tmp_path / "env").write_text("\n".join(shown), encoding="utf-8")

    said = Settings(_env_file=tmp_path / "env", **required())  # type: ignore[call-arg, arg-type]

    assert len(shown) > 25
    assert Settings(_env_file=None, **required()) == said  # type: ignore[call-arg, arg-type]


def required() -> dict[str, str]:
    return {
        "avito_client_id": "x",
        "avito_client_secret": "x",
        "openai_api_key": "x",
        "jwt_secret": "j" * 40,
        "webhook_signature_secret": "w" * 40,
        "token_encryption_keys": KEY,
    }
