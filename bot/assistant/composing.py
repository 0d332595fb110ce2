"""One reply, from all that is known to words that may be sent. Production and every rehearsal call this same function.

The way of a reply: the brief is put into words for the model, the model is asked, its answer is read with suspicion.
Whatever stands between the model and the ledger (masking before, checks after) has its place here, so that nothing
can be sent, or shown as what would be sent, that did not pass it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.assistant import asking, briefing, guarding, haggling, prompt
from bot.assistant.answer import Answer
from bot.assistant.briefing import Subject
from bot.assistant.dialog.agreement import final_price
from bot.assistant.dialog.lead import agreed
from bot.assistant.dialog.reading import Reading, read
from bot.assistant.dialog.sums import Offer, offers
from bot.assistant.dialog.talk import Said, Talk
from bot.assistant.guarding import Guarded
from bot.assistant.haggling import Policy, Stance
from bot.assistant.hiding import Hidden, hide
from bot.assistant.instructions import Instructions, Used
from bot.assistant.paying import Purse
from bot.assistant.policy import READABLE
from bot.assistant.prompt import Line
from bot.assistant.stepping_aside import insisted
from bot.assistant.writer import Call, Writer
from bot.errors import ModelError
from bot.model import Draft, LeadFields, PiiMode
from bot.settings import Settings


@dataclass(frozen=True)
class Brief:
    """Everything that the assistant may know when it writes.

    `moment` is in the account's zone; `off_hours` says that the seller is closed then.
    """

    subject: Subject
    lines: Sequence[Line]
    moment: datetime
    used: Used = field(default_factory=Used)
    off_hours: bool = False
    client: str | None = None  # as the client is called at Avito; never shown to the model
    pii_mode: PiiMode = "redact"
    haggling: Policy | None = None
    sees_pictures: bool = False

    def by(self, settings: Settings) -> "Brief":
        """The brief as this machine's settings would have it: whoever composes calls this, so that no two differ."""
        sees = settings.openai_vision == "on"
        return replace(self, pii_mode=settings.llm_pii_mode, sees_pictures=sees)

    def client_said(self) -> str:
        return " ".join(line.text for line in self.lines if line.text and not line.ours)

    def talk(self) -> Talk:
        """The dialog for the readers that need no model; a line without a moment was said now."""
        said = [
            Said("seller" if line.ours else "client", line.text, line.at or self.moment)
            for line in self.lines
            if line.text and line.kind in READABLE
        ]
        price = re.sub(r"\D", "", self.subject.price or "")
        about = self.used.instructions.about
        return Talk(said, self.subject.title or "", int(price) if price else None, about)

    def reading(self) -> Reading:
        """What code alone makes of the dialog."""
        return read(self.talk())

    def stance(self, reading: Reading, price: int | None) -> Stance | None:
        """What sum may be named now; None where the seller set no rule for haggling."""
        if self.haggling is None or price is None:
            return None
        return haggling.stance(self.haggling, price, reading.offers)

    def facts(self, now: Stance | None) -> Instructions:
        """What the guard takes for true: the seller's instructions, and the sum of the present step."""
        said = self.used.instructions
        return replace(said, discounts=(*said.discounts, *haggling.fact(now)))

    def needs(self, talk: Talk) -> tuple[str, ...]:
        """The fields that make a lead here, in the order to ask for them."""
        return asking.needed(talk, self.used.instructions.lead_needs)

    def prompt_version(self) -> str:
        """The words of ours and of the seller that a reply is made with, by name: `base-1234abcd/i17`."""
        return "/".join(filter(None, (prompt.VERSION, self.used.version)))


@dataclass(frozen=True)
class Composed:
    """What came of a brief: a draft or the error, the calls that it took, and what the model was shown.

    `prompt_version` names what was used, not what should have been.
    """

    draft: Draft | None = None
    error: ModelError | None = None
    calls: Sequence[Call] = ()
    only_draft: bool = False  # the budget is nearly spent: a manager should look before it is sent
    asked: Sequence[dict[str, Any]] = field(default=(), repr=False)
    prompt_version: str = prompt.VERSION
    guarded: Guarded = field(default_factory=Guarded)  # what the guard stopped
    lead: LeadFields = field(default_factory=LeadFields)  # what is known, with a draft or without
    lead_needs: Sequence[str] = ()  # by the seller's rule, beside the phone
    offers: Sequence[Offer] = ()  # the dialog's, with what the draft offers
    agreed: int | None = None  # roubles that both agreed to


async def compose(writer: Writer, brief: Brief, purse: Purse) -> Composed:
    """Writes one reply. Never raises a ModelError: it is in the answer, beside what the calls cost."""
    told = briefing.told(brief.used.instructions, brief.subject, off_hours=brief.off_hours)
    hidden = hide(brief.lines, brief.client) if brief.pii_mode == "redact" else Hidden(brief.lines)
    talk = brief.talk()
    reading = read(talk)
    wanted = asking.next_field(reading.lead, brief.needs(talk), talk)
    now = brief.stance(reading, talk.price)
    asks = asking.told(reading.lead, wanted) + haggling.told(now)
    asked = prompt.build(
        brief.subject, told, hidden.lines, brief.moment, asks, sees=brief.sees_pictures
    )

    def put_right(answer: Answer) -> Answer:
        real = hidden.reveal(answer)
        return replace(real, reply=haggling.held(real.reply, now, told))

    written, guarded = await guarding.write(
        lambda talk: writer.write(talk, brief.client_said(), purse, put_right),
        asked,
        guarding.judge(brief.subject, brief.facts(now), brief.lines),
    )
    draft = written.draft
    lead = agreed(reading, draft.lead if draft else LeadFields(), talk)
    if draft:
        draft = replace(draft, lead=lead, reply=asking.without_known(draft.reply, lead))
        words = briefing.words("hand_off", brief.used.instructions, brief.subject)
        draft = insisted(draft, brief.lines, words)
    return Composed(
        draft,
        written.error,
        tuple(written.calls),
        written.only_draft,
        asked,
        brief.prompt_version(),
        guarded,
        lead,
        brief.used.instructions.lead_needs,
        *_dealing(talk, reading, draft.reply if draft else "", brief.moment),
    )


def _dealing(
    talk: Talk, reading: Reading, reply: str, now: datetime
) -> tuple[Sequence[Offer], int | None]:
    """The dialog's offers and the agreed sum, the reply included."""
    if not any(sign.isdigit() for sign in reply) or reading.outcome == "spam":
        return reading.offers, reading.final_price
    whole = replace(talk, said=[*talk.said, Said("seller", reply, now)])
    made = offers(whole)
    return made, final_price(whole, made)
