"""Lives through one simulated day again and tells it: `python -m tests.reliability "hours away" 14 [u2i-0]`."""

import json
import sys

from sqlalchemy import select

from bot.store.tables import event
from tests.reliability.climates import CLIMATES
from tests.reliability.fake_avito import BEGIN
from tests.reliability.promises import broken
from tests.reliability.town import run


def main(climate: str, seed: str, about: str = "u2i") -> None:
    """Prints what happened at Avito and, indented, what the bot recorded of it; then the promises broken."""
    town = run(CLIMATES[climate](int(seed)))
    told = [(float(line.split()[0]), line) for line in town.trace]
    told = [(at, line) for at, line in told if about in line or "u2i" not in line]
    with town.engine.connect() as tx:
        for row in tx.execute(select(event).where(event.c.chat_id.startswith(about))):
            at = row.recorded_at.timestamp() - BEGIN
            body = {key: value for key, value in json.loads(row.body).items() if value is not None}
            told.append((at, f"        {at:.6f} {row.chat_id} {row.kind} {body}"))
    print(*(line for _, line in sorted(told, key=lambda pair: pair[0])), sep="\n")
    print(*(broken(town) or ["every promise was kept"]), sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
