"""Which listings moved the numbers of the morning most, against the span before."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pages._ui import changes, show
from pages._ui.answers import Row, answer, rows
from pages._ui.changes import Change
from pages._ui.i18n import _
from pages._ui.pieces.html import escape, joined, link, tag
from pages._ui.scope import Scope
from pages._ui.see import spot

CHANGES = "listing_changes"
MOST = 4


@dataclass(frozen=True)
class Mover:
    """A listing in one of the lists: how far it moved the number, how that is said, and what opens."""

    listing: Row
    weight: float
    change: Change
    said: str
    opens: str


def told(scope: Scope) -> str:
    """Three lists beside each other: dialogs, leads, first answers in time."""
    found = rows(answer(CHANGES, scope))
    sure = changes.sure_among(len(found))
    in_time = _("First answers within {time}").format(time=show.promised(scope.view.target))
    lists = (
        (_("Dialogs"), _most(_of_count(row, "dialogs", sure) for row in found)),
        (_("Leads"), _most(_of_count(row, "leads", sure) for row in found)),
        (in_time, _most(_of_answers(row, sure) for row in found)),
    )
    return tag("div", joined(_list(scope, *each) for each in lists), _class="movers")


def _most(movers: Iterable[Mover]) -> list[Mover]:
    """Those that moved the number at all, the farthest first, up or down."""
    return sorted((m for m in movers if m.weight), key=lambda m: -abs(m.weight))[:MOST]


def _of_count(row: Row, number: str, sure: float) -> Mover:
    now, then = row[number], row[f"{number}_before"]
    said = _("{now} after {then}").format(now=show.number(now), then=show.number(then))
    change = changes.counts(now, then, sure=sure) or _begun(now, sure)
    return Mover(row, now - then, change, said, number if now else f"{number}_before")


def _begun(now: int, sure: float) -> Change:
    """After none before there is no percentage."""
    return Change(f"↑ +{show.number(now)}", "good" if math.sqrt(now) > sure else "plain", 1.0)


def _of_answers(row: Row, sure: float) -> Mover:
    """The weight is in points of the whole share: a listing that few ask about moves little."""
    kept, kept_before = row["in_time"], row["in_time_before"]
    # Where one of the spans had no answer there is no difference, and the listing moved the share all the same.
    change = changes.shares(
        kept, kept + row["late"], kept_before, kept_before + row["late_before"], sure=sure
    ) or Change(show.NOTHING, "plain", 0.0)
    said = _("{now} after {then}").format(
        now=show.percent(row["attainment"]), then=show.percent(row["attainment_before"])
    )
    opens = next(
        (name for name in ("late", "in_time", "late_before") if row[name]), "in_time_before"
    )
    return Mover(row, row["in_time_points"] or 0.0, change, said, opens)


def _list(scope: Scope, title: str, movers: Sequence[Mover]) -> str:
    if movers:
        told = tag("ul", joined(_item(scope, each) for each in movers), _class="news")
    else:
        told = tag("p", escape(_("As in the span before.")), _class="quiet")
    return tag("section", tag("h4", escape(title)) + told)


def _item(scope: Scope, mover: Mover) -> str:
    number = mover.listing["listing_id"]
    name = mover.listing["title"] or (str(number) if number else _("Without a listing"))
    badge = tag("span", escape(mover.change.said), _class=f"change {mover.change.colour}")
    words = tag("span", escape(name) + tag("small", escape(mover.said)))
    see = spot(CHANGES, mover.opens, listing_id=number)
    return tag("li", link(badge + words, scope.link(see=see)))
