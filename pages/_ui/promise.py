"""Answers in time: the promised time, how often it was kept, and the dialogs in which it was not."""

from pages._ui import changes, empty, reading, show
from pages._ui.answers import Row, answer, before, periods, whole
from pages._ui.i18n import _, later
from pages._ui.pieces.html import escape, joined, link, style, tag
from pages._ui.pieces.numbers import course
from pages._ui.scope import Scope
from pages._ui.see import spot
from pages._ui.words import CELLS

SLA = "sla"
TARGETS = (60, 300, 900, 3600, 14_400, 86_400)
"""Seconds that can be chosen with a press; the address takes any other."""

WAITS = CELLS["wait"]
OUTCOMES = (("met", later("in time"), "s2"), ("breached", later("late or never"), "never"))


def told(scope: Scope) -> str:
    """The choice of the promised time, and a bar for the first answers and for all of them."""
    kinds = [(kind, whole(answer(SLA, scope), wait=kind)) for kind in WAITS]
    shown = [_kind(scope, kind, now) for kind, now in kinds if now.get("offered")]
    if not shown:
        said = _("No answer has been due in this period yet.")
        return choice(scope) + empty.nothing_here(scope, said)
    return choice(scope) + tag("div", joined(shown), _class="wholes") + _names() + _not_due(scope)


def choice(scope: Scope) -> str:
    """The promised times beside each other; the one that holds is no link."""
    chosen = scope.view.target
    parts = [
        tag("b", escape(show.promised(seconds)), aria_current="true")
        if seconds == chosen
        else link(escape(show.promised(seconds)), scope.view.but(target=seconds).link())
        for seconds in sorted({*TARGETS, chosen})
    ]
    said = (
        _("Promised, counting working hours, within") if scope.view.hours else _("Promised within")
    )
    return tag("div", tag("span", escape(said)) + joined(parts), _class="promise")


def _kind(scope: Scope, kind: str, now: Row) -> str:
    then = whole(before(SLA, scope), wait=kind)
    change = changes.shares(now["met"], now["offered"], then.get("met"), then.get("offered"))
    by_period = periods(answer(SLA, scope))
    by_period = by_period[by_period["wait"] == kind]
    name = _(WAITS[kind])
    head = joined(
        (
            tag("b", escape(name)),
            tag("strong", escape(show.percent(now["attainment"], 1))),
            tag("span", escape(change.said), _class=f"change {change.colour}") if change else "",
            tag("span", escape(_of(now))),
        )
    )
    bar = tag(
        "div", joined(_part(scope, kind, name, now, *each) for each in OUTCOMES), _class="bar"
    )
    line = course(reading.column(by_period, "attainment"))
    return tag("div", tag("div", head, _class="kept") + bar + line, _class="whole")


def _of(now: Row) -> str:
    sure = reading.interval(now["low"], now["high"])
    return " · ".join(filter(None, (reading.part(now["met"], now["offered"]), sure)))


def _part(scope: Scope, kind: str, name: str, now: Row, outcome: str, title: str, tone: str) -> str:
    share = now[outcome] / now["offered"]
    if not share:
        return ""
    said = f"{_(title)}: {show.number(now[outcome])}"
    return link(
        tag("span", escape(show.percent(share)) if share >= 0.075 else "", aria_hidden="true"),
        scope.link(see=spot(SLA, outcome, wait=kind)),
        f"part {tone}",
        f"{name}, {said}",
        style=style(share=f"{share:.4f}"),
        title=said,
    )


def _names() -> str:
    return tag(
        "ul",
        joined(
            tag("li", tag("i", _class=f"dot {tone}", aria_hidden="true") + escape(_(title)))
            for _outcome, title, tone in OUTCOMES
        ),
        _class="names",
    )


def _not_due(scope: Scope) -> str:
    """Who waits, and not too long yet: neither kept nor broken."""
    waiting = whole(answer(SLA, scope), wait="every").get("not_due")
    if not waiting:
        return ""
    said = _("Their time is not over yet, they count nowhere: {n}").format(n=show.number(waiting))
    see = scope.link(see=spot(SLA, "not_due", wait="every"))
    return tag("p", link(escape(said), see), _class="quiet small")
