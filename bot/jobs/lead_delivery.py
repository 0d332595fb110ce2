"""Carries leads to the CRM. The key is the same in each attempt, so a repeat is safe where a reply's would not be."""

import asyncio
import random
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection, Row, select

from bot.bootstrap import Bot
from bot.errors import CrmError, CrmRefused, CrmUnknown
from bot.model import Crm, LeadFields
from bot.store import leads, notices
from bot.store.engine import StoreUnavailable
from bot.store.tables import chat, listing

log = structlog.get_logger()

AT_ONCE = 8
MANY = 6
"""Attempts after which the wait grows no more; an addition is never urgent."""

LONGEST_WAIT = 60.0
"""Seconds between attempts at most: a CRM that comes back has its leads within two minutes."""


class LeadDelivery:
    """Sends what is due, as long as there is a CRM."""

    def __init__(self, bot: Bot, crm: Crm) -> None:
        self._bot = bot
        self._crm = crm

    async def run(self) -> None:
        while True:
            wait = 1.0
            try:
                await self.deliver()
                due = await self._bot.store.read(leads.next_due)
                wait = 15.0 if due is None else max((due - self._bot.now()).total_seconds(), 0.05)
                self._bot.pulse.beat("leads", self._bot.now())
            except StoreUnavailable as error:
                self._bot.pulse.beat("leads", self._bot.now(), ok=False, detail=str(error))
            await self._bot.bells.leads.wait(min(wait, 15.0))

    async def deliver(self) -> None:
        """Claims what is due in one transaction, then sends each lead outside of any."""
        if await self._bot.store.read(leads.next_due) is None:
            return
        rows = await self._bot.store.write(lambda tx: leads.claim(tx, self._bot.now(), AT_ONCE))
        await asyncio.gather(*(self._one(row) for row in rows))

    async def _one(self, row: Row[Any]) -> None:
        write, now = self._bot.store.write, self._bot.now
        context = await self._bot.store.read(lambda tx: _context(tx, row))
        if row.state == "sent":
            await self._complete(row, context)
            return
        try:
            crm_lead_id = await self._crm.create(
                LeadFields(**row.fields), key=row.idempotency_key, context=context
            )
        except CrmRefused as error:
            self._bot.pulse.beat("crm", now(), ok=False, detail=error.kind)
            await write(partial(self._refused, row=row, said=str(error)))
        except CrmError as error:
            self._bot.pulse.beat("crm", now(), ok=False, detail=error.kind)
            state = "unknown" if isinstance(error, CrmUnknown) else "new"
            again, said = now() + _backoff(row.attempts, error.retry_after), str(error)
            await write(lambda tx: leads.not_sent(tx, row, state, said, again, now()))
        else:
            self._bot.pulse.beat("crm", now())
            await write(lambda tx: leads.sent(tx, row, crm_lead_id, now()))
        self._bot.bells.events.ring()

    async def _complete(self, row: Row[Any], context: dict[str, Any]) -> None:
        """Tells the CRM what became known since it took the lead; one that takes no additions keeps what it has."""
        write, now = self._bot.store.write, self._bot.now
        known = LeadFields(**row.fields)
        try:
            await self._crm.complete(
                row.crm_lead_id, known, key=row.idempotency_key, context=context
            )
        except CrmRefused as error:
            said = str(error)
            await write(lambda tx: leads.not_completed(tx, row, said, None, now()))
        except CrmError as error:
            said, again = str(error), now() + _backoff(MANY, error.retry_after)
            await write(lambda tx: leads.not_completed(tx, row, said, again, now()))
        else:
            await write(lambda tx: leads.completed(tx, row, now()))

    def _refused(self, tx: Connection, row: Row[Any], said: str) -> None:
        leads.not_sent(tx, row, "failed", said, None, self._bot.now())
        notices.add(tx, "lead_failed", row.account_id, said, self._bot.now())


def _context(tx: Connection, row: Row[Any]) -> dict[str, Any]:
    """What the CRM may want to know beside the fields."""
    where = tx.execute(select(chat).where(chat.c.id == row.chat_id)).one()
    about = tx.execute(select(listing).where(listing.c.id == row.listing_id)).one_or_none()
    return {
        "listing_title": about.title if about else where.listing_title,
        "listing_price": about.price if about else None,
        "listing_url": about.url if about else None,
        "chat_id": row.chat_id,
        "created_at": row.created_at,
        "earlier_lead_id": row.earlier_lead_id,
    }


def _backoff(attempts: int, retry_after: float | None) -> timedelta:
    """5, 10, 20, 40, then 60 s, with jitter; at least as long as the CRM asks for."""
    wait = min(5.0 * 2.0 ** min(attempts, 6), LONGEST_WAIT) * random.uniform(0.8, 1.0)
    return timedelta(seconds=max(wait, retry_after or 0.0))
