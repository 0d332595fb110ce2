"""Which ways in there are, from what the settings say."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from pages._ui.door import methods, passwords, session
from pages._ui.door.attempts import Attempts
from pages._ui.settings import load

HASHER = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
COMPLETE = {"JWT_SECRET": "s" * 32}


def nowhere(tmp_path: Path) -> Path:
    return tmp_path / "none"


def test_a_bare_hash_is_the_owners() -> None:
    """
    One password is all that a seller alone needs.
    """
    hashes = passwords.read(HASHER.hash("мой пароль"))

    assert "owner" == passwords.role_of("мой пароль", hashes)
    assert passwords.role_of("другой", hashes) is None


def test_several_hashes_open_several_roles() -> None:
    """
    `role:hash`, separated by spaces or lines.
    """
    hashes = passwords.read(f"owner:{HASHER.hash('o')}\n viewer:{HASHER.hash('v')}")

    assert ["owner", "viewer", None] == [passwords.role_of(word, hashes) for word in ("o", "v", "")]


@pytest.mark.parametrize("setting", ["secret", "king:$argon2id$x", "owner:plain", "$2b$12$bcrypt"])
def test_what_is_no_hash_is_a_problem_in_words(setting: str, tmp_path: Path) -> None:
    """
    A password written in clear is not taken for a hash, and the page says what is wrong.
    """
    found = methods.read(
        load({**COMPLETE, "DASHBOARD_PASSWORD_HASH": setting}, nowhere(tmp_path)), nowhere(tmp_path)
    )

    assert not found.any
    assert "DASHBOARD_PASSWORD_HASH" in found.problem
    assert setting not in found.problem


def test_without_hashes_a_refusal_takes_its_time_too() -> None:
    """
    Nobody learns from the clock whether a password is set.
    """
    assert passwords.role_of("any", {}) is None


def test_openid_wins_and_needs_roles(tmp_path: Path) -> None:
    """
    With `[auth]` in the secrets nobody comes in by password, and only who has a role comes in.
    """
    secrets = tmp_path / "secrets.toml"
    auth = (
        '[auth]\nserver_metadata_url = "https://id.example/x"\nclient_id = "c"\n'
        'client_secret = "s"\n'
    )
    settings = load({**COMPLETE, "DASHBOARD_PASSWORD_HASH": HASHER.hash("p")}, nowhere(tmp_path))

    secrets.write_text(auth)
    assert "[roles]" in methods.read(settings, secrets).problem
    secrets.write_text(auth + '[roles]\n"Anna@Example.com" = "manager"\n')
    found = methods.read(settings, secrets)

    assert {} == found.hashes
    assert found.openid is not None
    assert {"anna@example.com": "manager"} == found.openid.roles


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """
    And dollar signs in a hash are not taken for variables.
    """
    file = tmp_path / ".env.avito"
    digest = HASHER.hash("p")
    file.write_text(f"JWT_SECRET={'f' * 40}\nDASHBOARD_PASSWORD_HASH='{digest}'\n")

    found = load({"JWT_SECRET": "e" * 40}, file)

    assert "e" * 40 == found.jwt_secret
    assert digest == found.password_hash


def test_unusable_settings_are_named() -> None:
    """
    All at once, so that nobody has to start twice.
    """
    env = {"JWT_SECRET": "short", "AVITO_API_URL": "bot:3001", "DASHBOARD_PORT": "x"}

    found = load(env, Path("none"))

    assert ("JWT_SECRET", "AVITO_API_URL", "DASHBOARD_PORT") == found.problems


def test_tries_come_back_after_five_minutes() -> None:
    """
    Five in five minutes by address; others are not in the way.
    """
    attempts = Attempts()
    for _ in range(5):
        attempts.count("a", NOON)

    assert not attempts.may_try("a", NOON + timedelta(minutes=4))
    assert attempts.may_try("b", NOON)
    assert attempts.may_try("a", NOON + timedelta(minutes=5))


def test_a_session_ends_by_itself_after_eight_hours() -> None:
    """
    The cookie of this morning does not open tonight.
    """
    old = session.begin("o", "owner", datetime.now(UTC) - timedelta(hours=8, seconds=1))
    young = session.begin("o", "owner", datetime.now(UTC) - timedelta(hours=7))

    assert session.unseal(session.seal(old, "s" * 32), "s" * 32) is None
    assert session.unseal(session.seal(young, "s" * 32), "s" * 32) is not None
