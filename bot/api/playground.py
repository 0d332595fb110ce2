"""Talking to the assistant as a client would; nothing is sent."""

from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from bot.api import shapes
from bot.api.callers import Manager
from bot.api.deps import INT64, Body, TheBot
from bot.api.problems import Problem, not_found
from bot.assistant.composing import Composed
from bot.assistant.guarding import Guarded
from bot.assistant.prompt import Line
from bot.jobs import rehearsing

router = APIRouter(prefix="/api/avito/playground", tags=["playground"])

Id = Annotated[int, Field(ge=1, le=INT64)]


class Said(Body):
    """One line of the talk so far."""

    by: Literal["client", "seller"]
    text: Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")]


class Rehearsal(Body):
    """A talk about a listing of an account, oldest line first; `version` is tried in the place of the one that holds."""

    account_id: Id
    listing_id: Id | None = None
    version: Id | None = None
    lines: Annotated[list[Said], Field(min_length=1, max_length=100)]


@router.post("")
async def rehearse(wanted: Rehearsal, bot: TheBot, caller: Manager) -> shapes.Rehearsed:
    """What the assistant would answer now, by the same function as in production, with the prompt, cost and time.

    Nothing is sent, and nothing is kept but what it cost.
    """
    if wanted.lines[-1].by != "client":
        raise Problem(
            422, "nothing_asked", "The last line must be the client's: what else to answer?"
        )
    lines = [Line(ours=one.by == "seller", kind="text", text=one.text) for one in wanted.lines]
    try:
        composed = await rehearsing.rehearse(
            bot, wanted.account_id, wanted.listing_id, wanted.version, lines
        )
    except rehearsing.NotThere as missing:
        raise not_found(str(missing)) from None
    return _shown(composed)


def _shown(composed: Composed) -> shapes.Rehearsed:
    draft = composed.draft
    lead = asdict(composed.lead)
    return shapes.Rehearsed(
        reply=draft.reply if draft else None,
        intent=draft.intent if draft else None,
        lead={name: value for name, value in lead.items() if value is not None},
        hand_off=(draft.hand_off_reason or "model_hand_off") if draft and draft.hand_off else None,
        only_draft=composed.only_draft,
        error=composed.error.kind if composed.error else None,
        stopped=_stopped(composed.guarded),
        prompt=[shapes.PromptPart(**_plain(part)) for part in composed.asked],
        prompt_version=composed.prompt_version,
        model=composed.calls[-1].model if composed.calls else None,
        calls=len(composed.calls),
        tokens_in=sum(call.tokens_in for call in composed.calls),
        tokens_out=sum(call.tokens_out for call in composed.calls),
        cost_rub=sum(call.cost_rub for call in composed.calls),
        latency_ms=sum(call.latency_ms for call in composed.calls),
    )


def _stopped(guarded: Guarded) -> list[shapes.Stopped]:
    """What the guard found at first, and what it found once more after mending."""
    return [
        shapes.Stopped(kind=one.kind, text=one.text, reason=one.reason, mended=mended)
        for found, mended in ((guarded.found, guarded.repaired), (guarded.left, False))
        for one in found
    ]


def _plain(part: dict[str, str]) -> dict[str, str]:
    return {"role": part["role"], "content": str(part["content"])}
