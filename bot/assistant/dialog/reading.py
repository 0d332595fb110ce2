"""A whole dialog read: what a lead needs, and what became of the talk."""

from dataclasses import dataclass

from bot.assistant.dialog import agreement, contact, days, extent, pests, premises, topics, wishes
from bot.assistant.dialog.language import language
from bot.assistant.dialog.sums import Offer, offers
from bot.assistant.dialog.talk import Talk
from bot.model import LeadFields


@dataclass(frozen=True)
class Reading:
    """What code alone makes of a dialog. `outcome` is `lead`, `no_lead`, `lost` or `spam`."""

    topic: list[str]
    wants_human: bool
    outcome: str
    lead: LeadFields
    offers: list[Offer]
    final_price: int | None
    language: str

    @property
    def lead_ready(self) -> bool:
        return self.outcome == "lead"


def read(talk: Talk) -> Reading:
    """Deterministic: the same dialog gives the same reading."""
    made = offers(talk)
    phone = contact.phone_to_call(talk)
    agreed = agreement.final_price(talk, made)
    became = agreement.outcome(talk, phone, agreed)
    if became == "spam":
        made, phone = [], None
    return Reading(
        topic=topics.topics(talk, made),
        wants_human=became != "spam" and wishes.wants_human(talk),
        outcome=became,
        lead=LeadFields() if became == "spam" else _lead(talk, phone, became),
        offers=made,
        final_price=None if became == "spam" else agreed,
        language=language(talk),
    )


def _lead(talk: Talk, phone: str | None, became: str) -> LeadFields:
    where = contact.address(talk)
    pest = pests.pest(talk, becomes_lead=became == "lead")
    about_pests = pests.is_about_pests(talk)
    return LeadFields(
        name=contact.name(talk),
        phone=phone,
        pestType=pest,
        objectType=premises.object_type(talk, where) if about_pests else None,
        rooms=premises.rooms(talk) if about_pests else None,
        infestation=extent.infestation(talk) if about_pests else None,
        previousTreatment=extent.previous_treatment(talk) if about_pests else None,
        address=where,
        expectedDate=days.expected_date(talk),
        clientComment=None,
    )
