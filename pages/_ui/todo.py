"""What a person should do now, most urgent first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

import streamlit as st

from bot.client import Account, BotClient, BotError, Chat, Lead, State, WaitingDraft
from pages._ui import show, source, trouble, words
from pages._ui.i18n import _, n_
from pages._ui.pieces.html import escape, joined, link, tag
from pages._ui.words import word

MOST = 6


@dataclass(frozen=True)
class Todo:
    """One line: what is the matter with whom, and the page that mends it. `icon` is a name of the
    Material Symbols, `colour` red, orange or blue."""

    icon: str
    colour: str
    text: str
    page: str
    query: dict[str, str] = field(default_factory=dict)
    name: str = ""


def card() -> None:
    with st.container(border=True, key="card_todo", height="stretch", gap=None):
        st.html(tag("div", tag("h3", escape(_("What to do now"))), _class="head"))
        _list()


@st.fragment(run_every=8)
def _list() -> None:
    """Asked of the bot again every few seconds."""
    try:
        found = list(_found())
    except BotError as error:
        trouble.banner(error)
        return
    st.html(_told(found))


def _told(found: Sequence[Todo]) -> str:
    if not found:
        said = _("Nothing. Every client has an answer.")
        return tag("p", _sign("task_alt") + escape(said), _class="todo done")
    lines = tag("ul", joined(tag("li", _line(todo)) for todo in found[:MOST]), _class="todo")
    rest = len(found) - MOST
    if rest <= 0:
        return lines
    more = n_("and {n} more", "and {n} more", rest).format(n=show.number(rest))
    return lines + tag("p", escape(more), _class="quiet small")


def _found() -> Iterator[Todo]:
    asked = source.recent("todo", _asked)
    yield from about_accounts(asked.accounts)
    yield from about_drafts(asked.drafts)
    yield from about_chats(asked.chats)
    yield from about_leads(asked.leads)
    yield from about_notices(asked.state)


@dataclass(frozen=True)
class _Asked:
    accounts: Sequence[Account]
    drafts: Sequence[WaitingDraft]
    chats: Sequence[Chat]
    leads: Sequence[Lead]
    state: State


def _asked(bot: BotClient) -> _Asked:
    return _Asked(
        accounts=bot.accounts(),
        drafts=bot.drafts(),
        chats=bot.chats(waiting="person", limit=50).rows,
        leads=bot.leads(status="failed", limit=20).rows,
        state=bot.state(),
    )


def about_accounts(accounts: Sequence[Account]) -> Iterator[Todo]:
    """No account, an account that Avito shuts out, and accounts where nothing is switched on."""
    if not accounts:
        yield Todo("add_link", "blue", _("Connect your Avito account"), "connection")
    for account in accounts:
        name = account.name
        if account.state == "needs_reconnect":
            text = _("Connect {name} again: Avito does not let us in")
            yield Todo("link_off", "red", text.format(name=name), "connection")
        elif account.state == "no_messenger":
            text = _("{name} has no messenger access in its plan")
            yield Todo("speaker_notes_off", "red", text.format(name=name), "connection")
        elif account.listings.total and not account.listings.ai_enabled:
            text = _("Switch on listings of {name}: the assistant is silent")
            yield Todo("toggle_on", "blue", text.format(name=name), "listings")


def about_chats(chats: Sequence[Chat]) -> Iterator[Todo]:
    """Chats where a person is awaited, who waits longest first."""
    for chat in chats:
        last = chat.last_message
        said = (last.text or word(words.KINDS, last.kind)) if last else ""
        reason = word(words.REASONS, chat.owner_reason)
        more = " · ".join(filter(None, (said, reason)))
        name = chat.client_name or _("Client")
        yield Todo("forum", "orange", more, "chats", {"chat": chat.id}, name)


def about_drafts(drafts: Sequence[WaitingDraft]) -> Iterator[Todo]:
    """Drafts that a manager has not decided on, the oldest first."""
    for draft in drafts:
        name = draft.chat.client_name or _("Client")
        text = _("a draft waits for you")
        yield Todo("edit_note", "orange", text, "chats", {"chat": draft.chat.id}, name)


def about_leads(leads: Sequence[Lead]) -> Iterator[Todo]:
    for lead in leads:
        name = str(lead.fields.get("name") or _("Client"))
        text = _("the lead did not get into the CRM")
        yield Todo("person_alert", "red", text, "leads", name=name)


def about_notices(state: State) -> Iterator[Todo]:
    """Notices that nobody has dismissed; chats and failed leads have lines of their own."""
    for notice in state.notices:
        if not notice.seen and notice.kind not in {"hand_off", "lead_failed", "backlog"}:
            yield Todo("notifications", "orange", word(words.NOTICES, notice.kind), "notices")


def _line(todo: Todo) -> str:
    who = tag("b", escape(todo.name)) + ": " if todo.name else ""
    text = tag("span", who + escape(todo.text), _class="what")
    href = todo.page + (f"?{urlencode(todo.query)}" if todo.query else "")
    opens = tag("span", escape(_("Open")), _class="opens-it")
    return link(_sign(todo.icon) + text + opens, href, todo.colour)


def _sign(name: str) -> str:
    return tag("span", name, _class="sign", aria_hidden="true")
