"""The accounts that are connected."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import APIRouter
from pydantic import Field, field_validator
from sqlalchemy import Connection, Row

from bot.api import shapes
from bot.api.callers import Caller, Owner, Viewer
from bot.api.deps import AccountId, Body, TheBot
from bot.api.problems import Problem, not_found
from bot.assistant import hours
from bot.bootstrap import Bot
from bot.jobs import connecting, duties, instructing
from bot.store import accounts, listings

router = APIRouter(prefix="/api/avito/accounts", tags=["accounts"])

EXPIRING = timedelta(hours=2)

Facts = Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")]


class Edit(Body):
    """What to change; what is not named stays. `zone` as `Europe/Moscow`; `facts` for the assistant, free text.

    The facts are a part of the account's instructions: writing them publishes a new version of those.
    """

    zone: Annotated[str, Field(max_length=64)] | None = None
    facts: Facts | None = None

    @field_validator("zone")
    @classmethod
    def _is_zone(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                ZoneInfo(value)
            except (ZoneInfoNotFoundError, ValueError, OSError) as error:
                raise ValueError("is no time zone, write it like Europe/Moscow") from error
        return value


Spans = Annotated[list[Annotated[str, Field(max_length=20)]], Field(max_length=10)]


class WorkingHours(Body):
    """Spans such as `09:00-18:00` for `mon` to `sun`, and for dates that are unlike; a day without spans is closed."""

    week: Annotated[dict[str, Spans], Field(max_length=20)]
    holidays: bool = True
    days: Annotated[dict[str, Spans], Field(default_factory=dict, max_length=1000)]


class SetHours(Body):
    hours: WorkingHours | None


@router.get("")
async def listed(bot: TheBot, caller: Viewer) -> shapes.Accounts:
    """All accounts, the first connected first."""
    rows = await bot.store.read(accounts.listed)
    return shapes.Accounts(data=[shown(row, bot.now()) for row in rows])


@router.patch("/{account_id}")
async def edit(account_id: AccountId, wanted: Edit, bot: TheBot, caller: Owner) -> shapes.Edited:
    """Sets the account's time zone, or what the assistant should know about the seller."""
    if wanted.zone is None and wanted.facts is None:
        raise Problem(422, "invalid", "Name what to change: zone, facts or both.")
    if not await bot.store.write(lambda tx: _edit(tx, account_id, wanted, caller, bot.now())):
        raise not_found("account")
    bot.bells.events.ring()
    return shapes.Edited(account=await _one(bot, account_id))


@router.get("/{account_id}/hours")
async def hours_of(account_id: AccountId, bot: TheBot, caller: Viewer) -> shapes.Hours:
    """When the seller works."""
    row = await bot.store.read(lambda tx: accounts.one(tx, account_id))
    if row is None or row.state == "removed":
        raise not_found("account")
    return _hours(row, bot.now())


@router.put("/{account_id}/hours")
async def set_hours(
    account_id: AccountId, wanted: SetHours, bot: TheBot, caller: Owner
) -> shapes.Hours:
    """Says when the seller works, by the clock of the account's zone. Null takes the hours away."""
    said = _sound(wanted.hours) if wanted.hours else None

    def setting(tx: Connection) -> Row[Any] | None:
        if said is None and (waiting := listings.by_hours(tx, account_id)):
            raise Problem(
                409,
                "hours_in_use",
                f"{waiting} listings answer only outside working hours. Choose another mode for them first.",
            )
        if not accounts.set_hours(tx, account_id, said, actor=caller.subject, now=bot.now()):
            return None
        return accounts.one(tx, account_id)

    row = await bot.store.write(setting)
    if row is None:
        raise not_found("account")
    bot.bells.events.ring()
    return _hours(row, bot.now())


@router.delete("/{account_id}")
async def disconnect(account_id: AccountId, bot: TheBot, caller: Owner) -> shapes.Success:
    """Unsubscribes at Avito and forgets the tokens. What happened in the account stays readable."""
    if not await connecting.disconnect(bot, account_id):
        raise not_found("account")
    return shapes.Success()


def _edit(tx: Connection, account_id: int, wanted: Edit, caller: Caller, now: datetime) -> bool:
    row = accounts.one(tx, account_id)
    if row is None or row.state == "removed":
        return False
    if wanted.zone is not None:
        accounts.set_zone(tx, account_id, wanted.zone)
    if wanted.facts is not None:
        instructing.say_facts(tx, account_id, wanted.facts, by=caller.subject, now=now)
    return True


def _sound(wanted: WorkingHours) -> dict[str, Any]:
    """Raises a 422 Problem that names the day and what is wrong with it."""
    try:
        return hours.read(wanted.model_dump()).as_json()
    except hours.BadHours as wrong:
        errors = [{"field": wrong.field, "code": wrong.code, "problem": str(wrong)}]
        raise Problem(
            422, "bad_hours", f"These hours cannot be taken. {wrong.field} {wrong}.", errors=errors
        ) from None


def _hours(row: Row[Any], now: datetime) -> shapes.Hours:
    told = row.working_hours
    return shapes.Hours(
        hours=shapes.WorkingHours(**told) if told else None,
        open_now=duties.is_open(told, row.zone, now),
        opens_at=duties.opens_at(told, row.zone, now),
    )


async def _one(bot: Bot, account_id: int) -> shapes.Account:
    rows = await bot.store.read(lambda tx: accounts.listed(tx, account_id))
    if not rows:
        raise not_found("account")
    return shown(rows[0], bot.now())


def shown(row: Row[Any], now: datetime) -> shapes.Account:
    """An account from a row of `accounts.listed`."""
    return shapes.Account(
        id=row.id,
        name=row.name,
        url=row.url,
        zone=row.zone,
        facts=(row.instructions or {}).get("about", ""),
        connected_at=row.connected_at,
        state=row.state,
        state_detail=row.state_detail,
        token=shapes.TokenState(
            state=_token_state(row, now),
            expires_at=row.token_expires_at,
            renewed_at=row.token_renewed_at,
        ),
        webhook=shapes.WebhookState(
            state=row.webhook_state,
            last_heard_at=row.webhook_heard_at,
            checked_at=row.webhook_checked_at,
        ),
        listings=shapes.ListingCounts(
            total=row.listings_total or 0,
            ai_enabled=row.listings_ai_enabled or 0,
            synced_at=row.listings_synced_at,
        ),
        sync=shapes.SyncState(
            running=row.sync_until is not None and row.sync_until > now,
            done=row.sync_done,
            total=row.sync_total,
        ),
    )


def _token_state(row: Row[Any], now: datetime) -> Any:
    if row.state == "needs_reconnect":
        return "rejected"
    if row.token_expires_at is None or row.token_expires_at <= now:
        return "expired"
    return "expiring" if row.token_expires_at <= now + EXPIRING else "valid"
