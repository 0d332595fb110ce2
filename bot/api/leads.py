"""What the CRM gets, and how that goes."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from sqlalchemy import Row

from bot.api import shapes
from bot.api.callers import Manager, Viewer
from bot.api.deps import LeadId, Pages, TheBot
from bot.api.problems import Problem, not_found
from bot.store import lead_lists, leads

router = APIRouter(prefix="/api/avito/leads", tags=["leads"])

Status = Literal["new", "sending", "sent", "unknown", "failed"]


@router.get("")
async def listed(
    bot: TheBot, caller: Viewer, pages: Pages, status: Annotated[Status | None, Query()] = None
) -> shapes.Leads:
    """A page of leads, the newest first."""
    rows, steps, total = await bot.store.read(
        lambda tx: lead_lists.page(tx, status, offset=pages.offset, limit=pages.limit)
    )
    data = [shown(row, steps.get(row.id, [])) for row in rows]
    return shapes.Leads(data=data, pagination=shapes.Pagination(**pages.of(total)))


@router.post("/{lead_id}/retry")
async def retry(lead_id: LeadId, bot: TheBot, caller: Manager) -> shapes.Retried:
    """Sends the lead to the CRM again, under the same key. A lead that the CRM has stays as it is."""
    if bot.crm is None:
        detail = (
            "No CRM is set. Set DEZEXPERT_API_URL and DEZEXPERT_API_KEY, and start the bot again."
        )
        raise Problem(409, "no_crm", detail)
    try:
        await bot.store.write(lambda tx: leads.retry(tx, lead_id, bot.now()))
    except KeyError:
        raise not_found("lead") from None
    bot.bells.leads.ring()
    bot.bells.events.ring()
    found = await bot.store.read(lambda tx: lead_lists.one(tx, lead_id))
    if found is None:
        raise not_found("lead")
    row, steps = found
    return shapes.Retried(lead=shown(row, steps.get(lead_id, [])))


def shown(row: Row[Any], steps: Sequence[Row[Any]]) -> shapes.Lead:
    plain = {name: row._mapping[name] for name in shapes.Lead.model_fields if name in row._mapping}
    history = [shapes.LeadStep(at=step.at, state=step.state, detail=step.detail) for step in steps]
    return shapes.Lead(**plain, next_attempt_at=row.next_at, history=history)
