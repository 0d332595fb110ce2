"""Promises of the lead ledger: one lead a dialog, told more when more is known, and an old client recognised."""

from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.crm.dezexpert import DezExpert, DezExpertConfig
from bot.jobs.hearing import Hearing
from bot.jobs.lead_delivery import LeadDelivery
from bot.model import LeadFields
from bot.store import leads
from bot.store.tables import chat
from tests.bot.town import SANDBOX, Town, call

PHONE = "+79163302714"


async def chat_with(town: Town, chat_id: str) -> None:
    """A chat in which a client wrote."""
    await town.connect()
    answer = await town.api.post(town.hook_path(), json=call(f"m-{chat_id}", chat_id=chat_id))
    assert 200 == answer.status_code
    await town.bot.store.write(Hearing(town.bot).take_in)


async def note(town: Town, chat_id: str, needs: tuple[str, ...] = (), **fields: Any) -> str:
    """What a turn of the assistant keeps of a client's words."""

    def noting(tx: Connection) -> str | None:
        where = tx.execute(select(chat).where(chat.c.id == chat_id)).one()
        return leads.note(tx, where, LeadFields(**fields), "dezexpert", town.time.now(), needs)

    found = await town.bot.store.write(noting)
    assert found is not None
    return found


async def deliver(town: Town, path: str = "/api/v1/leads") -> None:
    """The worker's round, with the sandbox's CRM at the other end."""
    crm = DezExpert(DezExpertConfig(f"{SANDBOX}/crm", "sandbox-crm-key", path), town.sandbox)
    await LeadDelivery(town.bot, crm).deliver()


async def shown(town: Town, lead_id: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = (await town.get("/api/avito/leads"))["data"]
    return next(row for row in rows if row["id"] == lead_id)


async def test_a_sent_lead_is_completed_and_not_doubled(town: Town) -> None:
    """What the client says later reaches the CRM under the same id; there is one lead there."""
    await chat_with(town, "u2i-a")
    lead_id = await note(town, "u2i-a", phone=PHONE)
    await deliver(town)

    await note(town, "u2i-a", phone=PHONE, address="ул. Мира 5 кв 3", rooms=2)
    await deliver(town)

    [at_crm] = (await town.outside())["leads"]
    assert ("ул. Мира 5 кв 3", 2) == (at_crm["body"]["address"], at_crm["body"]["rooms"])
    lead = await shown(town, lead_id)
    assert ("sent", at_crm["id"], None) == (
        lead["state"],
        lead["crm_lead_id"],
        lead["next_attempt_at"],
    )


async def test_what_is_said_while_a_lead_is_on_its_way_is_not_lost(town: Town) -> None:
    """The CRM took the lead as it was; the rest follows."""
    await chat_with(town, "u2i-a")
    await note(town, "u2i-a", phone=PHONE)
    [taken] = await town.bot.store.write(lambda tx: leads.claim(tx, town.time.now(), 8))

    await note(town, "u2i-a", phone=PHONE, name="Анна")
    await town.bot.store.write(lambda tx: leads.sent(tx, taken, "crm-1", town.time.now()))

    due = await town.bot.store.read(leads.next_due)
    assert due is not None
    assert due <= town.time.now()


@pytest.mark.parametrize("trouble", ["not there", "no id"])
async def test_a_crm_that_takes_no_additions_keeps_what_it_has(village: Town, trouble: str) -> None:
    """The lead stays sent, its history says that the addition was not taken, and nobody asks for ever."""
    await chat_with(village, "u2i-a")
    lead_id = await note(village, "u2i-a", phone=PHONE)
    [taken] = await village.bot.store.write(lambda tx: leads.claim(tx, village.time.now(), 8))
    crm_id = "unknown" if trouble == "no id" else "gone"
    await village.bot.store.write(lambda tx: leads.sent(tx, taken, crm_id, village.time.now()))

    await note(village, "u2i-a", phone=PHONE, name="Анна")
    await deliver(village)

    lead = await shown(village, lead_id)
    assert ("sent", None, "Анна") == (
        lead["state"],
        lead["next_attempt_at"],
        lead["fields"]["name"],
    )
    assert [] == (await village.outside())["leads"]
    told = [step for step in lead["history"] if "not completed" in (step["detail"] or "")]
    assert len(told) == (trouble == "not there")


async def test_a_client_who_comes_back_is_recognised(town: Town) -> None:
    """By the phone, in whatever chat: the new lead names the old one, to people and to the CRM."""
    await chat_with(town, "u2i-a")
    first = await note(town, "u2i-a", phone=PHONE)
    answer = await town.api.post(
        town.hook_path(), json=call("m-2", chat_id="u2i-b", created=1760000600)
    )
    assert 200 == answer.status_code
    await town.bot.store.write(Hearing(town.bot).take_in)

    second = await note(town, "u2i-b", phone=PHONE)
    await deliver(town)

    assert first == (await shown(town, second))["earlier_lead_id"]
    assert (await shown(town, first))["earlier_lead_id"] is None
    comments = [lead["body"].get("clientComment") or "" for lead in (await town.outside())["leads"]]
    assert [True] == [first in text for text in comments if first in text]


async def test_a_lead_that_lacks_what_the_seller_needs_waits_for_it(town: Town) -> None:
    """A phone alone does not go to the CRM when the rule wants an address; with the address it goes at once."""
    await chat_with(town, "u2i-a")
    lead_id = await note(town, "u2i-a", ("address",), phone=PHONE)
    await deliver(town)
    waiting = await shown(town, lead_id)

    await note(town, "u2i-a", ("address",), phone=PHONE, address="ул. Мира 5 кв 3")
    await deliver(town)

    assert ("new", 0) == (waiting["state"], waiting["attempts"])
    [at_crm] = (await town.outside())["leads"]
    assert "ул. Мира 5 кв 3" == at_crm["body"]["address"]
    assert "sent" == (await shown(town, lead_id))["state"]


async def test_a_client_with_a_phone_is_not_lost_for_want_of_an_address(town: Town) -> None:
    """A quarter of an hour later the CRM has what is known."""
    await chat_with(town, "u2i-a")
    await note(town, "u2i-a", ("address",), phone=PHONE)

    town.time.advance(minutes=16)
    await deliver(town)

    assert [PHONE] == [lead["body"]["phone"] for lead in (await town.outside())["leads"]]
