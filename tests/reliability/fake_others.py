"""A language model and a CRM in memory, with their faults."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.assistant.answer import Judge
from bot.assistant.paying import Purse
from bot.assistant.writer import Call, Written, as_it_is
from bot.errors import BudgetSpent, CrmBusy, CrmRefused, CrmUnknown, ModelBusy, ModelUnusable
from bot.model import Cost, Draft, LeadFields
from tests.reliability.power import Power
from tests.reliability.weather import Weather

WORST = Cost(100, 1000)
"""What a call costs at most."""

SAME = "Здравствуйте! Да, ещё актуально. Что вас беспокоит?"
"""Most replies are the same to the letter, so that a text alone tells nothing."""


@dataclass
class FakeModel:
    """What was asked, under the name that the draft bears as its model."""

    chance: random.Random
    weather: Weather
    always_the_same: bool = False
    prompts: dict[str, str] = field(default_factory=dict)
    cost: int = 0  # of all calls that anybody made, in millionths of a rouble


class Pen:
    """The port `Writer` of one process."""

    def __init__(self, model: FakeModel, power: Power) -> None:
        self._model = model
        self._power = power

    async def write(
        self,
        messages: Sequence[dict[str, Any]],
        client_said: str,
        purse: Purse,
        judge: Judge = as_it_is,
    ) -> Written:
        """A call costs something between nothing and the worst; a process that dies never says what."""
        model, chance = self._model, self._model.chance
        grant = await purse.reserve([WORST])
        if grant is None:
            return Written(error=BudgetSpent("spent"))
        self._power.point("before asking the model")
        cost = Cost(chance.randrange(WORST.tokens + 1), chance.randrange(WORST.micro + 1))
        model.cost += cost.micro
        written = await self._written(messages)
        await purse.settle(grant, cost)
        return written

    async def _written(self, messages: Sequence[dict[str, Any]]) -> Written:
        model, chance = self._model, self._model.chance
        name = f"fake-{len(model.prompts)}"
        model.prompts[name] = "\n".join(part["content"] for part in messages)
        slow = chance.random() < model.weather.model_slow
        await asyncio.sleep(chance.uniform(5, 60) if slow else chance.uniform(0.3, 3))
        self._power.point("after asking the model")
        if chance.random() < model.weather.model_fails:
            return await self._failed(name)
        lot = 0.5 if model.always_the_same else chance.random()
        hand_off = lot < 0.08
        text = "" if lot < 0.02 else (SAME if lot < 0.8 else _other(len(model.prompts)))
        draft = Draft(
            reply=text,
            intent="question",
            lead=LeadFields(),
            hand_off=hand_off,
            hand_off_reason="asked_for_human" if hand_off else None,
            model=name,
            tokens_in=1,
            tokens_out=1,
            cost_rub=0.0,
            latency_ms=1,
        )
        return Written(draft=draft, calls=[_call(name, "ok")])

    async def _failed(self, name: str) -> Written:
        how = self._model.chance.choice(("busy", "busy", "unusable", "silent"))
        if how == "silent":
            await asyncio.sleep(200)
        error = ModelUnusable("empty") if how == "unusable" else ModelBusy("429")
        return Written(error=error, calls=[_call(name, error.kind)])

    async def close(self) -> None:
        """Nothing to close."""


def _other(number: int) -> str:
    """A text that no other reply has, in words that claim nothing: the guard reads it too."""
    return "Спасибо за вопрос" + "!" * number


def _call(name: str, outcome: str) -> Call:
    return Call(name, outcome, 1, 1, 0.0, 1)


@dataclass
class FakeCrm:
    """Leads by their key."""

    chance: random.Random
    weather: Weather
    leads: dict[str, str] = field(default_factory=dict)


class CrmDoor:
    """The port `Crm` of one process."""

    name = "fake"

    def __init__(self, crm: FakeCrm, power: Power) -> None:
        self._crm = crm
        self._power = power

    async def complete(
        self, crm_lead_id: str, lead: LeadFields, *, key: str, context: Mapping[str, Any]
    ) -> None:
        self._power.point("before the CRM is told more")

    async def create(self, lead: LeadFields, *, key: str, context: Mapping[str, Any]) -> str:
        self._power.point("before the CRM")
        await asyncio.sleep(self._crm.chance.uniform(0.05, 1))
        fails = self._crm.chance.random() < self._crm.weather.crm_fails
        how = self._crm.chance.choice(("busy", "unknown", "taken, no answer", "refused"))
        if not fails or how == "taken, no answer":
            self._crm.leads.setdefault(key, f"lead-{len(self._crm.leads)}")
        self._power.point("after the CRM")
        if not fails:
            return self._crm.leads[key]
        raise {"busy": CrmBusy, "refused": CrmRefused}.get(how, CrmUnknown)(how)
