"""What the list of chats is asked for."""

from dataclasses import dataclass

import streamlit as st

from pages._ui.i18n import _, later

OWNERS = {
    "all": later("All"),
    "waiting": later("Waiting"),
    "human": later("With a person"),
}


@dataclass(frozen=True)
class Asked:
    q: str | None
    owner: str | None
    only_waiting: bool
    page: int


def show() -> None:
    st.text_input(
        _("Search"),
        key="chat_q",
        type="search",
        placeholder=_("Client or listing"),
        icon=":material/search:",
        label_visibility="collapsed",
        on_change=_from_the_start,
    )
    st.segmented_control(
        _("Which chats"),
        list(OWNERS),
        key="chat_filter",
        default="all",
        required=True,
        format_func=lambda code: _(OWNERS[code]),
        label_visibility="collapsed",
        on_change=_from_the_start,
        width="stretch",
    )


def asked() -> Asked:
    chosen = st.session_state.get("chat_filter", "all")
    return Asked(
        q=st.session_state.get("chat_q") or None,
        owner="human" if chosen == "human" else None,
        only_waiting=chosen == "waiting",
        page=st.session_state.get("chat_page", 1),
    )


def nothing_found(asked: Asked, *, is_any: bool) -> None:
    with st.container(border=True, key="card_no_chats", horizontal_alignment="center"):
        if asked.q:
            st.markdown(_("Nothing found for “{q}”.").format(q=asked.q))
        elif asked.only_waiting:
            st.markdown(_("**Nobody waits.** Every client has an answer."))
        elif asked.owner:
            st.markdown(_("No chat is with a person just now."))
        elif is_any:
            st.markdown(_("No more chats."))
        else:
            st.markdown(_("**No chats yet.** They appear here as soon as a client writes."))
            st.page_link(
                st.session_state["pages"]["connection"],
                label=_("Check the connection"),
                icon=":material/link:",
            )


def _from_the_start() -> None:
    st.session_state["chat_page"] = 1
