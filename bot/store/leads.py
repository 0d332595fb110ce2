"""The lead ledger: one lead for each dialog, sent to the CRM under a key that never changes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, func, insert, select, update

from bot.model import NO_CRM_ID, LeadFields
from bot.store import journal
from bot.store.tables import lead, lead_step
from pipeline.events import LeadChanged, LeadCompleted, LeadCreated

LEASE = timedelta(seconds=60)
"""How long a lead that is being sent stays out of other workers' hands."""

PATIENCE = timedelta(minutes=15)
"""A client with a phone is not lost for want of an address: so long the rest is asked for, then the CRM has the lead."""


def note(
    tx: Connection,
    where: Row[Any],
    fields: LeadFields,
    crm: str | None,
    now: datetime,
    needs: Sequence[str] = (),
) -> str | None:
    """Keeps what became known in a dialog; the lead's id, or None as long as there is no phone to call.

    What was known stays, except that a newer phone takes the place of an older one. A lead that lacks what the seller
    `needs` (names of LeadFields) is asked on for a while before the CRM is told.
    """
    known = _of_dialog(tx, where)
    if known is not None:
        _complete(tx, known, fields, now, needs)
        return str(known.id)
    if fields.phone is None:
        return None
    lacks = _lacks(asdict(fields), needs)
    row = {
        "id": str(uuid4()),
        "account_id": where.account_id,
        "chat_id": where.id,
        "listing_id": where.listing_id,
        "dialog_no": where.dialog_no,
        "idempotency_key": f"avito:{where.account_id}:{where.id}:{where.dialog_no}",
        "crm": crm or "none",
        "state": "new",
        "fields": asdict(fields),
        "phone": fields.phone,
        "earlier_lead_id": _earlier(tx, where.account_id, fields.phone),
        "next_at": None if not crm else now + PATIENCE if lacks else now,
        "created_at": now,
        "updated_at": now,
    }
    tx.execute(insert(lead).values(row))
    _step(tx, str(row["id"]), "new", f"lacks {', '.join(lacks)}" if lacks else None, now)
    news = LeadCreated(
        **_head(where, where.id),
        lead_id=str(row["id"]),
        crm=str(row["crm"]),
        fields=_names(asdict(fields)),
        earlier_lead_id=row["earlier_lead_id"],
    )
    journal.record(tx, news, at=now)
    return str(row["id"])


def _earlier(tx: Connection, account_id: int, phone: str) -> str | None:
    """The newest lead of the same client, known by the phone; one who comes back is said to."""
    same = select(lead.c.id).where(lead.c.account_id == account_id, lead.c.phone == phone)
    found: str | None = tx.scalar(same.order_by(lead.c.created_at.desc()).limit(1))
    return found


def _lacks(fields: Mapping[str, Any], needs: Sequence[str]) -> list[str]:
    return [name for name in needs if fields.get(name) is None]


def _complete(
    tx: Connection, known: Row[Any], fields: LeadFields, now: datetime, needs: Sequence[str]
) -> None:
    fresh = {name: value for name, value in asdict(fields).items() if value is not None}
    merged = known.fields | {
        n: v for n, v in fresh.items() if known.fields.get(n) is None or n == "phone"
    }
    added = _names({n: v for n, v in merged.items() if known.fields.get(n) != v})
    if not added:
        return
    changes = {"fields": merged, "phone": merged.get("phone"), "updated_at": now}
    told_enough = known.next_at and not known.attempts and not _lacks(merged, needs)
    if told_enough or (known.state == "sent" and _may_be_completed(known)):
        changes["next_at"] = now
    tx.execute(update(lead).where(lead.c.id == known.id).values(changes))
    _step(tx, known.id, known.state, "+ " + ", ".join(added), now)
    news = LeadCompleted(**_head(known, known.chat_id), lead_id=known.id, fields=added)
    journal.record(tx, news, at=now)


def _may_be_completed(row: Row[Any]) -> bool:
    """Whether the CRM said under which id it has the lead; without one, telling more would make a second lead."""
    return row.crm_lead_id not in (None, "", NO_CRM_ID)


