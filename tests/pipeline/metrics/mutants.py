"""Small mistakes in the SQL of metrics, and whether the golden stories notice them.

    python -m tests.pipeline.metrics.mutants [METRIC …] [--survivors]

makes every mutant, runs the stories of its metric until one turns red, and prints how many did. A mutant that no story
can tell from the original, because it counts the same, stands in `equivalent.json` with the reason.
"""

import argparse
import importlib
import inspect
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp

from pipeline.metrics import catalog, metric
from pipeline.window import Window
from tests.pipeline.metrics import telling

EQUIVALENT = Path(__file__).parent / "equivalent.json"
STORIES = (
    "test_waiting",
    "test_traffic",
    "test_assistant",
    "test_outcome",
    "test_machine",
    "test_windows",
)

_FLIPPED: dict[type[exp.Expression], type[exp.Expression]] = {
    exp.LT: exp.LTE,
    exp.LTE: exp.LT,
    exp.GT: exp.GTE,
    exp.GTE: exp.GT,
    exp.EQ: exp.NEQ,
    exp.NEQ: exp.EQ,
    exp.And: exp.Or,
    exp.Or: exp.And,
    exp.Min: exp.Max,
    exp.Max: exp.Min,
    exp.Sum: exp.Avg,
    exp.Avg: exp.Sum,
    exp.Median: exp.Avg,
    exp.ArgMax: exp.ArgMin,
    exp.LogicalOr: exp.LogicalAnd,
    exp.Greatest: exp.Least,
    exp.Least: exp.Greatest,
}
_TURNED = (exp.Sub, exp.Div, exp.IntDiv)

Story = Callable[[], None]


@dataclass(frozen=True)
class Mutant:
    """One small mistake: what was changed into what, and where: the node of the tree, and which of its changes."""

    metric: str
    change: str
    place: int
    nth: int

    @property
    def sql(self) -> str:
        """The whole SQL with the mistake."""
        copy = _tree(self.metric).copy()
        node = next(each for n, each in enumerate(copy.walk()) if n == self.place)
        change = next(each for n, (_, each) in enumerate(_changes(node)) if n == self.nth)
        change(node)
        return _text(copy)


# --- making them ------------------------------------------------------------------------------------------------------


@cache
def mutants(name: str) -> tuple[Mutant, ...]:
    """All of a metric, in the order of its SQL."""
    found: list[Mutant] = []
    times = Counter[str]()
    for place, node in enumerate(_tree(name).walk()):
        for nth, (before, _) in enumerate(_changes(node)):
            said = f"{before} | {_context(node)}"
            times[said] += 1
            label = said if times[said] == 1 else f"{said} #{times[said]}"
            found.append(Mutant(name, label, place, nth))
    return tuple(found)


def _changes(node: exp.Expression) -> Iterator[tuple[str, Callable[[Any], None]]]:
    """What can be done to one place, as words and as a function that does it to the same place of a copy."""
    kind = type(node)
    if kind in _FLIPPED:
        other = _FLIPPED[kind]
        yield f"{kind.__name__} to {other.__name__}", lambda n: n.replace(other(**n.args))
    if isinstance(node, exp.And):
        yield "drop the left of AND", lambda n: n.replace(n.expression)
        yield "drop the right of AND", lambda n: n.replace(n.this)
    if isinstance(node, exp.Not):
        yield "drop NOT", lambda n: n.replace(n.this)
    if isinstance(node, exp.Is):
        yield "IS to IS NOT", lambda n: n.replace(exp.Not(this=n.copy()))
    if isinstance(node, exp.Filter):
        yield "drop FILTER", lambda n: n.replace(n.this)
    if isinstance(node, exp.Where | exp.Having) and not isinstance(node.parent, exp.Filter):
        yield f"drop {kind.__name__}", lambda n: n.pop()
    if isinstance(node, exp.Count) and not isinstance(node.this, exp.Star):
        yield "count all", lambda n: n.set("this", exp.Star())
    if isinstance(node, exp.Coalesce):
        yield "drop coalesce", lambda n: n.replace(n.this)
    if isinstance(node, _TURNED):
        yield (
            f"turn {kind.__name__} round",
            lambda n: n.replace(type(n)(**{**n.args, "this": n.expression, "expression": n.this})),
        )
    if isinstance(node, exp.Literal):
        yield from _other_numbers(node)
    if isinstance(node, exp.Join) and node.side == "LEFT":
        yield "LEFT JOIN to JOIN", lambda n: n.set("side", None)
    if isinstance(node, exp.Ordered) and isinstance(node.parent.parent, exp.Window):
        yield "turn the order round", lambda n: n.set("desc", not n.args.get("desc"))
    if isinstance(node, exp.Select):
        yield from _swapped_columns(node)


