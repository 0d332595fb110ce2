"""Talk to the assistant as a client would, and see what it thinks. Nothing is sent to anybody."""

import streamlit as st

from bot.client import BotError, InstructionsHistory, Rehearsed
from pages._ui import guard, show, source, text, trouble, words
from pages._ui.control import scope as scopes
from pages._ui.elements.bubbles import Bubble, bubbles
from pages._ui.heading import head
from pages._ui.i18n import _
from pages._ui.words import word

who = guard.require("viewer")
LONGEST = 1000
NOW = 0
"""In the place of a version's number: whatever holds now."""


def versions(told: InstructionsHistory) -> int | None:
    """Which version to try; None is what clients get now."""
    offered = [NOW, *(one.no for one in told.versions)]
    wanted = st.session_state.pop("try_version", None)
    if wanted in offered:
        st.session_state["playground_version"] = wanted
    holds = told.published.no if told.published else NOW

    def name(no: int) -> str:
        if no == NOW:
            return _("What holds now")
        said = _("Version {n}").format(n=no)
        return f"{said} ({_('holds now')})" if no == holds else said

    chosen: int = st.selectbox(
        _("Version"), offered, format_func=name, key="playground_version", width=300
    )
    return chosen or None


def lines(talk: list[tuple[str, str]]) -> list[Bubble]:
    sides = {"client": "client", "seller": "assistant"}
    return [
        {"id": f"line-{n}", "side": sides[by], "text": said} for n, (by, said) in enumerate(talk)
    ]


def thoughts(answer: Rehearsed) -> None:
    """What stood behind the newest answer."""
    facts = (
        (_("The client wants"), word(words.INTENTS, answer.intent)),
        (_("To a person"), word(words.REASONS, answer.hand_off)),
        (_("Prompt"), answer.prompt_version),
        (_("Model"), answer.model or ""),
        (_("Cost"), show.money(answer.cost_rub, 3)),
        (_("Thought for"), show.span(answer.latency_ms / 1000)),
        (_("Tokens"), show.number(answer.tokens_in + answer.tokens_out)),
    )
    text.rows([(name, value) for name, value in facts if value])
    for found in answer.stopped:
        said = _("The guard stopped “{text}”: {reason}")
        more = " " + _("The assistant mended it.") if found.mended else ""
        st.warning(
            said.format(text=text.plain(found.text), reason=text.plain(found.reason)) + more,
            icon=":material/shield:",
        )
    if answer.lead:
        st.markdown(f"**{_('Lead')}**")
        text.rows(
            [
                (word(words.LEAD_FIELDS, name), word(words.LEAD_VALUES, str(said)))
                for name, said in answer.lead.items()
            ]
        )
    with st.expander(_("The whole prompt")):
        for part in answer.prompt:
            st.text(f"[{part.role}]\n{part.content}")


def ask(where: scopes.Where, version: int | None, talk: list[tuple[str, str]]) -> None:
    try:
        with st.spinner(_("The assistant is thinking")):
            answer = source.bot().rehearse(
                where.account.id, talk, listing_id=where.listing_id, version=version
            )
    except BotError as error:
        talk.pop()
        st.session_state["playground_trouble"] = trouble.said(error)
        return
    st.session_state["playground_answer"] = answer
    if answer.reply:
        talk.append(("seller", answer.reply))


with head(
    _("Playground"), _("Write as a client would. The same assistant answers; nothing is sent.")
):
    pass
if not who.may("manager"):
    st.caption(_("Your role reads, but does not try the assistant out: each answer costs money."))
    st.stop()
try:
    where = scopes.choose("playground", _("No listing in particular"))
    if where is None:
        st.stop()
    told = source.bot().instructions(where.account.id, where.listing_id)
    version = versions(told)
except BotError as error:
    trouble.banner(error)
    st.stop()

place = (where.code, version)
if st.session_state.get("playground_place") != place:
    st.session_state["playground_place"] = place
    st.session_state["playground_talk"] = []
    st.session_state.pop("playground_answer", None)
talk: list[tuple[str, str]] = st.session_state["playground_talk"]
left, right = st.columns([7, 5], gap="medium")
with left, st.container(border=True, key="card_playground"):
    shown = st.container()
    asked = st.chat_input(_("Write as a client"), key="playground_asks", max_chars=LONGEST)
    if asked and asked.strip():
        talk.append(("client", asked.strip()))
        ask(where, version, talk)
    with shown:
        if trouble_told := st.session_state.pop("playground_trouble", None):
            st.error(trouble_told)
        if talk:
            bubbles(lines(talk), label=_("Playground"), key="playground_bubbles")
        else:
            st.caption(
                _("For example: “How much is it?”, “Can you come tomorrow?”, “Give me a discount”.")
            )
    if talk and st.button(_("Begin anew"), icon=":material/restart_alt:", key="playground_anew"):
        talk.clear()
        st.session_state.pop("playground_answer", None)
        st.rerun()
with right, st.container(border=True, key="card_thoughts"):
    st.subheader(_("What it was thinking"), anchor=False)
    answer: Rehearsed | None = st.session_state.get("playground_answer")
    if answer is None:
        st.caption(_("Here you see the prompt, the lead, the price and the time of each answer."))
    else:
        if answer.error:
            st.warning(_("There was no answer: the message would be left to a person."))
        thoughts(answer)
