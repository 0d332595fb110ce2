"""The fields of the instructions as questions that a seller would ask themselves, each with an example."""

from dataclasses import dataclass
from typing import Literal

from pages._ui.i18n import _, later

Kind = Literal["line", "text", "lines"]


@dataclass(frozen=True)
class Field:
    """`name` is the API's; `kind` says whether it is a line, a text, or a list with a line for each thing."""

    name: str
    kind: Kind
    title: str
    example: str


FACTS = (
    Field(
        "about",
        "text",
        later("What should clients know about you?"),
        later("We work by contract since 2015; our people have certificates."),
    ),
    Field(
        "prices",
        "lines",
        later("What does it cost? One price in each line"),
        later("1 room, bedbugs — 2 500 ₽"),
    ),
    Field(
        "discounts",
        "lines",
        later("Which discounts may be given? None other will be"),
        later("10 % for two flats in one house"),
    ),
    Field("areas", "line", later("Where do you work?"), later("The city and 30 km around it")),
    Field(
        "address",
        "line",
        later("Where can clients come to?"),
        later("Lenina 5, entrance from the yard"),
    ),
    Field("phone", "line", later("Which phone may be told to clients?"), later("+7 495 120-44-18")),
    Field(
        "hours",
        "line",
        later("When do you work, in words for the client?"),
        later("daily 9:00–21:00"),
    ),
    Field(
        "guarantee",
        "line",
        later("What guarantee do you give?"),
        later("1 year by contract, the second visit is free"),
    ),
    Field(
        "stock",
        "line",
        later("What is available, and how soon?"),
        later("on the same day if asked before 15:00"),
    ),
    Field(
        "delivery",
        "line",
        later("How do you deliver?"),
        later("by the transport company, at its price"),
    ),
    Field("payment", "line", later("How can one pay?"), later("cash or transfer after the work")),
)
MANNER = (
    Field(
        "tone",
        "text",
        later("How should the assistant speak?"),
        later("Calm and to the point, polite form, no jokes"),
    ),
    Field(
        "ask",
        "lines",
        later("What should it find out, in this order? One thing in each line"),
        later("What has to be done and where"),
    ),
    Field(
        "never",
        "lines",
        later("What must it never promise? One thing in each line"),
        later("An exact time of arrival: a person confirms it"),
    ),
)
TEMPLATES = (
    Field("greeting", "text", later("The first answer in a chat"), later("Hello! Tell us what has happened, we will name a price.")),
    Field("price", "text", later("When asked about the price"), later("For this listing it is {цена}.")),
    Field("address", "text", later("When asked about the address"), later("You find us at {адрес}, {часы}.")),
    Field("hand_off", "text", later("When a person has to answer"), later("I pass this on to the master, who answers here.")),
    Field("off_hours", "text", later("While you are closed"), later("We are closed now and answer during {часы}.")),
    Field("follow_up", "text", later("When a client fell silent (see “Follow-ups”)"), later("Hello, {имя}! Is it still of interest?")),
    Field("follow_up_again", "text", later("When they are still silent, for the last time"), later("Hello! If you come back to it, write here.")),
)  # fmt: skip
OTHERS = {
    "lead_needs": later("Needed for a lead"),
    "quick_replies": later("Quick replies"),
    "": later("Instructions"),
}
FAULTS = {
    "empty": later("is empty: write something down"),
    "too_long": later("is too long; the most is {what} characters"),
    "too_many": later("has too many lines"),
    "unknown_variable": later("has {what}, which is no variable"),
    "unknown_field": later("names a field that does not exist: {what}"),
    "doubled": later("has the title “{what}” twice"),
    "bad_character": later("has a character that cannot be sent"),
}
MODES = {
    "off": later("Off"),
    "draft": later("Drafts: you send them"),
    "automatic": later("Answers by itself"),
    "unanswered": later("Answers when nobody has"),
    "off_hours": later("Answers outside working hours"),
}
DAYS = {
    "mon": later("Monday"),
    "tue": later("Tuesday"),
    "wed": later("Wednesday"),
    "thu": later("Thursday"),
    "fri": later("Friday"),
    "sat": later("Saturday"),
    "sun": later("Sunday"),
}


def title(field: str) -> str:
    """The question behind a field's name, such as `prices` or `templates.price`."""
    if field in OTHERS:
        return _(OTHERS[field])
    known = {one.name: one for one in (*FACTS, *MANNER)}
    known |= {f"templates.{one.name}": one for one in TEMPLATES}
    return _(known[field].title) if field in known else field


def fault(code: str, what: str) -> str:
    return _(FAULTS[code]).format(what=what) if code in FAULTS else code
