"""The list of notices: the matter in words, the way to the chat, and how each notice went out."""

from collections.abc import Sequence

import streamlit as st

from bot.client import BotError, Notice, Notices, Telling
from pages._ui import show, source, trouble, words
from pages._ui.guard import Person
from pages._ui.i18n import _, later, n_
from pages._ui.text import plain
from pages._ui.words import word

WHICH = {"unseen": later("New"), "all": later("All")}
SIGNS = {"hand_off": "support_agent", "budget_spent": "account_balance_wallet"}
TONES = {
    "sent": "green",
    "failed": "red",
    "waiting": "orange",
    "sending": "blue",
    "unneeded": "gray",
}


def choose() -> bool:
    """Whether only those are wanted that nobody has seen."""
    chosen = st.segmented_control(
        _("Which notices"),
        list(WHICH),
        key="notice_filter",
        default="unseen",
        required=True,
        format_func=lambda code: _(WHICH[code]),
        label_visibility="collapsed",
        on_change=_from_the_start,
    )
    return chosen != "all"


def ways(channels: Sequence[str]) -> None:
    if channels:
        named = ", ".join(word(words.CHANNELS, one) for one in channels)
        st.caption(_("Managers are told here and by: {ways}.").format(ways=named))
    else:
        st.caption(
            _(
                "Managers are told here only. Set up Telegram or e-mail to hear of a chat at once (README, Settings)."
            )
        )


def show_all(told: Notices, who: Person, *, only_new: bool) -> None:
    if not told.page.rows:
        _none(only_new=only_new)
        return
    if told.unseen and who.may("manager"):
        _all_seen_button(told)
    for notice in told.page.rows:
        _one(notice, who)


def _none(*, only_new: bool) -> None:
    with st.container(border=True, key="card_no_notices", horizontal_alignment="center"):
        st.markdown(
            _("**Nothing new.** Nobody waits for you.") if only_new else _("No notices yet.")
        )


def _one(notice: Notice, who: Person) -> None:
    with (
        st.container(border=True, key=f"card_notice_{notice.id}"),
        st.container(horizontal=True, vertical_alignment="center"),
    ):
        with st.container(width="stretch", gap="xxsmall"):
            st.markdown(_title(notice))
            if about := _about(notice):
                st.caption(about)
            if notice.channels:
                st.markdown(" ".join(_way(one) for one in notice.channels))
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            _buttons(notice, who)


def _buttons(notice: Notice, who: Person) -> None:
    if notice.chat_id:
        st.page_link(
            st.session_state["pages"]["chats"],
            label=_("Open the chat"),
            icon=":material/forum:",
            query_params={"chat": notice.chat_id},
            width="content",
        )
    if not notice.seen and who.may("manager"):
        st.button(_("Seen"), key=f"seen-{notice.id}", on_click=_seen, args=(notice,))


def _title(notice: Notice) -> str:
    sign = SIGNS.get(notice.kind, "notifications")
    colour = "gray" if notice.seen else "orange"
    why = f": {word(words.REASONS, notice.reason)}" if notice.reason else ""
    matter = f"{word(words.NOTICES, notice.kind)}{why}"
    return f":{colour}[:material/{sign}:] **{matter}** :small[:gray[{show.moment(notice.at)}]]"


def _about(notice: Notice) -> str:
    parts = (notice.client_name, notice.listing_title, notice.detail)
    return " · ".join(plain(one) for one in parts if one)


def _way(one: Telling) -> str:
    name, state = word(words.CHANNELS, one.channel), word(words.TELLINGS, one.state)
    tone = TONES.get(one.state, "gray")
    said = f" :small[:red[{plain(one.error)}]]" if one.error and one.state != "sent" else ""
    return f":{tone}-badge[{name}: {state}]{said}"


def _all_seen_button(told: Notices) -> None:
    newest = max(int(one.id) for one in told.page.rows)
    label = n_("{n} seen", "All {n} seen", told.unseen).format(n=show.number(told.unseen))
    st.button(label, icon=":material/done_all:", key="all_seen", on_click=_all_seen, args=(newest,))


def _from_the_start() -> None:
    st.session_state["notice_page"] = 1


def _seen(notice: Notice) -> None:
    try:
        source.bot().notice_seen(notice.id)
    except BotError as error:
        trouble.toast(error)


def _all_seen(up_to: int) -> None:
    try:
        source.bot().notices_seen(up_to)
    except BotError as error:
        trouble.toast(error)
