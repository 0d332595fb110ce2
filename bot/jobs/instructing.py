"""Which instructions hold where, and the old way of writing them: an account's facts."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.assistant.haggling import Policy
from bot.assistant.instructions import NONE, Instructions, Used, changes, from_json
from bot.store import haggling as rules
from bot.store import instructions


def used(tx: Connection, account_id: int, listing_id: int | None) -> Used:
    """What is published for a chat about this listing: its own instructions laid upon the account's."""
    general = _one(instructions.published(tx, account_id, None))
    own = Used()
    if listing_id is not None:
        own = _one(instructions.published(tx, account_id, listing_id))
    return laid(general, own)


def haggling(tx: Connection, listing_id: int | None) -> Policy | None:
    """How far a listing's price may come down; None if the seller says nothing of it."""
    row = rules.one(tx, listing_id)
    return Policy(row.floor, tuple(row.ladder)) if row else None


def trial(tx: Connection, account_id: int, listing_id: int | None, row: Row[Any]) -> Used:
    """As `used`, with one version in the place of the one that holds."""
    general = _one(instructions.published(tx, account_id, None))
    if row.listing_id is not None:
        return laid(general, version(row))
    own = instructions.published(tx, account_id, listing_id) if listing_id is not None else None
    return laid(version(row), _one(own))


def laid(general: Used, own: Used) -> Used:
    """A listing's own instructions upon the account's. Empty ones change nothing, and are not named."""
    named = [one.version for one in (general, own) if not one.instructions.is_empty()]
    return Used(own.instructions.over(general.instructions), "+".join(filter(None, named)))


def version(row: Row[Any]) -> Used:
    """One version by itself."""
    return Used(from_json(row.body), f"i{row.no}")


def publish(
    tx: Connection, row: Row[Any], *, by: str, now: datetime, replaces: int | None = None
) -> bool:
    """Makes a version hold; False if it does already. Raises instructions.Overtaken."""
    holds = instructions.published(tx, row.account_id, row.listing_id)
    before = from_json(holds.body) if holds else NONE
    differ = [one.field for one in changes(before, from_json(row.body))]
    return instructions.publish(tx, row, differ, by=by, now=now, replaces=replaces)


def say_facts(tx: Connection, account_id: int, facts: str, *, by: str, now: datetime) -> None:
    """Publishes a version that differs from the one that holds in what it says about the seller."""
    holds = instructions.published(tx, account_id, None)
    before = from_json(holds.body) if holds else NONE
    after: Instructions = replace(before, about=facts.strip())
    if after == before:
        return
    no = instructions.save(tx, account_id, None, after.as_json(), note="", by=by, now=now)
    row = instructions.one(tx, no)
    assert row is not None, "it was just saved"
    publish(tx, row, by=by, now=now)


def _one(row: Row[Any] | None) -> Used:
    return version(row) if row is not None else Used()