def claim(tx: Connection, now: datetime, limit: int) -> list[Row[Any]]:
    """Takes leads that are due and says so before any byte leaves; the rows as they were before.

    A lead that was being sent when its process died is due again when its lease is over: the CRM knows the key.
    """
    due = list(
        tx.execute(
            select(lead)
            .where(lead.c.next_at <= now)
            .order_by(lead.c.next_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )
    for row in due:
        if row.state == "sent":  # the CRM has it, and is to be told more
            tx.execute(update(lead).where(lead.c.id == row.id).values(next_at=now + LEASE))
        else:
            _change(tx, row, "sending", now, next_at=now + LEASE, attempts=lead.c.attempts + 1)
    return due


def sent(tx: Connection, row: Row[Any], crm_lead_id: str, now: datetime) -> None:
    """The CRM has the lead; what became known while it was on its way is told next."""
    known = one(tx, row.id)
    more = known is not None and known.fields != row.fields and crm_lead_id != NO_CRM_ID
    _change(
        tx, row, "sent", now, next_at=now if more else None, crm_lead_id=crm_lead_id, error=None
    )


def completed(tx: Connection, row: Row[Any], now: datetime) -> None:
    """The CRM took what became known since."""
    known = one(tx, row.id)
    again = now if known is not None and known.fields != row.fields else None
    tx.execute(update(lead).where(lead.c.id == row.id).values(next_at=again, error=None))
    _step(tx, row.id, "sent", "completed", now)


def not_completed(
    tx: Connection, row: Row[Any], error: str, next_at: datetime | None, now: datetime
) -> None:
    """The lead stays sent; without `next_at` the CRM keeps what it was told first."""
    tx.execute(update(lead).where(lead.c.id == row.id).values(next_at=next_at, updated_at=now))
    _step(tx, row.id, "sent", f"not completed: {error}", now)


def not_sent(
    tx: Connection, row: Row[Any], state: str, error: str, next_at: datetime | None, now: datetime
) -> None:
    """`state`: new (certainly not taken), unknown (nobody knows; the key makes a repeat harmless), failed (give up)."""
    _change(tx, row, state, now, next_at=next_at, error=error)


def retry(tx: Connection, lead_id: str, now: datetime) -> Row[Any]:
    """A person wants the lead sent again; a lead that the CRM has stays as it is. Raises KeyError."""
    row = one(tx, lead_id)
    if row is None:
        raise KeyError(lead_id)
    if row.state not in ("sent", "sending"):
        _change(tx, row, "new", now, next_at=now, error=None)
    return one(tx, lead_id) or row


def one(tx: Connection, lead_id: str) -> Row[Any] | None:
    return tx.execute(select(lead).where(lead.c.id == lead_id)).one_or_none()


def next_due(tx: Connection) -> datetime | None:
    due: datetime | None = tx.scalar(select(func.min(lead.c.next_at)))
    return due


def _of_dialog(tx: Connection, where: Row[Any]) -> Row[Any] | None:
    return tx.execute(
        select(lead).where(lead.c.chat_id == where.id, lead.c.dialog_no == where.dialog_no)
    ).one_or_none()


def _change(tx: Connection, row: Row[Any], state: str, now: datetime, **changes: Any) -> None:
    tx.execute(
        update(lead).where(lead.c.id == row.id).values(state=state, updated_at=now, **changes)
    )
    error = changes.get("error")
    _step(tx, row.id, state, error, now)
    news = LeadChanged(
        **_head(row, row.chat_id),
        lead_id=row.id,
        state=state,  # type: ignore[arg-type]  # as the callers say
        crm_lead_id=changes.get("crm_lead_id"),
        error=error,
    )
    journal.record(tx, news, at=now)


def _step(tx: Connection, lead_id: str, state: str, detail: str | None, now: datetime) -> None:
    tx.execute(insert(lead_step).values(lead_id=lead_id, at=now, state=state, detail=detail))


def _head(row: Row[Any], chat_id: str) -> dict[str, Any]:
    return {"account_id": row.account_id, "listing_id": row.listing_id, "chat_id": chat_id}


def _names(values: dict[str, Any]) -> tuple[str, ...]:
    return tuple(sorted(name for name, value in values.items() if value is not None))
