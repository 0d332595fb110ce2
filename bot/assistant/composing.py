"""One reply, from all that is known to words that may be sent. Production and every rehearsal call this same function.

The way of a reply: the brief is put into words for the model, the model is asked, its answer is read with suspicion.
Whatever stands between the model and the ledger (masking before, checks after) has its place here, so that nothing
can be sent, or shown as what would be sent, that did not pass it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.assistant import briefing, guarding, prompt
from bot.assistant.briefing import Subject
from bot.assistant.guarding import Guarded
from bot.assistant.hiding import Hidden, hide
from bot.assistant.instructions import Used
from bot.assistant.paying import Purse
from bot.assistant.prompt import Line
from bot.assistant.writer import Call, Writer
from bot.errors import ModelError
from bot.model import Draft, PiiMode


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

    def client_said(self) -> str:
        return " ".join(line.text for line in self.lines if line.text and not line.ours)

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
    asked: Sequence[dict[str, str]] = field(default=(), repr=False)
    prompt_version: str = prompt.VERSION
    guarded: Guarded = field(default_factory=Guarded)  # what the guard stopped


async def compose(writer: Writer, brief: Brief, purse: Purse) -> Composed:
    """Writes one reply. Never raises a ModelError: it is in the answer, beside what the calls cost."""
    told = briefing.told(brief.used.instructions, brief.subject, off_hours=brief.off_hours)
    hidden = hide(brief.lines, brief.client) if brief.pii_mode == "redact" else Hidden(brief.lines)
    asked = prompt.build(brief.subject, told, hidden.lines, brief.moment)
    written, guarded = await guarding.write(
        lambda talk: writer.write(talk, brief.client_said(), purse, hidden.reveal),
        asked,
        guarding.judge(brief.subject, brief.used.instructions, brief.lines),
    )
    return Composed(
        written.draft,
        written.error,
        tuple(written.calls),
        written.only_draft,
        asked,
        brief.prompt_version(),
        guarded,
    )
