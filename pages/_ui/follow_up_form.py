"""One account's follow-ups: off, one or two, after how long, by day; their words are the instructions'."""

from datetime import time

import streamlit as st

from bot.client import Account, BotError, FollowUpPlan, FollowUps, FollowUpWords
from pages._ui import source, trouble
from pages._ui.i18n import _, later
from pages._ui.text import plain
from pages._ui.words import REASONS, word

HOW_MANY = {0: later("None"), 1: later("One"), 2: later("Two")}
AFTER = (24.0, 72.0)


def show(account: Account, told: FollowUps, *, may_write: bool) -> FollowUps:
    """The form; what holds now, after a press of the button too."""
    plan, id_ = told.plan, account.id
    with st.container(border=True, key=f"card_follow_ups_{id_}"):
        st.subheader(plain(account.name), anchor=False)
        many = st.segmented_control(
            _("How many follow-ups to one silence"),
            list(HOW_MANY),
            default=len(plan.after_hours) if plan else 0,
            required=True,
            format_func=lambda n: _(HOW_MANY[n]),
            key=f"follow_many_{id_}",
            disabled=not may_write,
        )
        st.caption(
            _(
                "Never where a person has the chat or closed it, never after the client refused or said thanks, and "
                "never while the assistant is off. If it is not known whether one arrived, it is not sent again."
            )
        )
        for n in range(many or 0):
            _one(id_, n, told, may_write=may_write)
        if many:
            _where_words_are()
        opens, closes, after_lead = (
            _when(id_, plan, may_write=may_write) if many else (None, None, False)
        )
        if may_write and st.button(_("Save"), type="primary", key=f"follow_save_{id_}"):
            return _save(id_, _plan(id_, many or 0, opens, closes, after_lead)) or told
    return told


def _one(id_: int, n: int, told: FollowUps, *, may_write: bool) -> None:
    plan, left, right = told.plan, *st.columns([1, 3])
    hours = plan.after_hours[n] if plan and n < len(plan.after_hours) else AFTER[n]
    left.number_input(
        _("Hours after the last words"),
        min_value=1.0,
        max_value=336.0,
        value=float(hours),
        step=1.0,
        format="%g",
        key=f"follow_hours_{id_}_{n}",
        disabled=not may_write,
    )
    if n < len(told.says):
        with right:
            _words(told.says[n])


def _words(said: FollowUpWords) -> None:
    """What it says, whose words these are, and whether the guard lets them pass."""
    whose = _("By the instructions") if said.own else _("The usual words")
    st.markdown(f":gray[{whose}]  \n{plain(said.text)}")
    if said.stopped == "no_words":
        st.warning(_("Not sent: the instructions do not say what stands in braces."))
    elif said.stopped:
        why = word(REASONS, said.stopped)
        st.warning(
            _("Not sent ({why}), unless a listing's own facts say so.").format(why=why),
            icon=":material/shield:",
        )


def _where_words_are() -> None:
    st.page_link(
        st.session_state["pages"]["instructions"],
        label=_("Change the words in the instructions"),
        icon=":material/edit_note:",
    )


def _when(
    id_: int, plan: FollowUpPlan | None, *, may_write: bool
) -> tuple[time | None, time | None, bool]:
    first, second, third = st.columns([1, 1, 2], vertical_alignment="bottom")
    opens = first.time_input(
        _("Not before"),
        time.fromisoformat(plan.opens if plan else "10:00"),
        key=f"follow_opens_{id_}",
        disabled=not may_write,
    )
    closes = second.time_input(
        _("Not after"),
        time.fromisoformat(plan.closes if plan else "20:00"),
        key=f"follow_closes_{id_}",
        disabled=not may_write,
    )
    after_lead = third.checkbox(
        _("Also when the client left a phone number"),
        plan.after_lead if plan else False,
        key=f"follow_lead_{id_}",
        disabled=not may_write,
    )
    return opens, closes, bool(after_lead)


def _plan(
    id_: int, many: int, opens: time | None, closes: time | None, after_lead: bool
) -> FollowUpPlan | None:
    if not many or opens is None or closes is None:
        return None
    state = st.session_state
    return FollowUpPlan(
        after_hours=tuple(float(state[f"follow_hours_{id_}_{n}"]) for n in range(many)),
        opens=f"{opens:%H:%M}",
        closes=f"{closes:%H:%M}",
        after_lead=after_lead,
    )


def _save(account_id: int, plan: FollowUpPlan | None) -> FollowUps | None:
    try:
        holds = source.bot().set_follow_ups(account_id, plan)
    except BotError as error:
        st.error(trouble.said(error))
        return None
    said = (
        _("Holds for silences that begin from now on.")
        if plan
        else _("Nobody is written to again, but for listings that are set to it below.")
    )
    st.toast(said, icon=":material/check:")
    return holds
