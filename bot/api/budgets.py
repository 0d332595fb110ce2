"""What the model may cost in each account, and what it has cost."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from bot.api import shapes
from bot.api.callers import Owner, Viewer
from bot.api.deps import AccountId, Body, TheBot
from bot.api.problems import Problem, not_found
from bot.bootstrap import Bot
from bot.settings import Settings
from bot.store import budget_states
from bot.store.budget_states import State
from bot.store.budgets import Limits, Period

router = APIRouter(prefix="/api/avito", tags=["budgets"])

MOST_RUB, MOST_TOKENS = 1_000_000_000, 10**15

Rub = Annotated[float, Field(gt=0, le=MOST_RUB, allow_inf_nan=False, strict=False)]
Tokens = Annotated[int, Field(gt=0, le=MOST_TOKENS)]


class Wanted(Body):
    """All four limits as they should be; null is no limit. To stop the assistant, switch listings off instead."""

    day_rub: Rub | None = None
    month_rub: Rub | None = None
    day_tokens: Tokens | None = None
    month_tokens: Tokens | None = None


@router.get("/budgets")
async def listed(bot: TheBot, caller: Viewer) -> shapes.Budgets:
    """Every account's limits, what is spent today and this month in its own zone, and where the month is going."""
    return shapes.Budgets(data=await _all(bot))


@router.put("/accounts/{account_id}/budget")
async def put(account_id: AccountId, wanted: Wanted, bot: TheBot, caller: Owner) -> shapes.Budgeted:
    """Sets what the model may cost. Holds from the next call on, also when more than that is spent already."""
    if (wanted.day_rub or wanted.month_rub) and not _priced(bot.settings):
        raise Problem(
            409,
            "no_prices",
            "The model's prices are not set, so roubles cannot be counted. Set OPENAI_PRICE_IN_RUB and "
            "OPENAI_PRICE_OUT_RUB, or limit tokens instead.",
        )
    if account_id not in {one.account_id for one in await _all(bot)}:
        raise not_found("account")
    limits, now = _limits(wanted), bot.now()
    await bot.store.write(
        lambda tx: budget_states.set_limits(tx, account_id, limits, caller.subject, now)
    )
    bot.bells.events.ring()
    return shapes.Budgeted(
        budget=next(one for one in await _all(bot) if one.account_id == account_id)
    )


async def _all(bot: Bot) -> list[shapes.Budget]:
    now = bot.now()
    states = await bot.store.read(lambda tx: budget_states.states(tx, now))
    return [_shown(state, bot.settings, now) for state in states]


def _limits(wanted: Wanted) -> Limits:
    return Limits(
        _micro(wanted.day_rub), _micro(wanted.month_rub), wanted.day_tokens, wanted.month_tokens
    )


def _shown(state: State, settings: Settings, now: datetime) -> shapes.Budget:
    ahead, limits = state.forecast(now), state.limits
    return shapes.Budget(
        account_id=state.account_id,
        limits=shapes.Limits(
            day_rub=_rub(limits.day_micro),
            month_rub=_rub(limits.month_micro),
            day_tokens=limits.day_tokens,
            month_tokens=limits.month_tokens,
        ),
        today=_spent(state.day),
        month=_spent(state.month),
        forecast_rub=ahead.micro / 1e6,
        forecast_tokens=ahead.tokens,
        step=state.step(),
        days=[
            shapes.SpentDay(day=one.period, rub=one.micro / 1e6, tokens=one.tokens)
            for one in state.days
        ],
        model=settings.openai_model,
        cheap_model=settings.openai_cheap_model or None,
        priced=_priced(settings),
    )


def _spent(period: Period) -> shapes.Spent:
    return shapes.Spent(
        rub=period.micro / 1e6,
        tokens=period.tokens,
        held_rub=period.held_micro / 1e6,
        held_tokens=period.held_tokens,
        calls=period.calls,
        refused=period.refused,
    )


def _priced(settings: Settings) -> bool:
    return bool(settings.openai_price_in_rub or settings.openai_price_out_rub)


def _micro(rub: float | None) -> int | None:
    return None if rub is None else round(rub * 1e6)


def _rub(micro: int | None) -> float | None:
    return None if micro is None else micro / 1e6
