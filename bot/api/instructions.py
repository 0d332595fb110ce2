"""What the seller tells the assistant, in versions: written, compared, published, and taken back to."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field
from sqlalchemy import Connection, Row

from bot.api import shapes
from bot.api.callers import Manager, Owner, Viewer
from bot.api.deps import INT64, AskedId, Body, TheBot
from bot.api.problems import Problem, not_found
from bot.assistant import briefing
from bot.assistant.checking import Fault, faults
from bot.assistant.instructions import NONE, Instructions, changes, from_json
from bot.assistant.starting_sets import all_sets
from bot.jobs import briefs, instructing
from bot.store import accounts, instructions, listings

router = APIRouter(prefix="/api/avito/instructions", tags=["instructions"])

Version = Annotated[int, Path(ge=1, le=INT64, description="The number of a version")]
Id = Annotated[int, Field(ge=1, le=INT64)]
Line = Annotated[str, Field(max_length=2000)]
Lines = Annotated[list[Line], Field(default_factory=list, max_length=200)]
Text = Annotated[str, Field(max_length=8000)]


class Templates(Body):
    greeting: Text = ""
    price: Text = ""
    address: Text = ""
    hand_off: Text = ""
    off_hours: Text = ""
    follow_up: Text = ""
    follow_up_again: Text = ""


class QuickReply(Body):
    title: Text
    text: Text


class Written(Body):
    """What to tell the assistant. What is left out is empty: nothing is said about it."""

    tone: Text = ""
    about: Text = ""
    prices: Lines
    discounts: Lines
    areas: Text = ""
    address: Text = ""
    phone: Text = ""
    hours: Text = ""
    guarantee: Text = ""
    stock: Text = ""
    delivery: Text = ""
    payment: Text = ""
    ask: Lines
    never: Lines
    lead_needs: Lines
    templates: Templates = Templates()
    quick_replies: Annotated[list[QuickReply], Field(default_factory=list, max_length=200)]


class Wanted(Body):
    """A version of an account's instructions, or of what differs for one of its listings. `note` says why."""

    account_id: Id
    listing_id: Id | None = None
    instructions: Written
    note: Annotated[str, Field(max_length=300, pattern=r"^[^\x00]*$")] = ""


class Publish(Body):
    """`replaces` is the version that the caller saw in force (0 for none): if it is another by now, nothing happens."""

    replaces: Annotated[int, Field(ge=0, le=INT64)] | None = None


@router.get("")
async def listed(
    bot: TheBot,
    caller: Viewer,
    account_id: Annotated[int, Query(ge=1, le=INT64)],
    listing_id: AskedId = None,
) -> shapes.InstructionsHistory:
    """The versions of an account, or of one listing, newest first; which one holds, and when each was published."""

    def reading(tx: Connection) -> shapes.InstructionsHistory:
        _must_exist(tx, account_id, listing_id)
        holds = instructions.published(tx, account_id, listing_id)
        return shapes.InstructionsHistory(
            account_id=account_id,
            listing_id=listing_id,
            published=_version(holds) if holds else None,
            versions=[_summary(row) for row in instructions.versions(tx, account_id, listing_id)],
            publications=[
                shapes.Publication(
                    version=row.instructions_no, at=row.at, by=row.by, rolled_back=row.rolled_back
                )
                for row in instructions.publications(tx, account_id, listing_id)
            ],
            listings=[
                shapes.OwnInstructions(listing_id=row.id, title=row.title)
                for row in instructions.own_listings(tx, account_id)
            ],
        )

    return await bot.store.read(reading)


@router.get("/starting-sets")
async def starting_sets(caller: Viewer) -> shapes.StartingSets:
    """Instructions to begin with, by niche, with examples for what only the seller knows."""
    data = [
        shapes.StartingSet(
            code=one.code,
            title=one.title,
            instructions=one.instructions.as_json(),
            examples=dict(one.examples),
        )
        for one in all_sets()
    ]
    return shapes.StartingSets(data=data)


@router.get("/{version}")
async def one(
    version: Version, bot: TheBot, caller: Viewer, against: AskedId = None
) -> shapes.InstructionsCompared:
    """One version, and what is different from another: the one that it was made from, unless `against` names one."""

    def reading(tx: Connection) -> shapes.InstructionsCompared:
        row = _must(tx, version)
        other = _before(tx, row, against)
        before = from_json(other.body) if other else NONE
        return shapes.InstructionsCompared(
            version=_version(row),
            against=other.no if other else None,
            changes=_changes(before, from_json(row.body)),
        )

    return await bot.store.read(reading)


@router.post("")
async def save(wanted: Wanted, bot: TheBot, caller: Manager) -> shapes.InstructionsSaved:
    """Keeps a version, which can be tried but does not hold yet. What the newest one says already makes no new one."""
    said = _sound(wanted)

    def saving(tx: Connection) -> Row[Any]:
        _must_exist(tx, wanted.account_id, wanted.listing_id)
        no = instructions.save(
            tx,
            wanted.account_id,
            wanted.listing_id,
            said.as_json(),
            note=wanted.note.strip(),
            by=caller.subject,
            now=bot.now(),
        )
        return _must(tx, no)

    return shapes.InstructionsSaved(version=_version(await bot.store.write(saving)))


