"""How well the assistant's parts do on labelled rows."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from bot.assistant.personal import PLACEHOLDERS, find_personal
from bot.assistant.phones import find_phones

T = TypeVar("T")
Row = dict[str, Any]
Found = tuple[int, int, str]


class BadRow(ValueError):
    """A row that is not of the shape its kind has; the message says what is wrong."""


@dataclass(frozen=True)
class Figures:
    """Counts of right, surplus and missed findings; `exact` are right to the character."""

    right: int = 0
    surplus: int = 0
    missed: int = 0
    exact: int = 0

    @property
    def precision(self) -> float:
        """The share of findings that are right; 1 if nothing was found."""
        return self.right / found if (found := self.right + self.surplus) else 1.0

    @property
    def recall(self) -> float:
        """The share of labels that were found; 1 if there are none."""
        return self.right / labelled if (labelled := self.right + self.missed) else 1.0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.right + other.right,
            self.surplus + other.surplus,
            self.missed + other.missed,
            self.exact + other.exact,
        )

    def as_json(self) -> dict[str, float | int]:
        return {**asdict(self), "precision": self.precision, "recall": self.recall}


@dataclass(frozen=True)
class Outcome:
    """What came of one row: what was expected, what was found, by kind how that compares."""

    id: str
    expected: list[Any]
    found: list[Any]
    figures: Mapping[str, Figures]
    whole: Figures | None = None  # of the row, where rows count and not what is labelled in them

    @property
    def ok(self) -> bool:
        counted = self.figures.values() if self.whole is None else (self.whole,)
        return not any(one.surplus or one.missed for one in counted)


@dataclass(frozen=True)
class Evaluation:
    """All outcomes of one kind of rows, with the sums over them."""

    kind: str
    outcomes: list[Outcome]
    by_kind: Mapping[str, Figures] = field(init=False)

    def __post_init__(self) -> None:
        sums: dict[str, Figures] = {}
        for outcome in self.outcomes:
            for kind, figures in outcome.figures.items():
                sums[kind] = sums.get(kind, Figures()) + figures
        object.__setattr__(self, "by_kind", dict(sorted(sums.items())))

    @property
    def total(self) -> Figures:
        """Over rows where rows count, else over all that is labelled."""
        rows = [one.whole for one in self.outcomes if one.whole is not None]
        return sum(rows or self.by_kind.values(), Figures())

    @property
    def false_blocks(self) -> float | None:
        """The share of rows without a label in which something was found; None where rows do not count."""
        clean = [one for one in self.outcomes if one.whole is not None and not one.expected]
        if not clean:
            return None
        return sum(bool(one.whole and one.whole.surplus) for one in clean) / len(clean)

    @property
    def precision(self) -> float:
        return self.total.precision

    @property
    def recall(self) -> float:
        return self.total.recall

    def as_json(self) -> dict[str, Any]:
        """Everything, ready for json.dumps."""
        return {
            "kind": self.kind,
            "rows": len(self.outcomes),
            "rows_ok": sum(outcome.ok for outcome in self.outcomes),
            **self.total.as_json(),
            **({} if self.false_blocks is None else {"false_blocks": self.false_blocks}),
            "by_kind": {kind: figures.as_json() for kind, figures in self.by_kind.items()},
            "outcomes": [
                {"id": one.id, "ok": one.ok, "expected": one.expected, "found": one.found}
                for one in self.outcomes
            ],
        }

    def as_text(self) -> str:
        """A line for each row, then the figures."""
        lines = [_row_line(outcome) for outcome in self.outcomes]
        if len(self.by_kind) > 1:
            lines += [_figures_line(kind, figures) for kind, figures in self.by_kind.items()]
        good = sum(outcome.ok for outcome in self.outcomes)
        return "\n".join(
            [
                *lines,
                _figures_line("all", self.total),
                *([] if self.false_blocks is None else [f"false blocks: {self.false_blocks:.3f}"]),
                f"rows right: {good} of {len(self.outcomes)}",
            ]
        )


def _row_line(outcome: Outcome) -> str:
    if outcome.ok:
        return f"ok    {outcome.id}"
    expected, found = (
        json.dumps(one, ensure_ascii=False) for one in (outcome.expected, outcome.found)
    )
    return f"wrong {outcome.id}: expected {expected}, found {found}"


def _figures_line(name: str, figures: Figures) -> str:
    return (
        f"{name:<10} precision {figures.precision:.3f}  recall {figures.recall:.3f}"
        f"  right {figures.right}  surplus {figures.surplus}  missed {figures.missed}"
        f"  exact {figures.exact}"
    )


def _judge_phones(row: Row) -> Outcome:
    expected = _field(row, "phones", list)
    if not all(isinstance(phone, str) for phone in expected):
        raise BadRow("`phones` holds something else than strings")
    found = list(dict.fromkeys(phone.e164 for phone in find_phones(_field(row, "text", str))))
    right = len(set(expected) & set(found))
    figures = Figures(right, len(found) - right, len(set(expected)) - right, right)
    return Outcome(_id(row), expected, found, {"phone": figures})


def _judge_masking(row: Row) -> Outcome:
    text = _field(row, "text", str)
    expected = [_span(one, text) for one in _field(row, "spans", list)]
    found: list[Found] = [(one.start, one.end, one.kind) for one in find_personal(text)]
    pairs = _pair(expected, found)
    kinds = {kind for *_, kind in [*expected, *found]}
    figures = {kind: _compare(kind, expected, found, pairs) for kind in kinds}
    return Outcome(_id(row), [list(one) for one in expected], [list(one) for one in found], figures)


def _pair(expected: list[Found], found: list[Found]) -> list[tuple[Found, Found]]:
    """Each label with the finding of its kind that covers the same text, at least half of both."""
    left, pairs = list(found), []
    for label in expected:
        fitting = [one for one in left if one[2] == label[2] and _overlap(one, label) >= 0.5]
        if fitting:
            best = max(fitting, key=lambda one: _overlap(one, label))
            left.remove(best)
            pairs.append((label, best))
    return pairs


def _overlap(one: Found, other: Found) -> float:
    """Shared characters by characters of both together."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared / (max(one[1], other[1]) - min(one[0], other[0])) if shared > 0 else 0.0


