"""Alembic's entry: migrates over the connection that `bot.store.migrate` hands in."""

from typing import Any, Literal

from alembic import context

from bot.store.tables import Moment, metadata


def plain(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """A revision must not change when our own types do: it names what the database keeps."""
    return "sa.DateTime()" if kind == "type" and isinstance(thing, Moment) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=plain,
)
with context.begin_transaction():
    context.run_migrations()
