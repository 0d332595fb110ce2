"""The dashboard's two languages: every visible string goes through `_`."""

import functools
import gettext
import io
from contextvars import ContextVar
from pathlib import Path

import streamlit as st
from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog
from streamlit.runtime.scriptrunner import get_script_run_ctx

LANGUAGES = ("ru", "en")
"""The first is the default."""

COOKIE = "lang"
LOCALE = Path(__file__).parent / "locale"
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)
"""The language of this thread, which works for one session: a page asks a thousand times."""


def lang() -> str:
    """The language of the person who looks: chosen in this session, else remembered, else Russian."""
    found = _spoken.get()
    if found is None:
        found = known(st.session_state.get("lang") or st.context.cookies.get(COOKIE))
        if get_script_run_ctx():
            _spoken.set(found)
    return found


def choose(code: str) -> None:
    """The person wants this language from now on."""
    st.session_state["lang"] = known(code)
    _spoken.set(known(code))


def known(code: str | None) -> str:
    """`code` if it is a language of ours, else the default."""
    return code if code in LANGUAGES else LANGUAGES[0]


@functools.cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The translations from English, compiled in memory; English needs none."""
    if language == "en":
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    mofile.write_mo(compiled, written(language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def written(language: str) -> Catalog:
    """What all files of the language say together: each room of the dashboard may have its own."""
    whole = Catalog(locale=language)
    for path in sorted((LOCALE / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in pofile.read_po(file, locale=language):
                if message.id:
                    whole[message.id] = message
    return whole


def _(text: str) -> str:
    """`text` in the language of the person who looks."""
    return catalogue(lang()).gettext(text)


def n_(one: str, many: str, n: int) -> str:
    """The form that fits `n`; the number itself is put in by the caller."""
    return catalogue(lang()).ngettext(one, many, n)


def later(text: str) -> str:
    """Marks a string that `_` translates where it is shown."""
    return text
