"""What the model may cost, what it has cost, and what is taken in advance for calls that are under way.

A call's worst cost is *held* before it is asked, in the transaction that checks every limit; its true cost is *settled*
after. Of a call of which nobody ever says what it cost (its process died), all that was held is counted as spent when
its time is over: spending is never less than what was spent.

Days and months are the account's, in its own zone. Whoever takes or puts back holds the rows of the account's day and
month, so that several processes cannot spend the same rouble.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, cast
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, delete, insert, select, tuple_, update

from bot.model import Cost, Grant
from bot.store import journal, notices
from bot.store.tables import account, budget, reservation, spending
from bot.store.upsert import insert_into
from pipeline.events import BudgetLimit, BudgetRefused, BudgetShort, Event

LONGEST_CALL = timedelta(minutes=10)
"""After so much time a call that nobody settled counts as having cost all that it may: far beyond any time-out."""

CHEAPER_FROM, DRAFTS_FROM = 0.8, 0.95
"""Shares of a limit from which the cheaper model writes, and from which a manager looks before anything is sent."""

Step = Literal["full", "cheaper", "drafts", "spent"]
STEPS: tuple[Step, ...] = ("full", "cheaper", "drafts", "spent")

Unit = Literal["micro", "tokens"]
GrantStep = Literal["full", "cheaper", "drafts"]

_STEPS = ("told", "latest")
_NUMBERS = ("micro", "tokens", "held_micro", "held_tokens", "calls", "refused")


@dataclass(frozen=True)
class Limits:
    """None is no limit; `micro` are millionths of a rouble."""

    day_micro: int | None = None
    month_micro: int | None = None
    day_tokens: int | None = None
    month_tokens: int | None = None


@dataclass(frozen=True)
class Want:
    """A call that somebody wants to make: what it may cost at most with each model, the best model first."""

    account_id: int
    offers: Sequence[Cost]
    purpose: str = "reply"
    listing_id: int | None = None
    chat_id: str | None = None


@dataclass
class Period:
    """An account's day or month so far. `told` is the farthest step that was told, `latest` the one of the last call."""

    account_id: int
    period: str
    micro: int = 0
    tokens: int = 0
    held_micro: int = 0
    held_tokens: int = 0
    calls: int = 0
    refused: int = 0
    told: Step = "full"
    latest: Step = "full"


@dataclass
class Books:
    """What one account has and may, while its rows are held."""

    day: Period
    month: Period
    limits: Limits
    news: list[Event] = field(default_factory=list)

    def used(self) -> Iterator[tuple[BudgetLimit, Unit, int, int]]:
        """Of each limit that is set: its name, its unit, what is used of it, and what it is."""
        day, month, most = self.day, self.month, self.limits
        for name, unit, used, limit in (
            ("day_rub", "micro", day.micro + day.held_micro, most.day_micro),
            ("month_rub", "micro", month.micro + month.held_micro, most.month_micro),
            ("day_tokens", "tokens", day.tokens + day.held_tokens, most.day_tokens),
            ("month_tokens", "tokens", month.tokens + month.held_tokens, most.month_tokens),
        ):
            if limit is not None:
                yield cast(BudgetLimit, name), cast(Unit, unit), used, limit

    def broken_by(self, cost: Cost) -> BudgetLimit | None:
        """The first limit that does not hold this cost any more."""
        broken = (
            name for name, unit, used, most in self.used() if used + getattr(cost, unit) > most
        )
        return next(broken, None)

    def share(self) -> tuple[float, BudgetLimit | None]:
        """How much of the tightest limit is used up, and which one that is."""
        shares = [(used / most if most else 1.0, name) for name, _, used, most in self.used()]
        return max(shares, default=(0.0, None), key=lambda one: one[0])


# --- taking in advance ------------------------------------------------------------------------------------------------


