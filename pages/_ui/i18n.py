"""The dashboard's two languages: every visible string goes through `_`."""

import functools
import gettext
import io
from pathlib import Path

import streamlit as st
from babel.messages import mofile, pofile

LANGUAGES = ("ru", "en")
"""The first is the default."""

COOKIE = "lang"
LOCALE = Path(__file__).parent / "locale"


def lang() -> str:
    """The language of the person who looks: chosen in this session, else remembered, else Russian."""
    chosen = st.session_state.get("lang")
    return known(chosen or st.context.cookies.get(COOKIE))


def known(code: str | None) -> str:
    """`code` if it is a language of ours, else the default."""
    return code if code in LANGUAGES else LANGUAGES[0]


@functools.cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The translations from English, compiled in memory; English needs none."""
    if language == "en":
        return gettext.NullTranslations()
    with (LOCALE / language / "LC_MESSAGES" / "dashboard.po").open("rb") as file:
        catalog = pofile.read_po(file, locale=language)
    compiled = io.BytesIO()
    mofile.write_mo(compiled, catalog)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _(text: str) -> str:
    """`text` in the language of the person who looks."""
    return catalogue(lang()).gettext(text)


def n_(one: str, many: str, n: int) -> str:
    """The form that fits `n`; the number itself is put in by the caller."""
    return catalogue(lang()).ngettext(one, many, n)


def later(text: str) -> str:
    """Marks a string that `_` translates where it is shown."""
    return text
