"""How much what was found weighs: a judge's word, beside what the clause looks like.

Each judge knows one kind of claim and is sometimes wrong, most often in a trade that it has never met. Over all of them
stands a sum of small weights (logistic regression, `weights.json`): which judge spoke, and the clause's mood, words and
amounts (`signs.py`). A finding that it does not believe is dropped; a clause that it takes for a made-up claim although
no judge did is a finding of its own. The same reply always weighs the same.
"""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from math import exp
from pathlib import Path

from bot.assistant.guard.amounts import CLOCK, DATE, PCT, TIME
from bot.assistant.guard.kin import part
from bot.assistant.guard.reading import Clause
from bot.assistant.guard.signs import Signs
from bot.assistant.guard.sums import is_money
from bot.assistant.guard.talk import Finding, Kind, Talk

BELIEVED = 0.35
"""The chance of a made-up claim from which a judge's finding stands."""

OVERLOOKED = 0.45
"""The chance from which a clause is stopped although no judge found anything in it."""

CERTAIN = frozenset(("phones", "links", "places"))
"""Judges who compare letter by letter: what they find stands, whatever the clause looks like."""

_FILE = Path(__file__).with_name("weights.json")
_REASON = "Похоже на утверждение, которого в сведениях о продавце нет."


@cache
def _weights() -> tuple[float, Sequence[float]]:
    weights = json.loads(_FILE.read_text("utf-8"))
    return weights.pop("bias"), tuple(weights.values())


def chance(signs: Signs) -> float:
    """From 0 to 1: how likely a clause claims something that nobody told the assistant."""
    bias, weights = _weights()
    total = bias + sum(
        weight * value for weight, (_, value) in zip(weights, signs.named(), strict=True)
    )
    return 1 / (1 + exp(-max(min(total, 50.0), -50.0)))


def weighed(talk: Talk, found: Sequence[tuple[str, Finding]]) -> Iterator[Finding]:
    """Of what the judges found what is to be believed, and what all of them overlooked. `found`: who, what."""
    believed: dict[tuple[str, Finding], float] = {}
    for clause in talk.reply.clauses:
        start, end = talk.reply.plain.source_span(clause.start, clause.end)
        here = [one for one in found if one[1].start < end and start < one[1].end]
        signs = Signs(talk, clause, {(judge, one.kind) for judge, one in here})
        if not (here or signs.tells):
            continue
        likelihood = chance(signs)
        for one in here:
            believed[one] = max(likelihood, believed.get(one, 0.0))
        if not here and likelihood >= OVERLOOKED:
            yield talk.finding(_kind(talk, clause), clause.start, clause.end, _REASON)
    for judge, finding in found:
        # One that lies in no clause, as between two of them, was not weighed.
        if judge in CERTAIN or believed.get((judge, finding), 1.0) >= BELIEVED:
            yield finding


def _kind(talk: Talk, clause: Clause) -> Kind:
    """What an overlooked claim is about, by its amounts and verbs."""
    units = {one.unit for one in clause.amounts}
    if PCT in units:
        return "discount"
    if any(is_money(one, talk.reply) for one in clause.amounts):
        return "price"
    if units & {TIME, CLOCK, DATE}:
        return "date"
    return "delivery" if any(part(one) == "deed" for one in clause.words) else "stock"
