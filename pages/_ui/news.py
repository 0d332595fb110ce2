"""What changed against the span before, in sentences: only what is more than chance."""

from collections.abc import Iterator

from pages._ui import changes, show
from pages._ui.answers import answer, before, whole
from pages._ui.changes import Change
from pages._ui.i18n import _
from pages._ui.pieces.html import escape, joined, link, tag
from pages._ui.scope import Scope
from pages._ui.see import spot


def told(scope: Scope) -> str:
    """The list, best and worst alike."""
    if scope.before is None:
        return tag("p", escape(_("There is no span before to compare with.")), _class="quiet")
    lines = [
        tag(
            "li",
            link(
                tag("span", escape(change.said), _class=f"change {change.colour}")
                + tag("span", escape(said)),
                scope.link(see=see),
            ),
        )
        for said, change, see in _found(scope)
        if change and change.is_sure
    ]
    if not lines:
        said = _("Nothing that chance would not explain: the numbers are as they were.")
        return tag("p", escape(said), _class="quiet")
    return tag("ul", joined(lines), _class="news")


def _found(scope: Scope) -> Iterator[tuple[str, Change | None, str]]:
    now, then = whole(answer("dialogs", scope)), whole(before("dialogs", scope))
    yield (
        _("Dialogs: {now} after {then}").format(
            now=show.number(now["dialogs"]), then=show.number(then.get("dialogs"))
        ),
        changes.counts(now["dialogs"], then.get("dialogs")),
        spot("dialogs"),
    )
    yield (
        _("Clients who came back: {now} after {then}").format(
            now=show.number(now["returning_clients"]),
            then=show.number(then.get("returning_clients")),
        ),
        changes.counts(now["returning_clients"], then.get("returning_clients")),
        spot("dialogs", "returning_clients"),
    )
    yield (
        _("Share with the assistant: {now} after {then}").format(
            now=show.percent(_share(now, "with_assistant")),
            then=show.percent(_share(then, "with_assistant")),
        ),
        changes.shares(
            now["with_assistant"], now["dialogs"], then.get("with_assistant"), then.get("dialogs")
        ),
        spot("dialogs", "with_assistant"),
    )
    yield from _of_waiting(scope)
    sold, sold_then = (
        whole(answer("lead_conversion", scope)),
        whole(before("lead_conversion", scope)),
    )
    yield (
        _("Leads: {now} after {then}").format(
            now=show.number(sold["leads"]), then=show.number(sold_then.get("leads"))
        ),
        changes.counts(sold["leads"], sold_then.get("leads")),
        spot("lead_conversion", "leads"),
    )
    yield (
        _("Conversion to lead: {now} after {then}").format(
            now=show.percent(sold["conversion"], 1),
            then=show.percent(sold_then.get("conversion"), 1),
        ),
        changes.shares(
            sold["leads"], sold["dialogs"], sold_then.get("leads"), sold_then.get("dialogs")
        ),
        spot("lead_conversion", "leads"),
    )


def _of_waiting(scope: Scope) -> Iterator[tuple[str, Change | None, str]]:
    now = whole(answer("first_response", scope), answered_by="all")
    then = whole(before("first_response", scope), answered_by="all")
    if not now or not then:
        return
    for column, said, less_is_better in (
        ("within_5_min", _("Answered within 5 minutes: {now} after {then}"), False),
        ("never", _("Never answered: {now} after {then}"), True),
    ):
        yield (
            said.format(now=show.percent(now[column]), then=show.percent(then[column])),
            changes.shares(
                now[column] * now["dialogs"],
                now["dialogs"],
                then[column] * then["dialogs"],
                then["dialogs"],
                less_is_better=less_is_better,
            ),
            spot("first_response", column),
        )


def _share(row: dict[str, float], column: str) -> float | None:
    return row[column] / row["dialogs"] if row.get("dialogs") else None