def hold(tx: Connection, wants: Sequence[Want], now: datetime) -> list[Grant | None]:
    """Decides about each call in turn, in one transaction; None for those that no limit holds."""
    books = _open(tx, {want.account_id for want in wants}, now)
    held = [_hold_one(books[want.account_id], want) for want in wants]
    rows = [_reservation(one, now) for one in held if one]
    if rows:
        tx.execute(insert(reservation), rows)
    for one in books.values():
        _tell(tx, one, now)
    _keep(tx, (period for one in books.values() for period in (one.day, one.month)))
    return held


def _hold_one(books: Books, want: Want) -> Grant | None:
    share, tightest = books.share()
    fitting = [n for n, cost in enumerate(want.offers) if books.broken_by(cost) is None]
    if not fitting:
        _refuse(books, want, cast(BudgetLimit, books.broken_by(want.offers[-1])))
        return None
    offer = fitting[-1] if share >= CHEAPER_FROM else fitting[0]
    step: GrantStep = "drafts" if share >= DRAFTS_FROM else "cheaper" if offer else "full"
    _step_to(books, want.account_id, step, tightest)
    cost, day, month = want.offers[offer], books.day, books.month
    for period in (day, month):
        period.held_micro += cost.micro
        period.held_tokens += cost.tokens
        period.calls += 1
    return Grant(uuid4().hex, cost, offer, step, want.account_id, day.period, month.period)


def _refuse(books: Books, want: Want, limit: BudgetLimit) -> None:
    books.day.refused += 1
    books.month.refused += 1
    _step_to(books, want.account_id, "spent", limit)
    news = BudgetRefused(
        account_id=want.account_id,
        listing_id=want.listing_id,
        chat_id=want.chat_id,
        purpose=want.purpose,
        limit=limit,
        period=_of(books, limit).period,
    )
    books.news.append(news)


def _step_to(books: Books, account_id: int, step: Step, limit: BudgetLimit | None) -> None:
    """Keeps what is so now, and tells of each step once in each period."""
    books.day.latest = books.month.latest = "full"
    if step == "full" or limit is None:
        return
    period = _of(books, limit)
    period.latest = step
    if STEPS.index(step) > STEPS.index(period.told):
        period.told = step
        books.news.append(
            BudgetShort(account_id=account_id, step=step, limit=limit, period=period.period)
        )


def _of(books: Books, limit: BudgetLimit) -> Period:
    return books.day if limit.startswith("day") else books.month


def _tell(tx: Connection, books: Books, now: datetime) -> None:
    journal.record_all(tx, books.news, at=now)
    for news in books.news:
        if isinstance(news, BudgetShort) and news.step == "spent":
            notices.add(tx, "budget_spent", news.account_id, _in_words(news), now)


def _in_words(news: BudgetShort) -> str:
    span = "Дневной" if news.limit.startswith("day") else "Месячный"
    unit = "в рублях" if news.limit.endswith("rub") else "в токенах"
    return (
        f"{span} бюджет {unit} не вмещает ещё один ответ ({news.period}): дальше отвечает человек"
    )


def _reservation(held: Grant, now: datetime) -> dict[str, Any]:
    return {
        "id": held.id,
        "account_id": held.account_id,
        "day": held.day,
        "month": held.month,
        "micro": held.cost.micro,
        "tokens": held.cost.tokens,
        "expires_at": now + LONGEST_CALL,
    }


# --- settling ---------------------------------------------------------------------------------------------------------


def settle(tx: Connection, done: Sequence[tuple[Grant, Cost | None]]) -> None:
    """What calls really cost; None: nobody knows, so all that was held. Right also after their time was over."""
    ids = [held.id for held, _ in done]
    open_ = set(
        tx.scalars(delete(reservation).where(reservation.c.id.in_(ids)).returning(reservation.c.id))
    )
    changes: dict[tuple[int, str], Period] = {}
    for held, cost in done:
        spent = cost or held.cost
        for key in (held.day, held.month):
            change = changes.setdefault((held.account_id, key), Period(held.account_id, key))
            if held.id in open_:
                _release(change, held.cost)
            else:  # counted as spent already, when its time was over
                change.micro -= held.cost.micro
                change.tokens -= held.cost.tokens
            change.micro += spent.micro
            change.tokens += spent.tokens
    _add(tx, changes.values())


