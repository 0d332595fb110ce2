"""The commands of the service: `python -m bot <command>`. Each loads only what it needs."""

import argparse
import base64
import getpass
import secrets
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

Command = Callable[[Sequence[str]], int]


def serve(argv: Sequence[str]) -> int:
    """the background service: HTTP API, webhook, workers, scheduled jobs"""
    _parser("serve", serve).parse_args(argv)
    from bot.settings import SettingsError, load

    try:
        settings = load()
        from bot.serving import CannotStart
        from bot.serving import serve as run
    except SettingsError as error:
        return _said(error)
    try:
        run(settings)
    except CannotStart as error:
        return _said(error)
    return 0


def sandbox(argv: Sequence[str]) -> int:
    """the stand-in for Avito, the language model and the CRM"""
    from bot.sandbox import main as run

    return run(argv)


def demo(argv: Sequence[str]) -> int:
    """sandbox, bot and dashboard together, with clients who write"""
    from bot.demo import main as run

    return run(argv)


def check(argv: Sequence[str]) -> int:
    """reads the settings, tries every outside system, says in plain words what is wrong"""
    from bot.check import main as run

    return run(argv)


def backup(argv: Sequence[str]) -> int:
    """copies database and log into a folder, while the service runs"""
    parser = _parser("backup", backup)
    parser.add_argument("folder", metavar="DIR", type=Path, help="must be empty or not there yet")
    given = parser.parse_args(argv)
    from bot.backup.commands import back_up

    return back_up(given.folder)


def restore(argv: Sequence[str]) -> int:
    """puts a backup back, while no service runs"""
    parser = _parser("restore", restore)
    parser.add_argument("folder", metavar="DIR", type=Path, help="what `backup` made")
    parser.add_argument("--force", action="store_true", help="puts aside what is in the way")
    given = parser.parse_args(argv)
    from bot.backup.commands import restore as run

    return run(given.folder, force=given.force)


def evaluate(argv: Sequence[str]) -> int:
    """runs the production functions over labelled rows"""
    from bot.assistant.evaluating import main as run

    return run(list(argv))


def make_secrets(argv: Sequence[str]) -> int:
    """fresh secrets, as lines for .env.avito"""
    _parser("secrets", make_secrets).parse_args(argv)
    print(f"JWT_SECRET={secrets.token_urlsafe(48)}")
    print(f"WEBHOOK_SIGNATURE_SECRET={secrets.token_urlsafe(48)}")
    print(f"TOKEN_ENCRYPTION_KEYS={base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}")
    return 0


def password(argv: Sequence[str]) -> int:
    """asks for the dashboard's password, prints its hash as a line for .env.avito"""
    _parser("password", password).parse_args(argv)
    from argon2 import PasswordHasher

    chosen = _asked() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if chosen is None:
        return _said("The two are not the same. Nothing was made; try again.")
    if len(chosen) < 8:
        return _said("A password needs 8 characters or more.")
    print(f"DASHBOARD_PASSWORD_HASH='{PasswordHasher().hash(chosen)}'")
    return 0


def token(argv: Sequence[str]) -> int:
    """a token for scripts that ask the API"""
    parser = _parser("token", token)
    parser.add_argument("--role", choices=("owner", "manager", "viewer"), required=True)
    parser.add_argument("--sub", default="script", metavar="NAME", help="who it is for (script)")
    parser.add_argument(
        "--hours", type=_hours, default=24.0, metavar="N", help="how long it holds (24)"
    )
    given = parser.parse_args(argv)
    from bot.client import mint_token
    from bot.settings import SettingsError, load

    try:
        secret = load().jwt_secret.get_secret_value()
    except SettingsError as error:
        return _said(error)
    print(mint_token(secret, given.sub, given.role, timedelta(hours=given.hours)))
    return 0


COMMANDS: dict[str, Command] = {
    "serve": serve,
    "sandbox": sandbox,
    "demo": demo,
    "check": check,
    "backup": backup,
    "restore": restore,
    "evaluate": evaluate,
    "secrets": make_secrets,
    "password": password,
    "token": token,
}


def main(argv: Sequence[str]) -> int:
    """The exit code: 0 good, 1 something is wrong, 2 not a command."""
    if argv and argv[0] in COMMANDS:
        return COMMANDS[argv[0]](argv[1:])
    asked = bool(argv) and argv[0] in ("-h", "--help")
    lines = [f"  {name:10} {act.__doc__}" for name, act in COMMANDS.items()]
    text = "usage: python -m bot COMMAND\n\n" + "\n".join(lines)
    print(text, file=sys.stdout if asked else sys.stderr)
    return 0 if asked else 2


def _parser(name: str, act: Command) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(prog=f"python -m bot {name}", description=act.__doc__)


def _asked() -> str | None:
    first = getpass.getpass("Password: ")
    return first if getpass.getpass("Once more: ") == first else None


def _hours(text: str) -> float:
    hours = float(text)
    if not 0 < hours <= 24 * 366:
        raise argparse.ArgumentTypeError("more than 0, and a year at most")
    return hours


def _said(words: object) -> int:
    print(words, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
