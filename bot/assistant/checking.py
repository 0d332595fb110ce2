"""Whether instructions can be taken as they are written: every fault is named, with the field that it is in."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from bot.assistant import templates
from bot.assistant.instructions import LEAD_FIELDS, Instructions
from bot.model import MAX_REPLY

LONGEST = {"about": 4000}
LONGEST_TEXT = 1000
LONGEST_LINE = 300
MOST_LINES = 100
LONGEST_TITLE = 60
LONGEST_IN_ALL = 16_000
"""Characters. Everything goes into each prompt and is paid for each time."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. `code` stays the same; `what` is the part that it is about; `words` are for people."""

    field: str
    code: str
    words: str
    what: str = ""


def faults(said: Instructions) -> list[Fault]:
    """All that is wrong, in the order of the fields."""
    return [
        *_texts(said),
        *_lead_needs(said),
        *_templates(said),
        *_quick_replies(said),
        *_size(said),
    ]


def _texts(said: Instructions) -> Iterator[Fault]:
    for name, value in said.as_json().items():
        if isinstance(value, str):
            yield from _text(name, value, LONGEST.get(name, LONGEST_TEXT))
        elif isinstance(value, list) and name != "quick_replies":
            if len(value) > MOST_LINES:
                yield Fault(name, "too_many", f"has more than {MOST_LINES} lines", str(len(value)))
            for line in value:
                yield from _text(name, line, LONGEST_LINE)


def _text(name: str, text: str, longest: int) -> Iterator[Fault]:
    if len(text) > longest:
        yield Fault(
            name, "too_long", f"is longer than {longest} characters ({len(text)})", str(longest)
        )
    if "\0" in text:
        yield Fault(name, "bad_character", "must not hold the character zero")


def _lead_needs(said: Instructions) -> Iterator[Fault]:
    for name in said.lead_needs:
        if name not in LEAD_FIELDS:
            yield Fault(
                "lead_needs",
                "unknown_field",
                f"knows no field {name!r}; there are {', '.join(LEAD_FIELDS)}",
                name,
            )


def _templates(said: Instructions) -> Iterator[Fault]:
    for name, text in asdict(said.templates).items():
        yield from _template(f"templates.{name}", text)


def _template(name: str, text: str) -> Iterator[Fault]:
    yield from _text(name, text, MAX_REPLY)
    for wrong in templates.unknown(text):
        known = ", ".join(f"{{{one}}}" for one in templates.VARIABLES)
        yield Fault(name, "unknown_variable", f"has {wrong}, and there are only {known}", wrong)


def _quick_replies(said: Instructions) -> Iterator[Fault]:
    titles: set[str] = set()
    if len(said.quick_replies) > MOST_LINES:
        yield Fault("quick_replies", "too_many", f"has more than {MOST_LINES} replies")
    for reply in said.quick_replies:
        if not reply.title or not reply.text:
            yield Fault("quick_replies", "empty", "needs a title and a text", reply.title)
        if reply.title.casefold() in titles:
            yield Fault("quick_replies", "doubled", "has a title twice", reply.title)
        titles.add(reply.title.casefold())
        yield from _text("quick_replies", reply.title, LONGEST_TITLE)
        yield from _template("quick_replies", reply.text)


def _size(said: Instructions) -> Iterator[Fault]:
    size = sum(len(str(value)) for value in said.as_json().values())
    if size > LONGEST_IN_ALL:
        yield Fault("", "too_long", f"is longer than {LONGEST_IN_ALL} characters in all ({size})")