def expire(tx: Connection, now: datetime, limit: int = 1000) -> int:
    """Counts as spent what was held for calls of which nobody ever spoke again; how many that were."""
    late = select(reservation.c.id).where(reservation.c.expires_at <= now).limit(limit)
    rows = list(
        tx.execute(delete(reservation).where(reservation.c.id.in_(late)).returning(reservation))
    )
    changes: dict[tuple[int, str], Period] = {}
    for row in rows:
        for key in (row.day, row.month):
            change = changes.setdefault((row.account_id, key), Period(row.account_id, key))
            _release(change, Cost(row.tokens, row.micro))
            change.micro += row.micro
            change.tokens += row.tokens
    _add(tx, changes.values())
    return len(rows)


def _release(change: Period, cost: Cost) -> None:
    change.held_micro -= cost.micro
    change.held_tokens -= cost.tokens


# --- the rows ---------------------------------------------------------------------------------------------------------


def periods(zone: str, now: datetime) -> tuple[str, str]:
    """The day and the month of a moment, in a zone: 2026-11-24 and 2026-11."""
    here = now.astimezone(ZoneInfo(zone))
    return f"{here:%Y-%m-%d}", f"{here:%Y-%m}"


def _open(tx: Connection, accounts: set[int], now: datetime) -> dict[int, Books]:
    """Holds the rows of these accounts' day and month until the transaction ends."""
    asked = (
        select(account.c.id, account.c.zone, budget)
        .outerjoin(budget, budget.c.account_id == account.c.id)
        .where(account.c.id.in_(accounts))
    )
    rows = list(tx.execute(asked))
    keys = {row.id: periods(row.zone, now) for row in rows}
    wanted = [(id_, period) for id_, pair in keys.items() for period in pair]
    found = _locked(tx, wanted)
    if missing := [key for key in wanted if key not in found]:
        fresh = insert_into(tx, spending).values(
            [{"account_id": id_, "period": period} for id_, period in sorted(missing)]
        )
        tx.execute(fresh.on_conflict_do_nothing())
        found = _locked(tx, wanted)
    return {
        row.id: Books(
            found[row.id, keys[row.id][0]], found[row.id, keys[row.id][1]], limits_of(row)
        )
        for row in rows
    }


def _locked(tx: Connection, keys: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Period]:
    rows = tx.execute(
        select(spending)
        .where(tuple_(spending.c.account_id, spending.c.period).in_(keys))
        .order_by(spending.c.account_id, spending.c.period)
        .with_for_update()
    )
    return {(row.account_id, row.period): Period(**row._mapping) for row in rows}


def _keep(tx: Connection, changed: Iterable[Period]) -> None:
    """Writes rows that this transaction holds."""
    for row in changed:
        tx.execute(
            update(spending)
            .where(spending.c.account_id == row.account_id, spending.c.period == row.period)
            .values({name: getattr(row, name) for name in (*_NUMBERS, *_STEPS)})
        )


def _add(tx: Connection, changes: Iterable[Period]) -> None:
    """Adds to rows that this transaction does not hold yet, always in the same order."""
    for change in sorted(changes, key=lambda one: (one.account_id, one.period)):
        tx.execute(
            update(spending)
            .where(spending.c.account_id == change.account_id, spending.c.period == change.period)
            .values({name: spending.c[name] + getattr(change, name) for name in _NUMBERS})
        )


def limits_of(row: Row[Any] | None) -> Limits:
    if row is None:
        return Limits()
    return Limits(row.day_micro, row.month_micro, row.day_tokens, row.month_tokens)
