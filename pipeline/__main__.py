"""`python -m pipeline`: asks the event log from the command line."""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import pyarrow as pa

from pipeline import checks, sample
from pipeline.asking import Refused, ask
from pipeline.lake import Lake, LakeBroken, LakeMissing, connect, nearest
from pipeline.loading import rows_of
from pipeline.making import make_log
from pipeline.metric_commands import add_commands
from pipeline.metrics import Language
from pipeline.printing import JSON, printed
from pipeline.writer import LakeWriter


class _NotUnderstood(Exception):
    """The command line makes no sense; the message says which word."""


class _Parser(argparse.ArgumentParser):
    """Complains in one line."""

    def error(self, message: str) -> NoReturn:
        raise _NotUnderstood(f"{message}; see {self.prog} --help")


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when it went well. With one line on stderr 1 when it did not, 2 when it
    was not understood; 1 too when a check of the log says stop."""
    try:
        options = _parser().parse_args(argv)
        code: int = options.run(options) or 0
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has seen enough, as `head` does. Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except _NotUnderstood as error:
        print(error, file=sys.stderr)
        return 2
    except (Refused, LakeMissing, LakeBroken, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return code


def _query(options: argparse.Namespace) -> None:
    print(printed(ask(options.sql), options.format))


def _sample(options: argparse.Namespace) -> None:
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    _, truth = sample.make_in(options.out, options.days, options.seed, options.end or midnight)
    events = sum(truth["counts"]["events"].values())
    file = options.out / "truth.json"
    print(f"{events} events in {options.out}, the truth in {file}. To ask them:")
    _how_to_ask(options.out)


def _load(options: argparse.Namespace) -> None:
    with options.file.open(encoding="utf-8") as lines:
        rows = rows_of(lines)
    make_log(
        options.out, rows, "loaded.json", lambda: {"file": options.file.name, "messages": len(rows)}
    )
    print(f"{len(rows)} messages in {options.out}. To ask them:")
    _how_to_ask(options.out)


def _rebuild(options: argparse.Namespace) -> None:
    connect().close()  # says so when there is no log: writing would make one
    writer = LakeWriter(nearest(Lake.from_env()))
    try:
        writer.rebuild()
    finally:
        writer.close()
    counted = ask("SELECT (SELECT count(*) FROM dialogs), (SELECT count(*) FROM waits)").to_pylist()
    [dialogs, waits] = counted[0].values()
    print(f"{dialogs} dialogs and {waits} waits, computed anew from all events.")


def _how_to_ask(folder: Path) -> None:
    print(f"export LAKE_CATALOG=sqlite:{folder / 'catalog.sqlite'} LAKE_DATA={folder / 'files'}")


def _checks(options: argparse.Namespace) -> int:
    recent = timedelta(days=options.days) if options.days else None
    found = checks.run(connect(), now=datetime.now(UTC), recent=recent, only=options.names)
    answer = pa.Table.from_pylist([_in_short(each, options.language) for each in found])
    if options.format != "table":
        means = [each.check.means(options.language) for each in found]
        rows = [printed(pa.Table.from_pylist(each.examples), "json") for each in found]
        answer = answer.append_column("means", pa.array(means))
        answer = answer.append_column(pa.field("examples", pa.string(), metadata=JSON), [rows])
    print(printed(answer, options.format))
    return 1 if checks.worst(found) == "stop" else 0


def _in_short(finding: checks.Finding, language: Language) -> dict[str, object]:
    return {
        "check": finding.check.name,
        "severity": finding.check.severity,
        "ok": finding.ok,
        "found": finding.count,
        "title": finding.check.title(language),
    }


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m pipeline", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")

    query = commands.add_parser(
        "query", help="ask the event log, read-only, also while the bot runs"
    )
    query.add_argument("sql", metavar="SQL")
    _format(query)
    query.set_defaults(run=_query)

    made = commands.add_parser("sample", help="write a made-up but realistic log with known truth")
    made.add_argument("--days", type=int, default=30)
    made.add_argument("--seed", type=int, default=1)
    made.add_argument(
        "--end", type=_midnight, help="the day before which it ends, YYYY-MM-DD (default: today)"
    )
    made.add_argument("--out", type=Path, default=Path("data/sample"))
    made.set_defaults(run=_sample)

    load = commands.add_parser(
        "load", help="make a log from messages: JSON lines, rows of the view messages"
    )
    load.add_argument("file", type=Path, metavar="FILE.jsonl")
    load.add_argument("--out", type=Path, default=Path("data/loaded"))
    load.set_defaults(run=_load)

    anew = commands.add_parser(
        "rebuild", help="compute the table of dialogs anew from all events: the same rows"
    )
    anew.set_defaults(run=_rebuild)

    add_commands(commands)

    sound = commands.add_parser("checks", help="is the log sound? ends with 1 when it is not")
    sound.add_argument("names", nargs="*", metavar="NAME", help="only these checks")
    sound.add_argument("--days", type=float, help="only what happened lately (default: all)")
    sound.add_argument("--language", choices=("ru", "en"), default="en")
    _format(sound)
    sound.set_defaults(run=_checks)
    return parser


def _midnight(text: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day like 2026-05-12") from None


def _format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("json", "csv", "table"), default="table")


if __name__ == "__main__":
    sys.exit(main())
