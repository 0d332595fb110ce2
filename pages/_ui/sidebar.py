"""The lower part of the sidebar: is the bot up, which language, who am I."""

from pathlib import Path

import streamlit as st

from bot.client import BotError
from pages._ui import bell, i18n, source
from pages._ui.control import silence
from pages._ui.guard import Person
from pages._ui.i18n import _, later

STATIC = Path(__file__).parent / "static"
ROLES = {"owner": later("Owner"), "manager": later("Manager"), "viewer": later("Viewer")}


def show(who: Person, language: str) -> None:
    theme = "dark" if st.context.theme.type == "dark" else "light"
    st.logo(str(STATIC / f"logo_{language}_{theme}.svg"), icon_image=str(STATIC / "icon.svg"))
    with st.sidebar:
        _bot_line()
        bell.ring()
        silence.switch(who)
        with st.container(horizontal=True, vertical_alignment="center", key="sidebar_foot"):
            _language_switch(language)
            st.html(
                f'<a class="sign-out" href="/logout" target="_self">{_("Log out")}</a>',
                width="content",
            )
        name = who.user if "@" in who.user else _(ROLES[who.role])
        st.caption(_("You are logged in as {name}").format(name=name))


def _language_switch(language: str) -> None:
    st.segmented_control(
        _("Language"),
        i18n.LANGUAGES,
        default=language,
        required=True,
        format_func=str.upper,
        key="lang_choice",
        label_visibility="collapsed",
        on_change=_remember_language,
    )
    if st.session_state.get("lang"):
        st.html(
            f"<script>document.cookie='{i18n.COOKIE}={language}; path=/; max-age=31536000; "
            "samesite=lax'</script>",
            unsafe_allow_javascript=True,
        )


def _remember_language() -> None:
    i18n.choose(st.session_state["lang_choice"])


@st.fragment(run_every=15)
def _bot_line() -> None:
    try:
        status = source.recent("health", lambda bot: bot.health()).status
    except BotError:
        status = "gone"
    colour, text = {
        "ok": ("green", _("The assistant is at work")),
        "degraded": ("orange", _("The assistant works with difficulty")),
        "down": ("red", _("The assistant is not ready")),
        "gone": ("red", _("The bot does not answer")),
    }.get(status, ("gray", status))
    st.markdown(f":{colour}[●] :{colour}[{text}]")
