"""`python -m pipeline`: asks the event log from the command line."""

import argparse
import sys
from collections.abc import Sequence

from pipeline.asking import Refused, ask
from pipeline.lake import LakeBroken, LakeMissing
from pipeline.printing import printed


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when it went well, 1 with one line on stderr when it did not."""
    options = _parser().parse_args(argv)
    try:
        options.run(options)
    except (Refused, LakeMissing, LakeBroken, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _query(options: argparse.Namespace) -> None:
    print(printed(ask(options.sql), options.format))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m pipeline", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")

    query = commands.add_parser("query", help="ask the event log, read-only, also while the bot runs")
    query.add_argument("sql", metavar="SQL")
    _format(query)
    query.set_defaults(run=_query)
    return parser


def _format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("json", "csv", "table"), default="table")


if __name__ == "__main__":
    sys.exit(main())