@router.post("/preview")
async def preview(wanted: Wanted, bot: TheBot, caller: Viewer) -> shapes.InstructionsPreview:
    """Keeps nothing: what is wrong with these instructions, what they change, and how the assistant would read them."""
    said = from_json(wanted.instructions.model_dump())

    def reading(tx: Connection) -> shapes.InstructionsPreview:
        _must_exist(tx, wanted.account_id, wanted.listing_id)
        holds = instructions.published(tx, wanted.account_id, wanted.listing_id)
        before = from_json(holds.body) if holds else NONE
        return shapes.InstructionsPreview(
            faults=[_fault(one) for one in faults(said)],
            changes=_changes(before, said),
            told=_told(tx, wanted, said),
        )

    return await bot.store.read(reading)


@router.post("/{version}/publish")
async def publish(
    version: Version, bot: TheBot, caller: Owner, wanted: Publish | None = None
) -> shapes.InstructionsPublished:
    """From now on this version holds, an older one too: it is then published anew, and no history is changed."""
    replaces = wanted.replaces if wanted else None

    def publishing(tx: Connection) -> shapes.InstructionsPublished:
        row = _must(tx, version)
        fresh = instructing.publish(tx, row, by=caller.subject, now=bot.now(), replaces=replaces)
        return shapes.InstructionsPublished(version=_version(row), changed=fresh)

    try:
        done = await bot.store.write(publishing)
    except instructions.Overtaken as overtaken:
        raise Problem(
            409,
            "overtaken",
            "Somebody else published in the meantime. Look at what holds now, then publish again.",
            holds=overtaken.args[0],
        ) from None
    bot.bells.events.ring()
    return done


# --- parts ------------------------------------------------------------------------------------------------------------


def _sound(wanted: Wanted) -> Instructions:
    """Raises a 422 Problem that names each fault."""
    said = from_json(wanted.instructions.model_dump())
    wrong = faults(said)
    if said.is_empty() and wanted.listing_id is None:
        wrong = [Fault("", "empty", "says nothing at all: write down at least one thing")]
    if wrong:
        words = "; ".join(f"{one.field or 'instructions'} {one.words}" for one in wrong)
        raise Problem(
            422,
            "bad_instructions",
            f"These instructions cannot be taken as they are. {words}.",
            errors=[_fault(one).model_dump() for one in wrong],
        )
    return said


def _must_exist(tx: Connection, account_id: int, listing_id: int | None) -> None:
    """Raises a 404 Problem; also for a listing of another account."""
    row = accounts.one(tx, account_id)
    if row is None or row.state == "removed":
        raise not_found("account")
    if listing_id is not None:
        known = listings.one(tx, listing_id)
        if known is None or known.account_id != account_id:
            raise not_found("listing in this account")


def _must(tx: Connection, version: int) -> Row[Any]:
    row = instructions.one(tx, version)
    if row is None:
        raise not_found("version")
    return row


def _before(tx: Connection, row: Row[Any], against: int | None) -> Row[Any] | None:
    if against is None:
        return instructions.one(tx, row.based_on) if row.based_on else None
    other = _must(tx, against)
    if (other.account_id, other.listing_id) != (row.account_id, row.listing_id):
        raise Problem(
            422,
            "other_scope",
            f"Version {against} belongs to another account or listing: there is nothing to compare.",
        )
    return other


def _told(tx: Connection, wanted: Wanted, said: Instructions) -> str:
    account = accounts.one(tx, wanted.account_id)
    assert account is not None, "it was there a moment ago, in the same transaction"
    about = listings.one(tx, wanted.listing_id) if wanted.listing_id else None
    general = instructions.published(tx, wanted.account_id, None)
    if wanted.listing_id is not None and general is not None:
        said = said.over(from_json(general.body))
    return briefing.told(said, briefs.subject(account, about), off_hours=True)


def _changes(before: Instructions, after: Instructions) -> list[shapes.InstructionsChange]:
    return [
        shapes.InstructionsChange(field=one.field, removed=list(one.removed), added=list(one.added))
        for one in changes(before, after)
    ]


def _fault(one: Fault) -> shapes.InstructionsFault:
    return shapes.InstructionsFault(
        field=one.field, code=one.code, problem=one.words, what=one.what
    )


def _summary(row: Row[Any]) -> shapes.InstructionsSummary:
    return shapes.InstructionsSummary(
        no=row.no, note=row.note, based_on=row.based_on, made_by=row.made_by, made_at=row.made_at
    )


def _version(row: Row[Any]) -> shapes.InstructionsVersion:
    return shapes.InstructionsVersion(
        **_summary(row).model_dump(),
        account_id=row.account_id,
        listing_id=row.listing_id,
        instructions=from_json(row.body).as_json(),
    )