def _other_numbers(node: exp.Literal) -> Iterator[tuple[str, Callable[[Any], None]]]:
    if isinstance(node.parent, exp.Interval):
        for step in (-1, 1):
            value = str(int(node.this) + step)
            yield f"{node.this} to {value}", lambda n, v=value: n.replace(exp.Literal.string(v))
    elif not node.is_string and node.this.isdigit():
        for step in (-1, 1):
            value = str(int(node.this) + step)
            yield f"{node.this} to {value}", lambda n, v=value: n.replace(_number(v))
    elif not node.is_string and "." in node.this:
        for step in (-0.05, 0.05):
            value = f"{float(node.this) + step:g}"
            yield f"{node.this} to {value}", lambda n, v=value: n.replace(_number(v))


def _number(text: str) -> exp.Expression:
    return exp.Literal.number(text) if not text.startswith("-") else exp.Neg(this=_number(text[1:]))


def _swapped_columns(node: exp.Select) -> Iterator[tuple[str, Callable[[Any], None]]]:
    columns = node.expressions
    for n in range(len(columns) - 1):
        if all(isinstance(each, exp.Alias) for each in columns[n : n + 2]):
            names = f"swap {columns[n].alias} and {columns[n + 1].alias}"
            yield names, lambda s, at=n: _swap(s.expressions[at], s.expressions[at + 1])


def _swap(left: exp.Alias, right: exp.Alias) -> None:
    one, other = left.this, right.this
    left.set("this", other.copy())
    right.set("this", one.copy())


def _context(node: exp.Expression) -> str:
    """The words around the place, to find it by; a whole SELECT is known by its CTE."""
    if isinstance(node, exp.Select | exp.Where | exp.Having):
        cte = node.find_ancestor(exp.CTE)
        return f"in {cte.alias}" if cte else "in the answer"
    around = node
    while isinstance(around, exp.Literal | exp.Interval | exp.Neg | exp.Paren):
        around = around.parent
    return " ".join(_text(around).split())[:160]


@cache
def _tree(name: str) -> exp.Expression:
    return sqlglot.parse_one(metric(name).sql, dialect="duckdb")


def _text(tree: exp.Expression) -> str:
    return str(tree.sql(dialect="duckdb"))


# --- trying them ------------------------------------------------------------------------------------------------------


class Trial:
    """The stories by the metrics that they ask, those that noticed most first."""

    def __init__(self) -> None:
        self._stories = _by_metric()
        self._noticed: Counter[tuple[str, int]] = Counter()

    def survives(self, mutant: Mutant) -> bool | None:
        """Whether all stories stay green; None when it is no other SQL, or one that cannot even be asked."""
        original, sql = catalog()[mutant.metric], mutant.sql
        if sql == given_back(mutant.metric):
            return None
        catalog()[mutant.metric] = replace(original, sql=sql)
        try:
            return None if _is_stillborn(mutant) else self._stays_green(mutant.metric)
        finally:
            catalog()[mutant.metric] = original

    def _stays_green(self, name: str) -> bool:
        stories = self._stories[name]
        for n in sorted(range(len(stories)), key=lambda n: -self._noticed[name, n]):
            try:
                stories[n]()
            except Exception:
                self._noticed[name, n] += 1
                return False
        return True


