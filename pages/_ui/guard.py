"""Who looks at the page, and what they may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages._ui.door import session
from pages._ui.i18n import _


@dataclass(frozen=True)
class Person:
    """`user` is an e-mail or the role's own name."""

    user: str
    role: str

    def may(self, role: str) -> bool:
        """Whether the person's role is `role` or more."""
        return session.ROLES.index(self.role) >= session.ROLES.index(role)


def require(role: str) -> Person:
    """The person, if their role is `role` or more; otherwise the page ends here.

    The session is looked at again on every run: a page that stays open must not outlive it.
    """
    told = _told()
    if told.get("role") not in session.ROLES or _is_over(told):
        st.warning(_("Your session is over. Log in again."), icon=":material/lock:")
        st.link_button(_("Log in"), "/logout", type="primary")
        st.stop()
    who = Person(str(told.get("email") or ""), str(told["role"]))
    if not who.may(role):
        st.warning(_("Your role does not open this page."), icon=":material/lock:")
        st.stop()
    return who


def person() -> Person:
    """Whoever it is, as long as they are logged in."""
    return require("viewer")


def _told() -> Mapping[str, object]:
    """What the gate says of the person. As `st.user` has it, which looks for a file of secrets at
    each question."""
    run = get_script_run_ctx()
    return run.user_info if run else {}


def _is_over(told: Mapping[str, object]) -> bool:
    until = int(str(told.get("until") or 0))
    return until < datetime.now(UTC).timestamp() or session.has_ended(str(told.get("session")))
