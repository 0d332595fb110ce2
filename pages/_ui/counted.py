"""How a number is counted: the definition from the catalogue, with its version and its SQL."""

import re
from collections.abc import Sequence

import streamlit as st

from pages._ui import see
from pages._ui.answers import language
from pages._ui.i18n import _
from pages._ui.pieces.html import escape, joined, tag
from pipeline import Metric, catalog

NONE = ("none", "нет")
"""What a header says where there is no unit, or nothing that shares are of."""


def show(names: Sequence[str]) -> None:
    """The definitions one below the other, in the reader's language."""
    st.html(joined(definition(catalog()[name]) for name in names))


def definition(metric: Metric) -> str:
    tongue = language()
    told = metric.facts(tongue)
    facts = {
        _("Unit"): told["unit"],
        _("Of what"): told["denominator"],
        _("One row"): told["grain"],
        _("Version of the definition"): str(metric.version),
        _("Name"): metric.name,
    }
    named = joined(
        tag("div", tag("dt", escape(name)) + tag("dd", _with_names(value)))
        for name, value in facts.items()
        if value not in NONE
    )
    sql = tag(
        "details",
        tag("summary", _("The SQL that counts it"))
        + tag("pre", tag("code", escape(metric.sql)), tabindex="0"),
    )
    return tag(
        "section",
        tag("h3", escape(metric.title(tongue)))
        + tag("p", escape(metric.asks(tongue)), _class="asks")
        + tag("p", _with_names(metric.notes(tongue)))
        + (tag("p", escape(see.why_closed()), _class="asks") if metric.name in see.CLOSED else "")
        + tag("dl", named, _class="facts")
        + sql,
        _class="definition",
    )


def _with_names(text: str) -> str:
    """Names of columns, which stand between backquotes, as code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))
