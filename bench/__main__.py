"""`make bench [ONLY=name]`: measures, prints, and keeps what was found."""

import importlib
import sys
from collections.abc import Sequence

from bench.report import keep, show

BENCHMARKS = ("first_answer", "acks", "crowd", "corpora", "dashboard", "numbers")


def main(argv: Sequence[str]) -> int:
    """Runs the named benchmarks, or all; 2 for a name that is none."""
    if unknown := [name for name in argv if name not in BENCHMARKS]:
        print(f"no benchmark {unknown[0]}; there are: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    for name in argv or BENCHMARKS:
        section = importlib.import_module(f"bench.{name}").measure()
        show(section)
        keep(name, section)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
