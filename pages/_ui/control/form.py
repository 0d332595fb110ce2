"""The form in which instructions are written: questions, examples, and the answers so far."""

from collections.abc import Mapping
from typing import Any, Literal

import streamlit as st

from pages._ui import words as codes
from pages._ui.control.words import FACTS, MANNER, TEMPLATES, Field
from pages._ui.i18n import _
from pages._ui.words import word

LEAD_NEEDS = tuple(name for name in codes.LEAD_FIELDS if name != "phone")
KEPT: Literal["session"] = "session"
"""Who looks something up on another page finds the form as they left it."""

VARIABLES = "{имя} {объявление} {цена} {адрес} {часы} {телефон} {магазин}"


def is_filled(code: str) -> bool:
    """Whether the form holds what was put into it."""
    return _key(code, FACTS[0].name) in st.session_state


def fill(code: str, said: Mapping[str, Any]) -> None:
    """Puts a version into the form."""
    for field in (*FACTS, *MANNER):
        value = said.get(field.name)
        st.session_state[_key(code, field.name)] = (
            "\n".join(value or ()) if field.kind == "lines" else value or ""
        )
    for field in TEMPLATES:
        words = said.get("templates") or {}
        st.session_state[_key(code, f"templates.{field.name}")] = words.get(field.name) or ""
    needs = [name for name in said.get("lead_needs") or () if name in LEAD_NEEDS]
    st.session_state[_key(code, "lead_needs")] = needs
    replies = said.get("quick_replies") or ()
    st.session_state[_key(code, "quick_count")] = len(replies)
    for n, reply in enumerate(replies):
        st.session_state[_key(code, f"quick-title-{n}")] = reply["title"]
        st.session_state[_key(code, f"quick-text-{n}")] = reply["text"]


def show(
    code: str, examples: Mapping[str, Any], *, may_write: bool, for_all: bool
) -> dict[str, Any]:
    """The form; what it says, as the API takes it. `for_all`: of the account, not of one listing."""
    said: dict[str, Any] = {"templates": {}}
    with st.container(border=True, key="card_facts"):
        st.subheader(_("Facts"), anchor=False)
        st.caption(_("The assistant says nothing else about you. What is empty, it does not know."))
        if for_all:
            _other_door()
        for field in FACTS:
            said[field.name] = _ask(code, field.name, field, examples, may_write)
    with st.container(border=True, key="card_manner"):
        st.subheader(_("Manner"), anchor=False)
        for field in MANNER:
            said[field.name] = _ask(code, field.name, field, examples, may_write)
        said["lead_needs"] = st.pills(
            _("What must be known for a lead, beside the phone?"),
            LEAD_NEEDS,
            selection_mode="multi",
            format_func=lambda name: word(codes.LEAD_FIELDS, name),
            key=_key(code, "lead_needs"),
            disabled=not may_write,
            persist_state=KEPT,
        )
    with st.container(border=True, key="card_templates"):
        st.subheader(_("Your own words"), anchor=False)
        st.caption(_("These are filled in by themselves: {names}").format(names=f"`{VARIABLES}`"))
        for field in TEMPLATES:
            name = f"templates.{field.name}"
            said["templates"][field.name] = _ask(code, name, field, examples, may_write)
    said["quick_replies"] = _quick_replies(code, may_write)
    return said


def _other_door() -> None:
    """The account's facts can be written in two places: each names the other, and says which holds."""
    st.caption(
        _(
            "The first field is also under “{button}” on the page Connection, where saving publishes at once. "
            "What was published last wins; a listing's own instructions win over those for all."
        ).format(button=_("Facts and time zone"))
    )


def _ask(
    code: str, name: str, field: Field, examples: Mapping[str, Any], may_write: bool
) -> str | list[str]:
    example = examples.get(name, _(field.example))
    shown = "\n".join(example) if isinstance(example, list) else str(example)
    about: dict[str, Any] = {
        "key": _key(code, name),
        "placeholder": _("For example: {text}").format(text=shown),
        "disabled": not may_write,
        "persist_state": KEPT,
    }
    if field.kind == "line":
        return str(st.text_input(_(field.title), **about))
    text: str = st.text_area(_(field.title), height="content", **about)
    return [line for line in text.split("\n") if line.strip()] if field.kind == "lines" else text


def _quick_replies(code: str, may_write: bool) -> list[dict[str, str]]:
    """One row for each; a row that is emptied is gone."""
    said = []
    with st.container(border=True, key="card_quick"):
        st.subheader(_("Quick replies"), anchor=False)
        st.caption(_("Ready answers that people of yours send from a chat with one press."))
        for n in range(st.session_state.get(_key(code, "quick_count"), 0)):
            title = st.text_input(
                _("Title"),
                key=_key(code, f"quick-title-{n}"),
                disabled=not may_write,
                persist_state=KEPT,
            )
            text = st.text_area(
                _("Text"),
                key=_key(code, f"quick-text-{n}"),
                height="content",
                disabled=not may_write,
                persist_state=KEPT,
            )
            if title.strip() or text.strip():
                said.append({"title": title, "text": text})
        if may_write:
            st.button(
                _("Add a quick reply"),
                icon=":material/add:",
                key=_key(code, "quick_add"),
                on_click=_one_more,
                args=(code,),
            )
    return said


def _one_more(code: str) -> None:
    st.session_state[_key(code, "quick_count")] += 1


def _key(code: str, name: str) -> str:
    return f"ins-{code}-{name}"
