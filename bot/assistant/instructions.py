"""What a seller tells the assistant: how to speak, what is true, what to ask for, which words to use.

A value of these is one version of the instructions. A listing's own version says only what differs there; `over` lays
it upon the account's. Everything that is left empty means "nothing is said about it".
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

LEAD_FIELDS = (
    "name",
    "phone",
    "pestType",
    "objectType",
    "rooms",
    "infestation",
    "previousTreatment",
    "address",
    "expectedDate",
    "clientComment",
)
"""What may be known of a client's wish; a rule for leads names some of these."""


@dataclass(frozen=True)
class Templates:
    """Words of the seller's own for moments that come again and again; variables in braces are filled in.

    `follow_up` and `follow_up_again` are what a silent client is written first, the first time and the second.
    """

    greeting: str = ""
    price: str = ""
    address: str = ""
    hand_off: str = ""
    off_hours: str = ""
    follow_up: str = ""
    follow_up_again: str = ""


@dataclass(frozen=True)
class QuickReply:
    """A ready answer that a manager sends with one press."""

    title: str
    text: str


@dataclass(frozen=True)
class Instructions:
    """One version. Tuples are lists of lines, one fact or wish in each.

    `prices` are lines such as «1-комнатная — 2 500 ₽»; `lead_needs` are names of LEAD_FIELDS beside the phone, which a
    lead always needs; `never` are things that must not be promised.
    """

    tone: str = ""
    about: str = ""
    prices: tuple[str, ...] = ()
    discounts: tuple[str, ...] = ()
    areas: str = ""
    address: str = ""
    phone: str = ""
    hours: str = ""
    guarantee: str = ""
    stock: str = ""
    delivery: str = ""
    payment: str = ""
    ask: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    lead_needs: tuple[str, ...] = ()
    templates: Templates = field(default_factory=Templates)
    quick_replies: tuple[QuickReply, ...] = ()

    def over(self, account: "Instructions") -> "Instructions":
        """The account's instructions with what is said here in place of theirs."""
        said = {
            name: value
            for name, value in _parts(self)
            if value and not isinstance(value, Templates)
        }
        words = {name: value for name, value in asdict(self.templates).items() if value}
        return replace(account, **said, templates=replace(account.templates, **words))

    def is_empty(self) -> bool:
        return self == Instructions()

    def as_json(self) -> dict[str, Any]:
        """As the database and the API keep it: every field, lists for tuples."""
        return {name: _plain(value) for name, value in _parts(self)}


NONE = Instructions()


@dataclass(frozen=True)
class Used:
    """The instructions that hold for a chat, and the name of the versions that they come from: `i17`, `i17+i21` or ""."""

    instructions: Instructions = NONE
    version: str = ""


def from_json(raw: Mapping[str, Any]) -> Instructions:
    """What `as_json` gave, of any age: names that are gone are left out. Blanks around lines and empty lines go."""
    said: dict[str, Any] = {}
    for part in fields(Instructions):
        value = raw.get(part.name)
        if part.name == "templates":
            said["templates"] = _templates(value or {})
        elif part.name == "quick_replies":
            said["quick_replies"] = tuple(
                QuickReply(one["title"].strip(), one["text"].strip()) for one in value or ()
            )
        elif isinstance(part.default, tuple):
            said[part.name] = tuple(line.strip() for line in value or () if line.strip())
        else:
            said[part.name] = (value or "").strip()
    return Instructions(**said)


def _templates(raw: Mapping[str, Any]) -> Templates:
    return Templates(
        **{part.name: (raw.get(part.name) or "").strip() for part in fields(Templates)}
    )


def _parts(said: Instructions) -> Iterator[tuple[str, Any]]:
    return ((part.name, getattr(said, part.name)) for part in fields(said))


def _plain(value: Any) -> Any:
    if isinstance(value, Templates):
        return asdict(value)
    if isinstance(value, tuple):
        return [asdict(one) if isinstance(one, QuickReply) else one for one in value]
    return value


# --- what changed -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One field that differs. Lists tell which lines went and which came; `field` is as `templates.price`."""

    field: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


def changes(before: Instructions, after: Instructions) -> list[Change]:
    """What is different, field by field, in the order of the fields."""
    old, new = dict(_lines(before)), dict(_lines(after))
    return [
        Change(
            name,
            tuple(line for line in old[name] if line not in new[name]),
            tuple(line for line in new[name] if line not in old[name]),
        )
        for name in new
        if old[name] != new[name]
    ]


def _lines(said: Instructions) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, value in _parts(said):
        if isinstance(value, Templates):
            for template, text in asdict(value).items():
                yield f"templates.{template}", (text,) if text else ()
        elif isinstance(value, str):
            yield name, (value,) if value else ()
        else:
            yield (
                name,
                tuple(
                    f"{one.title}: {one.text}" if isinstance(one, QuickReply) else one
                    for one in value
                ),
            )