def _compare(
    kind: str, expected: list[Found], found: list[Found], pairs: list[tuple[Found, Found]]
) -> Figures:
    counts = Counter(label[2] for label, _ in pairs)
    right = counts[kind]
    return Figures(
        right=right,
        surplus=sum(one[2] == kind for one in found) - right,
        missed=sum(one[2] == kind for one in expected) - right,
        exact=sum(label == one for label, one in pairs if label[2] == kind),
    )


def _span(one: object, text: str) -> Found:
    match one:
        case [int(start), int(end), str(kind)] if (
            0 <= start < end <= len(text) and kind in PLACEHOLDERS
        ):
            return start, end, kind
    raise BadRow(f"{json.dumps(one, ensure_ascii=False)} is not [start, end, kind] within the text")


def _field(row: Row, name: str, kind: type[T]) -> T:
    value = row.get(name)
    if not isinstance(value, kind):
        raise BadRow(f"`{name}` is missing or not a {kind.__name__}")
    return value


def _id(row: Row) -> str:
    return _field(row, "id", str)


# A judge runs the production function over one row. Other kinds add theirs with `register`.
_JUDGES: dict[str, Callable[[Row], Outcome]] = {}


def register(kind: str, judge: Callable[[Row], Outcome]) -> None:
    """Make rows of `kind` known; `judge` raises BadRow for a row that it cannot read."""
    _JUDGES[kind] = judge


def field_of(row: Row, name: str, kind: type[T]) -> T:
    """A field of a row. Raises BadRow if it is missing or of another type."""
    return _field(row, name, kind)


register("phones", _judge_phones)
register("masking", _judge_masking)


def _judge_dialogs(row: Row) -> Outcome:
    from bot.assistant.dialog.rows import judge  # it needs the shapes of this module

    return judge(row)


register("dialogs", _judge_dialogs)


def kinds() -> list[str]:
    """The kinds of rows that can be evaluated."""
    return sorted(_JUDGES)


def evaluate(kind: str, rows: Iterable[Row]) -> Evaluation:
    """Run what production runs over labelled rows and compare.

    Raises BadRow that names the row (counted from 1) which is not of that kind's
    shape, KeyError for a kind that nobody registered.
    """
    judge = _JUDGES[kind]
    outcomes = []
    for number, row in enumerate(rows, 1):
        try:
            outcomes.append(judge(row))
        except BadRow as error:
            raise BadRow(f"line {number}: {error}") from error
    return Evaluation(kind, outcomes)


def read_rows(path: Path) -> list[Row]:
    """The rows of a JSON Lines file. Raises BadRow, or OSError if the file cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8-sig").rstrip().split("\n")
    except UnicodeDecodeError as error:
        raise BadRow("the file is not UTF-8 text") from error
    if lines == [""]:
        raise BadRow("the file is empty")
    return [_row(number, line) for number, line in enumerate(lines, 1)]


def _row(number: int, line: str) -> Row:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BadRow(f"line {number}: not JSON") from error
    if not isinstance(row, dict):
        raise BadRow(f"line {number}: not a JSON object")
    return row


from bot.assistant import guard_evaluation as _others  # noqa: E402, F401  # registers its kinds, with what stands above
