"""Tell the assistant what is true, how to speak and what to ask for; look before it counts, and go back at any time."""

import streamlit as st

from bot.client import BotError, InstructionsHistory
from pages._ui import guard, source, trouble
from pages._ui.control import changes, form, history
from pages._ui.control import scope as scopes
from pages._ui.control.scope import Where
from pages._ui.heading import head
from pages._ui.i18n import _

who = guard.require("viewer")


def begin(where: Where, told: InstructionsHistory) -> None:
    """The form holds what was written last, published or not, until something else is put into it."""
    newest = told.versions[0].no if told.versions else 0
    holds = told.published.no if told.published else 0
    seen = (newest, holds)
    in_form = st.session_state.setdefault("instructions_in_form", {})
    if in_form.get(where.code) == seen and form.is_filled(where.code):
        return
    said = told.published.instructions if told.published else {}
    if newest > holds:
        said = source.bot().instructions_version(newest).version.instructions
    form.fill(where.code, said)
    in_form[where.code] = seen


def starting_set(where: Where) -> dict[str, object]:
    """A niche to begin with fills the form; its examples stand in the fields that stay empty."""
    sets = {one.code: one for one in source.bot().starting_sets()}
    chosen = st.pills(
        _("Begin with a ready set for your trade"),
        list(sets),
        format_func=lambda code: sets[code].title,
        key=f"starting_set_{where.code}",
        persist_state="session",
    )
    if chosen is None:
        return {}
    if st.session_state.get("starting_set_in_form") != (where.code, chosen):
        form.fill(where.code, sets[chosen].instructions)
        st.session_state["starting_set_in_form"] = (where.code, chosen)
    return dict(sets[chosen].examples)


def write(where: Where, told: InstructionsHistory) -> None:
    examples = starting_set(where) if who.may("manager") else {}
    left, right = st.columns([7, 5], gap="medium")
    with left:
        said = form.show(
            where.code, examples, may_write=who.may("manager"), for_all=where.listing is None
        )
    with right, st.container(border=True, key="card_preview"):
        preview = source.bot().preview_instructions(
            where.account.id, said, listing_id=where.listing_id
        )
        st.subheader(_("What changes"), anchor=False)
        changes.faults(preview.faults)
        changes.show(preview.changes)
        if who.may("manager") and preview.changes:
            keep(where, told, said, is_sound=not preview.faults)
        with st.expander(_("What the assistant will read")):
            st.text(preview.told or _("Only the listing itself."))


def keep(
    where: Where, told: InstructionsHistory, said: dict[str, object], *, is_sound: bool
) -> None:
    note = st.text_input(_("Why? A word for the history"), key="note", max_chars=300)
    with st.container(horizontal=True):
        tried = st.button(
            _("Save and try"), icon=":material/science:", disabled=not is_sound, key="save_try"
        )
        published = who.may("owner") and st.button(
            _("Publish"), type="primary", disabled=not is_sound, key="save_publish"
        )
    if not (tried or published):
        return
    version = source.bot().save_instructions(
        where.account.id, said, listing_id=where.listing_id, note=note
    )
    if tried:
        st.session_state["try_version"] = version.no
        st.switch_page(st.session_state["pages"]["playground"])
    history.confirm(version.no, told.published.no if told.published else None)


with head(_("Instructions"), _("What the assistant knows about you, and how it speaks.")):
    pass
if (no := st.session_state.pop("published", None)) is not None:
    st.toast(_("Version {n} holds from the next message on.").format(n=no), icon=":material/check:")
try:
    where = scopes.choose("instructions", _("All listings"))
    if where is not None:
        told = source.bot().instructions(where.account.id, where.listing_id)
        begin(where, told)
        if where.listing:
            st.caption(_("Write only what is different for this listing; the rest is as for all."))
        writing, past = st.tabs([_("Write"), _("History")])
        with writing:
            write(where, told)
        with past:
            history.listed(told, who)
except BotError as error:
    trouble.banner(error)
