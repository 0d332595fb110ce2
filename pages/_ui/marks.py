"""What was changed while the numbers were made: switches, modes, silence, prompts, prices."""

import pandas as pd

from pages._ui import lake, show
from pages._ui.answers import answer, rows
from pages._ui.control.words import MODES
from pages._ui.figures import Mark
from pages._ui.i18n import _
from pages._ui.pieces.html import escape
from pages._ui.scope import Scope
from pages._ui.words import word

MOST = 60
"""More changes than these in one window are no news, and would cover the lines."""


def of(scope: Scope) -> list[Mark]:
    """The changes within the window, on its clock; texts are safe to stand in a figure."""
    found = rows(answer("marks", scope))
    return [Mark(pd.Timestamp(row["period"]), escape(said(scope, row))) for row in found[:MOST]]


def said(scope: Scope, row: dict[str, object]) -> str:
    """A change in words."""
    listing = lake.listings(sample=scope.view.is_sample).get(int(str(row["listing_id"] or 0)))
    name = listing.name if listing else ""
    old, new = str(row["before"] or ""), str(row["after"] or "")
    if row["what"] == "price":
        return _("{listing}: price {new} after {old}").format(
            listing=name, new=_money(new), old=_money(old)
        )
    if row["what"] == "switch":
        text = _("{listing}: assistant on") if new == "on" else _("{listing}: assistant off")
        return text.format(listing=name)
    if row["what"] == "mode":
        return _("{listing}: mode “{new}” after “{old}”").format(
            listing=name, new=word(MODES, new), old=word(MODES, old)
        )
    if row["what"] == "silence":
        return _("Silence everywhere: on") if new == "on" else _("Silence everywhere: off")
    return _("Instructions {new} after {old}").format(new=new, old=old)


def _money(text: str) -> str:
    return show.money(float(text)) if text.isdecimal() else text
