"""Whether and how silent clients are written to again: a plan for each account, and a word for each listing."""

from datetime import time
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field, model_validator
from sqlalchemy import Connection

from bot.api import shapes
from bot.api.callers import Manager, Owner, Viewer
from bot.api.deps import AccountId, Body, ListingId, TheBot
from bot.api.problems import not_found
from bot.assistant.following import MOST, USUAL
from bot.jobs import following_up
from bot.store import accounts, follow_ups

router = APIRouter(prefix="/api/avito", tags=["follow-ups"])

Hours = Annotated[float, Field(ge=1, le=24 * 14, allow_inf_nan=False, strict=False)]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Plan(Body):
    """`after_hours`: one or two, since the last words in the chat. What they say is in the instructions' templates.

    Nothing is written outside `opens` to `closes` by the account's clock, nor, unless `after_lead`, when a phone is known.
    """

    after_hours: Annotated[list[Hours], Field(min_length=1, max_length=MOST)]
    opens: Clock = "10:00"
    closes: Clock = "20:00"
    after_lead: bool = False

    @model_validator(mode="after")
    def _people_are_awake(self) -> "Plan":
        if time.fromisoformat(self.opens) >= time.fromisoformat(self.closes):
            raise ValueError("opens must come before closes, on the same day")
        return self


class Wanted(Body):
    """null: nobody is written to again."""

    plan: Plan | None


class OfListing(Body):
    """null: as the account's plan says; true: also where the account has none, then once, after a day."""

    wanted: bool | None


@router.get("/accounts/{account_id}/follow-ups")
async def shown(account_id: AccountId, bot: TheBot, caller: Viewer) -> shapes.FollowUps:
    """The account's plan, null if there is none; what its follow-ups say, by the instructions that hold."""

    def reading(tx: Connection) -> shapes.FollowUps:
        row = accounts.one(tx, account_id)
        if row is None or row.state == "removed":
            raise not_found("account")
        plan = Plan.model_validate(row.follow_ups).model_dump() if row.follow_ups else None
        return shapes.FollowUps(
            plan=shapes.FollowUpPlan(**plan) if plan else None,
            usual_hours=[after.total_seconds() / 3600 for after in USUAL.after],
            says=[
                shapes.FollowUpWords(text=one.text, own=one.own, stopped=one.stopped)
                for one in following_up.words_of(tx, row)
            ],
        )

    return await bot.store.read(reading)


@router.put("/accounts/{account_id}/follow-ups")
async def put(
    account_id: AccountId, wanted: Wanted, bot: TheBot, caller: Owner
) -> shapes.FollowUps:
    """Sets the plan. It holds for silences that begin from now on: nobody is written to about last month."""
    kept = wanted.plan.model_dump() if wanted.plan else None
    if not await bot.store.write(lambda tx: follow_ups.set_plan(tx, account_id, kept)):
        raise not_found("account")
    return await shown(account_id, bot, caller)


@router.post("/listings/{listing_id}/follow-ups")
async def of_listing(
    listing_id: ListingId, wanted: OfListing, bot: TheBot, caller: Manager
) -> shapes.Success:
    """Whether clients of this listing are written to again, whatever the account's plan says; null: as it says."""
    if not await bot.store.write(lambda tx: follow_ups.set_listing(tx, listing_id, wanted.wanted)):
        raise not_found("listing")
    return shapes.Success()
