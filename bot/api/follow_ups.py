"""Whether and how silent clients are written to again: a plan for each account, and a word for each listing."""

from datetime import time
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field, field_validator, model_validator

from bot.api import shapes
from bot.api.callers import Manager, Owner, Viewer
from bot.api.deps import AccountId, Body, ListingId, TheBot
from bot.api.problems import not_found
from bot.assistant import templates
from bot.assistant.following import MOST, WORDS
from bot.model import MAX_REPLY
from bot.store import accounts, follow_ups

router = APIRouter(prefix="/api/avito", tags=["follow-ups"])

Hours = Annotated[float, Field(ge=1, le=24 * 14, allow_inf_nan=False, strict=False)]
Text = Annotated[str, Field(max_length=MAX_REPLY - 200, pattern=r"^[^\x00]*$")]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Plan(Body):
    """`after_hours`: one or two, since the last words in the chat. An empty text takes ours; variables as in templates.

    Nothing is written outside `opens` to `closes` by the account's clock, nor, unless `after_lead`, when a phone is known.
    """

    after_hours: Annotated[list[Hours], Field(min_length=1, max_length=MOST)]
    opens: Clock = "10:00"
    closes: Clock = "20:00"
    after_lead: bool = False
    texts: Annotated[list[Text], Field(default_factory=list, max_length=MOST)]

    @field_validator("texts")
    @classmethod
    def _known_variables(cls, value: list[str]) -> list[str]:
        for text in value:
            if unknown := templates.unknown(text):
                raise ValueError(f"no such variable: {', '.join(unknown)}")
        return value

    @model_validator(mode="after")
    def _people_are_awake(self) -> "Plan":
        if time.fromisoformat(self.opens) >= time.fromisoformat(self.closes):
            raise ValueError("opens must come before closes, on the same day")
        return self


class Wanted(Body):
    """null: nobody is written to again."""

    plan: Plan | None


class OfListing(Body):
    """null: as the account's plan says."""

    wanted: bool | None


@router.get("/accounts/{account_id}/follow-ups")
async def shown(account_id: AccountId, bot: TheBot, caller: Viewer) -> shapes.FollowUps:
    """The account's plan, null if there is none, and the words that are said where a text is empty."""
    row = await bot.store.read(lambda tx: accounts.one(tx, account_id))
    if row is None or row.state == "removed":
        raise not_found("account")
    plan = Plan.model_validate(row.follow_ups).model_dump() if row.follow_ups else None
    return shapes.FollowUps(
        plan=shapes.FollowUpPlan(**plan) if plan else None, usual_texts=list(WORDS)
    )


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
    """Whether clients of this listing are written to again; null as the account's plan says."""
    if not await bot.store.write(lambda tx: follow_ups.set_listing(tx, listing_id, wanted.wanted)):
        raise not_found("listing")
    return shapes.Success()
