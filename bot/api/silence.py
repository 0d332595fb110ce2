"""The one switch that silences the assistant in all accounts at once."""

from fastapi import APIRouter
from sqlalchemy import Connection

from bot.api import shapes
from bot.api.callers import Manager, Viewer
from bot.api.deps import Body, TheBot
from bot.store import silence

router = APIRouter(prefix="/api/avito/silence", tags=["silence"])


class Silence(Body):
    """What should be so."""

    silenced: bool


@router.get("")
async def read(bot: TheBot, caller: Viewer) -> shapes.Silence:
    """Whether the assistant is silenced everywhere, since when, and by whom."""
    return await bot.store.read(_shown)


@router.post("")
async def turn(wanted: Silence, bot: TheBot, caller: Manager) -> shapes.Silence:
    """Silences the assistant everywhere, or lets it speak again. What is on its way to be sent is held back too.

    Messages that come in the meantime get the verdict `off`; people's own replies go out as always.
    """

    def turning(tx: Connection) -> shapes.Silence:
        silence.turn(tx, wanted.silenced, actor=caller.subject, now=bot.now())
        return _shown(tx)

    shown = await bot.store.write(turning)
    bot.bells.events.ring()
    return shown


def _shown(tx: Connection) -> shapes.Silence:
    row = silence.read(tx)
    if row is None:
        return shapes.Silence(silenced=False, since=None, by=None)
    return shapes.Silence(silenced=row.since is not None, since=row.since, by=row.by)
