"""Notices troubles that last, and tells managers once of each until it is over."""

import json
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.bootstrap import Bot
from bot.store import kept, notices

MARK = "troubles"

LASTS = timedelta(minutes=3)
"""What is in trouble for less is none of a manager's."""

PARTS = {"sweep": "avito_down", "model": "model_down", "crm": "crm_down", "sink": "log_stuck"}
"""Which part of the service tells of which trouble; Avito's is that of an open circuit too."""


async def watch(bot: Bot) -> str:
    """Looks at what each part last said; a sentence about what is in trouble."""
    now = bot.now()
    troubles = {
        kind: beat.detail
        for part, kind in PARTS.items()
        if (beat := bot.pulse.parts.get(part)) is not None and not beat.ok
    }
    await bot.store.write(lambda tx: _note(tx, troubles, now))
    return ", ".join(sorted(troubles)) or "no troubles"


def _note(tx: Connection, troubles: dict[str, str], now: datetime) -> None:
    """Remembers since when each lasts. One that was told is not told again before it was over."""
    before: dict[str, dict[str, str]] = json.loads(kept.read(tx, MARK) or "{}")
    after = {}
    for kind, detail in troubles.items():
        known = before.get(kind) or {"since": now.isoformat(), "told": ""}
        if not known["told"] and now - datetime.fromisoformat(known["since"]) >= LASTS:
            notices.add(tx, kind, None, detail, now)
            known = known | {"told": now.isoformat()}
        after[kind] = known
    if after != before:
        kept.mark(tx, MARK, json.dumps(after), now)
