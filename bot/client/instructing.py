"""What the seller tells the assistant, in versions, and what it would say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.client.calling import Caller
from bot.client.reading import read, rows


@dataclass(frozen=True)
class InstructionsSummary:
    no: int
    made_by: str
    made_at: datetime
    note: str = ""
    based_on: int | None = None


@dataclass(frozen=True)
class InstructionsVersion:
    """One version. `instructions` is as it was written: see the API's description of itself."""

    no: int
    account_id: int
    made_by: str
    made_at: datetime
    listing_id: int | None = None
    note: str = ""
    based_on: int | None = None
    instructions: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Publication:
    version: int
    at: datetime
    by: str
    rolled_back: bool = False


@dataclass(frozen=True)
class OwnInstructions:
    listing_id: int
    title: str


@dataclass(frozen=True)
class InstructionsHistory:
    """Newest first; `published` holds. `listings` are those of the account that have versions of their own."""

    account_id: int
    listing_id: int | None = None
    published: InstructionsVersion | None = None
    versions: tuple[InstructionsSummary, ...] = ()
    publications: tuple[Publication, ...] = ()
    listings: tuple[OwnInstructions, ...] = ()


@dataclass(frozen=True)
class InstructionsChange:
    """Lines that went and came in one field, such as `prices` or `templates.greeting`."""

    field: str
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


@dataclass(frozen=True)
class InstructionsCompared:
    version: InstructionsVersion
    against: int | None = None
    changes: tuple[InstructionsChange, ...] = ()


@dataclass(frozen=True)
class InstructionsFault:
    """`code` is a short stable word, `problem` is for people, `what` the part that it is about."""

    field: str
    code: str
    problem: str = ""
    what: str = ""


@dataclass(frozen=True)
class InstructionsPreview:
    """`told` is what the assistant would read."""

    faults: tuple[InstructionsFault, ...] = ()
    changes: tuple[InstructionsChange, ...] = ()
    told: str = ""


@dataclass(frozen=True)
class StartingSet:
    """Instructions to begin with in a niche, and examples for what only the seller knows."""

    code: str
    title: str
    instructions: Mapping[str, Any] = field(default_factory=dict)
    examples: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PromptPart:
    role: str
    content: str


@dataclass(frozen=True)
class Stopped:
    """Words that the guard stopped, and why, in Russian; `mended` if the reply shown has them no more."""

    kind: str
    text: str
    reason: str
    mended: bool


@dataclass(frozen=True)
class Rehearsed:
    """What the assistant would say; `error` is the kind of trouble when it would say nothing."""

    prompt_version: str
    reply: str | None = None
    intent: str | None = None
    lead: Mapping[str, Any] = field(default_factory=dict)
    hand_off: str | None = None
    only_draft: bool = False
    error: str | None = None
    stopped: tuple[Stopped, ...] = ()
    prompt: tuple[PromptPart, ...] = ()
    model: str | None = None
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost_rub: float = 0.0
    latency_ms: int = 0


class InstructionCalls(Caller):
    """Versions of the instructions, and the playground."""

    def instructions(self, account_id: int, listing_id: int | None = None) -> InstructionsHistory:
        """Versions of an account's instructions, or of what differs for one listing."""
        asked = {"account_id": account_id, "listing_id": listing_id}
        return read(InstructionsHistory, self._get("/api/avito/instructions", asked))

    def instructions_version(self, no: int, *, against: int | None = None) -> InstructionsCompared:
        """One version, and what it changed against the one that held when it was written, or another."""
        answer = self._get(f"/api/avito/instructions/{no}", {"against": against})
        return read(InstructionsCompared, answer)

    def starting_sets(self) -> tuple[StartingSet, ...]:
        return rows(StartingSet, self._get("/api/avito/instructions/starting-sets"))

    def preview_instructions(
        self, account_id: int, instructions: Mapping[str, Any], *, listing_id: int | None = None
    ) -> InstructionsPreview:
        """Keeps nothing: what is wrong, what would change, what the assistant would read."""
        body = _instructions(account_id, listing_id, instructions)
        answer = self._call("POST", "/api/avito/instructions/preview", json=body)
        return read(InstructionsPreview, answer)

    def save_instructions(
        self,
        account_id: int,
        instructions: Mapping[str, Any],
        *,
        listing_id: int | None = None,
        note: str = "",
    ) -> InstructionsVersion:
        """A version that can be tried but does not hold yet."""
        body = _instructions(account_id, listing_id, instructions) | {"note": note}
        answer = self._call("POST", "/api/avito/instructions", json=body)
        return read(InstructionsVersion, answer["version"])

    def publish_instructions(self, no: int, *, replaces: int | None = None) -> bool:
        """From now on this version holds; False if it did already. `replaces`: only if that one (0: none) holds now."""
        body = {} if replaces is None else {"replaces": replaces}
        answer = self._call("POST", f"/api/avito/instructions/{no}/publish", json=body)
        return bool(answer["changed"])

    def rehearse(
        self,
        account_id: int,
        lines: Sequence[tuple[str, str]],
        *,
        listing_id: int | None = None,
        version: int | None = None,
    ) -> Rehearsed:
        """What the assistant would answer to a made-up talk; `lines` are (`client` or `seller`, text). Nothing is sent."""
        body = {
            "account_id": account_id,
            "listing_id": listing_id,
            "version": version,
            "lines": [{"by": by, "text": text} for by, text in lines],
        }
        answer = self._call("POST", "/api/avito/playground", json=body, timeout=240)
        return read(Rehearsed, answer)


def _instructions(
    account_id: int, listing_id: int | None, said: Mapping[str, Any]
) -> dict[str, Any]:
    return {"account_id": account_id, "listing_id": listing_id, "instructions": dict(said)}
