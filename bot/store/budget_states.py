"""Budgets as people set them and look at them: limits, what is spent, and where the month is going."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, select, update

from bot.model import Cost
from bot.store import journal
from bot.store.budgets import STEPS, Limits, Period, Step, limits_of, periods
from bot.store.tables import account, budget, spending
from bot.store.upsert import insert_into
from pipeline.events import BudgetSet

DAYS = 31


def set_limits(tx: Connection, account_id: int, limits: Limits, actor: str, now: datetime) -> None:
    """Sets what the model may cost in an account. What was told of the present day and month is told anew."""
    row = {"account_id": account_id, "set_by": actor, "set_at": now, **asdict(limits)}
    put = insert_into(tx, budget).values(row)
    tx.execute(put.on_conflict_do_update(index_elements=["account_id"], set_=row))
    tx.execute(
        update(spending)
        .where(spending.c.account_id == account_id)
        .values(told="full", latest="full")
    )
    news = BudgetSet(
        account_id=account_id,
        day_rub=_rub(limits.day_micro),
        month_rub=_rub(limits.month_micro),
        day_tokens=limits.day_tokens,
        month_tokens=limits.month_tokens,
        actor=actor,
    )
    journal.record(tx, news, at=now)


def _rub(micro: int | None) -> float | None:
    return None if micro is None else micro / 1e6


@dataclass(frozen=True)
class State:
    """What an account may spend, what it has spent, and the days of the last weeks, oldest first."""

    account_id: int
    zone: str
    limits: Limits
    day: Period
    month: Period
    days: Sequence[Period]

    def step(self) -> Step:
        """What the assistant could do at the last call: full, cheaper, drafts or spent."""
        return max(self.day.latest, self.month.latest, key=STEPS.index)

    def forecast(self, now: datetime) -> Cost:
        """The month's cost if the days to come are like the last seven that are over; those before the first do not count."""
        today = self.day.period
        over = [one for one in self.days if one.period < today][-7:]
        here = now.astimezone(ZoneInfo(self.zone))
        left = monthrange(here.year, here.month)[1] - here.day

        def ahead(so_far: int, spent_today: int, before: Sequence[int]) -> int:
            usual = sum(before) // len(before) if before else 0
            return so_far + max(usual - spent_today, 0) + usual * left

        return Cost(
            tokens=ahead(self.month.tokens, self.day.tokens, [one.tokens for one in over]),
            micro=ahead(self.month.micro, self.day.micro, [one.micro for one in over]),
        )


def states(tx: Connection, now: datetime) -> list[State]:
    """Every account that was not removed, the first connected first."""
    asked = (
        select(account.c.id, account.c.zone, budget)
        .outerjoin(budget, budget.c.account_id == account.c.id)
        .where(account.c.state != "removed")
        .order_by(account.c.connected_at, account.c.id)
    )
    rows = list(tx.execute(asked))
    since = f"{now - timedelta(days=DAYS + 1):%Y-%m-%d}"[:7]
    spent: dict[int, dict[str, Period]] = defaultdict(dict)
    for row in tx.execute(
        select(spending)
        .where(spending.c.account_id.in_([one.id for one in rows]), spending.c.period >= since)
        .order_by(spending.c.period)
    ):
        spent[row.account_id][row.period] = Period(**row._mapping)
    return [_state(row, spent[row.id], now) for row in rows]


def _state(row: Row[Any], spent: dict[str, Period], now: datetime) -> State:
    day, month = periods(row.zone, now)
    here = now.astimezone(ZoneInfo(row.zone)).date()
    names = [f"{here - timedelta(days=ago):%Y-%m-%d}" for ago in reversed(range(DAYS))]
    first = min((name for name in spent if len(name) == len(day)), default=day)
    return State(
        row.id,
        row.zone,
        limits_of(row),
        spent.get(day, Period(row.id, day)),
        spent.get(month, Period(row.id, month)),
        [spent.get(name, Period(row.id, name)) for name in names if name >= first],
    )
