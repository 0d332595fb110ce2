"""Which version held when, who said so, and the way back to each."""

import streamlit as st

from bot.client import BotError, InstructionsHistory
from pages._ui import show, source, trouble
from pages._ui.control import changes
from pages._ui.guard import Person
from pages._ui.i18n import _
from pages._ui.text import plain


def listed(told: InstructionsHistory, who: Person) -> None:
    """Versions, the newest first; the one that holds is marked."""
    if not told.versions:
        st.caption(_("Nothing was written here yet."))
    holds = told.published.no if told.published else None
    published = {one.version: one for one in reversed(told.publications)}
    for version in told.versions:
        with (
            st.container(border=True, key=f"card_version_{version.no}"),
            st.container(
                horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
            ),
        ):
            with st.container(gap="xxsmall", width="stretch"):
                note = f": {plain(version.note)}" if version.note else ""
                st.markdown(f"**{_('Version {n}').format(n=version.no)}**{note}")
                st.caption(
                    _("written {time} by {who}").format(
                        time=show.moment(version.made_at), who=plain(version.made_by)
                    )
                )
                if version.no in published:
                    st.caption(
                        _("published {time} by {who}").format(
                            time=show.moment(published[version.no].at),
                            who=plain(published[version.no].by),
                        )
                    )
            if version.no == holds:
                st.badge(_("holds now"), color="green")
            with st.popover(_("What changed"), key=f"changed-{version.no}"):
                _compared(version.no)
            if version.no != holds and who.may("owner"):
                label = _("Bring back") if version.no in published else _("Publish")
                if st.button(label, key=f"publish-{version.no}", icon=":material/history:"):
                    confirm(version.no, holds)


def _compared(no: int) -> None:
    try:
        told = source.bot().instructions_version(no)
    except BotError as error:
        st.error(trouble.said(error))
        return
    changes.show(told.changes)


def confirm(no: int, holds: int | None) -> None:
    """Asks once more, with what will be different for clients."""

    @st.dialog(_("Publish version {n}?").format(n=no), width="medium")
    def ask() -> None:
        try:
            told = source.bot().instructions_version(no, against=holds)
        except BotError as error:
            st.error(trouble.said(error))
            return
        st.markdown(_("From the next message on the assistant answers by it. What changes:"))
        changes.show(told.changes)
        if st.button(_("Publish"), type="primary", key="publish_sure"):
            _publish(no, holds)

    ask()


def _publish(no: int, holds: int | None) -> None:
    try:
        source.bot().publish_instructions(no, replaces=holds or 0)
    except BotError as error:
        st.error(trouble.said(error))
        return
    st.session_state["published"] = no
    source.forget_accounts()
    st.rerun()
