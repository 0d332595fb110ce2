"""The made-up sellers: accounts, listings, prompts, and what is true about their clients."""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

MODEL = "gpt-5-mini"
RUB_PER_TOKEN_IN, RUB_PER_TOKEN_OUT = 0.000025, 0.0002
PROMPTS = ("p1", "p2", "p3")
"""Versions of the prompt in the order of their use; the second is the bad one."""


@dataclass(frozen=True)
class Account:
    """A seller's account. `hours` are local hours in which the assistant may answer."""

    id: int
    name: str
    zone: str
    weight: float
    hours: tuple[int, int] = (0, 24)

    def local(self, moment: datetime) -> datetime:
        """The moment on the seller's clock."""
        return moment.astimezone(ZoneInfo(self.zone))


@dataclass(frozen=True)
class ListingTruth:
    """A listing: `price` before the change, `later_price` after it; `weight` is its share of the
    account's clients. The assistant answers for it always, never, or from the switch on."""

    id: int
    account: Account
    title: str
    trade: str
    price: int
    weight: float
    assistant: str = "always"
    later_price: int | None = None


_MOSCOW = Account(90010001, "ДезЛаб Москва", "Europe/Moscow", 0.5)
_URAL = Account(90010002, "Чистый дом Екатеринбург", "Asia/Yekaterinburg", 0.25, hours=(8, 23))
_AMBER = Account(90010003, "Янтарь-Дез Калининград", "Europe/Kaliningrad", 0.15)
_EAST = Account(90010004, "Прокат Владивосток", "Asia/Vladivostok", 0.1)
ACCOUNTS = (_MOSCOW, _URAL, _AMBER, _EAST)

LISTINGS = (
    ListingTruth(
        3100000101, _MOSCOW, "Уничтожение клопов с гарантией", "pests", 2500, 5, later_price=3500
    ),
    ListingTruth(3100000102, _MOSCOW, "Обработка от тараканов", "pests", 2200, 4, "from_switch"),
    ListingTruth(3100000103, _MOSCOW, "Дератизация: мыши и крысы", "pests", 3900, 2),
    ListingTruth(3100000104, _MOSCOW, "Обработка участка от клещей", "pests", 4500, 2, "never"),
    ListingTruth(3100000201, _URAL, "СЭС: клопы, тараканы, муравьи", "pests", 2300, 4),
    ListingTruth(3100000202, _URAL, "Уничтожение ос и шершней", "pests", 3000, 1),
    ListingTruth(3100000203, _URAL, "Дезинфекция помещений", "pests", 5200, 1, "never"),
    ListingTruth(3100000301, _AMBER, "Дезинсекция квартир и домов", "pests", 2700, 3),
    ListingTruth(3100000302, _AMBER, "Обработка от плесени", "pests", 4800, 1),
    ListingTruth(3100000401, _EAST, "Аренда перфоратора", "rental", 900, 3),
    ListingTruth(3100000402, _EAST, "Аренда шлифмашины и пылесоса", "rental", 1400, 2),
    ListingTruth(3100000403, _EAST, "Прокат тепловой пушки", "rental", 1100, 1, "never"),
)


@dataclass(frozen=True)
class Effects:
    """How likely a lead is: a logistic law over the wait for the first answer, the price and the
    prompt.

    log-odds = base + per_ln_minute * ln(1 + minutes waited) + per_1000_rub * (price - 2500) / 1000
             + bad_prompt (in the bad week, when the assistant answered). A dialog that nobody
             answers makes no lead.
    """

    base: float = -0.55
    per_ln_minute: float = -0.38
    per_1000_rub: float = -0.25
    bad_prompt: float = -1.0
    hand_off: float = 0.06
    hand_off_bad_prompt: float = 0.28

    def lead_probability(self, wait: timedelta | None, price: int, bad_prompt: bool) -> float:
        """The chance that this dialog becomes a lead; `wait` is None when nobody answers."""
        if wait is None:
            return 0.0
        odds = self.base + self.per_ln_minute * math.log1p(wait.total_seconds() / 60)
        odds += self.per_1000_rub * (price - 2500) / 1000 + self.bad_prompt * bad_prompt
        return 1 / (1 + math.exp(-odds))


@dataclass(frozen=True)
class Chances:
    """How often things happen that have nothing to do with the effects."""

    webhook_lost: float = 0.008
    nobody_answers: float = 0.12
    person_seconds: float = 900.0
    person_spread: float = 1.2
    """A person answers after a log-normal time by day, and in the morning what came at night."""
    model_fails: float = 0.005
    budget_spent: float = 0.003
    stale_draft: float = 0.06
    refused: float = 0.01
    doubted: float = 0.005
    comes_back: float = 0.12


@dataclass(frozen=True)
class World:
    """The frame of one sample: when it plays, and when its planted changes happen."""

    start: datetime
    days: int
    dialogs_a_day: float
    effects: Effects = field(default_factory=Effects)
    chances: Chances = field(default_factory=Chances)

    @property
    def end(self) -> datetime:
        return self.start + timedelta(days=self.days)

    @property
    def bad_week(self) -> tuple[datetime, datetime]:
        """When the bad prompt was in use: a week from the middle on, a quarter of the time in a
        short sample."""
        begin = self.start + timedelta(days=self.days * 0.5)
        return begin, begin + timedelta(days=min(7.0, self.days / 4))

    @property
    def outage(self) -> tuple[datetime, datetime]:
        """When Avito's webhooks did not come: one day, at a fifth of the time."""
        begin = self.start + timedelta(days=int(self.days * 0.2))
        return begin, begin + timedelta(days=1)

    @property
    def switch_on(self) -> datetime:
        """When the assistant was switched on for the listings that had been a person's."""
        return self.start + timedelta(days=self.days * 0.3)

    @property
    def price_change(self) -> datetime:
        return self.start + timedelta(days=self.days * 0.6)

    def prompt(self, moment: datetime) -> str:
        begin, end = self.bad_week
        return PROMPTS[0 if moment < begin else 1 if moment < end else 2]

    def price(self, listing: ListingTruth, moment: datetime) -> int:
        changed = listing.later_price is not None and moment >= self.price_change
        return listing.later_price if changed and listing.later_price else listing.price

    def answers_for(self, listing: ListingTruth, moment: datetime) -> bool:
        """The assistant is switched on for the listing."""
        return listing.assistant == "always" or (
            listing.assistant == "from_switch" and moment >= self.switch_on
        )

    def no_webhooks(self, moment: datetime) -> bool:
        begin, end = self.outage
        return begin <= moment < end