def _is_stillborn(mutant: Mutant) -> bool:
    con = telling.told([])
    try:
        metric(mutant.metric).ask(con, Window.of_days(telling.DAY, telling.DAY))
    except (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException):
        return True
    except duckdb.Error:
        return False
    return False


@cache
def _by_metric() -> dict[str, list[Story]]:
    """Which stories ask which metric, by the names that their code and their helpers' speak of."""
    found: dict[str, list[Story]] = {name: [] for name in catalog()}
    for module in (importlib.import_module(f"{__package__}.{name}") for name in STORIES):
        for case, story in _told_in(module):
            named = {case["name"]} if "name" in case else _spoken_of(story.func, module)
            for name in named & set(found):
                found[name].append(story)
    return found


def _spoken_of(function: Any, module: Any) -> set[str]:
    """All texts in the code of a function, and of the functions of its module that it calls."""
    texts: set[str] = set()
    codes, seen = [function.__code__], set()
    while codes:
        code = codes.pop()
        if code in seen:
            continue
        seen.add(code)
        for each in code.co_consts:
            texts |= {each} if isinstance(each, str) else set()
            texts |= (
                {text for text in each if isinstance(text, str)}
                if isinstance(each, tuple)
                else set()
            )
            codes += [each] if inspect.iscode(each) else []
        helpers = (getattr(module, name, None) for name in code.co_names)
        codes += [
            h.__code__ for h in helpers if inspect.isfunction(h) and h.__module__ == module.__name__
        ]
    return texts


def _told_in(module: Any) -> Iterator[tuple[dict[str, Any], partial[None]]]:
    """The tests of a module, each with all of its parameters."""
    for name, test in inspect.getmembers(module, inspect.isfunction):
        if name.startswith("test_") and test.__module__ == module.__name__:
            yield from _with_parameters(test)


def _with_parameters(test: Callable[..., None]) -> Iterator[tuple[dict[str, Any], partial[None]]]:
    cases: list[dict[str, Any]] = [{}]
    for mark in getattr(test, "pytestmark", []):
        names, values = mark.args
        wanted = [each.strip() for each in names.split(",")] if isinstance(names, str) else names
        rows = [value if len(wanted) > 1 else (value,) for value in values]
        cases = [{**case, **dict(zip(wanted, row, strict=True))} for case in cases for row in rows]
    for case in cases:
        yield case, partial(test, **case)


# --- telling what came of it ------------------------------------------------------------------------------------------


def equivalent() -> dict[str, dict[str, str]]:
    """By metric: the change, and why it counts the same."""
    found: dict[str, dict[str, str]] = json.loads(EQUIVALENT.read_text(encoding="utf-8"))
    return found


def chosen(names: Sequence[str], sample: int | None = None, seed: int = 1) -> list[Mutant]:
    """The mutants that count otherwise, or so many of them."""
    known = equivalent()
    every = [
        each
        for name in names
        for each in mutants(name)
        if each.change not in known.get(name, {}) and each.change not in known["*"]
    ]
    if sample is None or sample >= len(every):
        return every
    return sorted(random.Random(seed).sample(every, sample), key=lambda each: each.metric)


def given_back(name: str) -> str:
    """The SQL of a metric as it comes back from the parser, without any mistake."""
    return _text(_tree(name))


def survivors(of: Sequence[Mutant]) -> tuple[list[Mutant], int]:
    """Those that no story noticed, and how many could be asked at all."""
    trial = Trial()
    found = [(each, trial.survives(each)) for each in of]
    return [each for each, lives in found if lives], sum(lives is not None for _, lives in found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="METRIC")
    parser.add_argument("--survivors", action="store_true", help="print them")
    options = parser.parse_args()
    total = killed = 0
    for name in options.names or list(catalog()):
        alive, asked = survivors(chosen([name]))
        total, killed = total + asked, killed + asked - len(alive)
        print(f"{name:24} {asked:4} mutants, {len(alive):3} survive")
        for each in alive if options.survivors else ():
            print(f"    {each.change}")
    print(f"{killed} of {total} noticed: {killed / total:.1%}")


if __name__ == "__main__":
    main()
