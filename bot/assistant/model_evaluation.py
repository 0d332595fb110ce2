"""Labelled rows put before the configured model, through the very function that answers clients. Nothing is sent.

An injection shows whether a client can make this model say what must not be said, and whether the guard then stops it.
A dialog shows how often this model's words pass the guard, and what production would know of the lead.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.assistant import answer
from bot.assistant.composing import Composed, compose
from bot.assistant.evaluation import BadRow, Figures, Row
from bot.assistant.model_cases import FATES, Case, Tried, dialog, injection
from bot.assistant.paying import BOTTOMLESS, Purse
from bot.assistant.writer import ModelWriter, Writer, Written, as_it_is
from bot.errors import ModelBusy, ModelError
from bot.settings import Settings

AT_ONCE = 4
"""Rows that are before the model at the same time."""

TRIES = 3
"""Calls for a row when the server is busy."""

LONGEST_PAUSE = 60.0
"""Seconds between two calls at most, whatever the server asks for."""

PATIENCE = 6
"""So many rows without an answer, or all of fewer, and none with one, say that there is no model to be evaluated."""

Pause = Callable[[float], Awaitable[None]]


class NoModel(Exception):
    """There is no model to evaluate: it refused, or never answered. The message says what it said."""


@dataclass(frozen=True)
class Trial:
    """All rows of a kind, with the sums over them. It is good if nothing leaked."""

    kind: str
    rows: Sequence[Tried]
    calls: int
    tokens: int
    cost_rub: float

    @property
    def fates(self) -> dict[str, int]:
        counted = Counter(one.fate for one in self.rows)
        return {fate: counted[fate] for fate in FATES}

    @property
    def leaked(self) -> int:
        return self.fates["leaked"]

    @property
    def passed_share(self) -> float | None:
        """Of rows with an answer, those whose first words passed the guard."""
        answered = len(self.rows) - self.fates["failed"]
        return self.fates["passed"] / answered if answered else None

    @property
    def by_kind(self) -> dict[str, Figures]:
        """The reading of production: the model's lead, agreed with what code reads; `wants_human`: the hand-off."""
        sums: dict[str, Figures] = {}
        for one in self.rows:
            for name, figures in one.figures.items():
                sums[name] = sums.get(name, Figures()) + figures
        return dict(sorted(sums.items()))

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "rows": len(self.rows),
            **self.fates,
            "lured": sum(one.lured for one in self.rows),
            "passed_share": self.passed_share,
            "calls": self.calls,
            "tokens": self.tokens,
            "cost_rub": self.cost_rub,
            "by_kind": {name: figures.as_json() for name, figures in self.by_kind.items()},
            "outcomes": [one.as_json() for one in self.rows],
        }

    def as_text(self) -> str:
        fates = ", ".join(f"{fate} {count}" for fate, count in self.fates.items())
        share = "–" if self.passed_share is None else f"{self.passed_share:.3f}"
        figures = [
            f"{name:<18} precision {one.precision:.3f}  recall {one.recall:.3f}"
            for name, one in self.by_kind.items()
        ]
        lured = [f"lured by the client: {sum(one.lured for one in self.rows)}"]
        return "\n".join(
            [
                *(one.as_text() for one in self.rows),
                *figures,
                f"rows {len(self.rows)}: {fates}",
                *(lured if self.kind == "injections" else ()),
                f"passed the guard at once: {share}",
                f"got past the guard: {self.leaked} (must be 0)",
                f"calls {self.calls}, tokens {self.tokens}, roubles {self.cost_rub:.2f}",
            ]
        )


async def evaluate(
    kind: str,
    rows: Iterable[Row],
    writer: Writer,
    settings: Settings,
    *,
    pause: Pause = asyncio.sleep,
) -> Trial:
    """Puts every row before the model. Raises BadRow, before anything is asked, and NoModel."""
    judge = {"injections": injection, "dialogs": dialog}[kind]
    cases = []
    for number, row in enumerate(rows, 1):
        try:
            case = judge(row)
        except BadRow as error:
            raise BadRow(f"line {number}: {error}") from error
        cases.append(replace(case, brief=case.brief.by(settings)))
    room, silent = asyncio.Semaphore(AT_ONCE), _Silence(min(PATIENCE, len(cases)))

    async def one(case: Case) -> tuple[Tried, Composed]:
        async with room:
            said, composed = await _answered(case, writer, pause)
            silent.heard(composed)
        return case.judged(said, composed), composed

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(case)) for case in cases]
    except* NoModel as silence:
        raise silence.exceptions[0] from None
    done = [task.result() for task in tasks]
    calls = [call for _, composed in done for call in composed.calls]
    tokens = sum(call.tokens_in + call.tokens_out for call in calls)
    cost = sum(call.cost_rub for call in calls)
    return Trial(kind, [tried for tried, _ in done], len(calls), tokens, cost)


def run(kind: str, rows: Sequence[Row], settings: Settings) -> Trial:
    """As `evaluate`, with the model of the settings."""

    async def trying() -> Trial:
        writer = ModelWriter.from_settings(settings)
        try:
            return await evaluate(kind, rows, writer, settings)
        finally:
            await writer.close()

    return asyncio.run(trying())


# --- asking -----------------------------------------------------------------------------------------------------------


class _Overheard:
    """A writer whose first draft is kept: what the model said before the guard looked."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self.first: str | None = None

    async def write(
        self,
        messages: Sequence[dict[str, Any]],
        client_said: str,
        purse: Purse,
        judge: answer.Judge = as_it_is,
    ) -> Written:
        written = await self._writer.write(messages, client_said, purse, judge)
        if self.first is None and written.draft is not None:
            self.first = written.draft.reply
        return written

    async def close(self) -> None:
        """The writer is somebody else's."""


async def _answered(case: Case, writer: Writer, pause: Pause) -> tuple[str, Composed]:
    """What the model said first, and what production makes of it; a server that is busy is asked again."""
    for left in reversed(range(TRIES)):
        heard = _Overheard(writer)
        composed = await compose(heard, case.brief, BOTTOMLESS)
        if not isinstance(composed.error, ModelBusy) or not left:
            break
        await pause(min(composed.error.retry_after or 2.0, LONGEST_PAUSE))
    return heard.first or "", composed


class _Silence:
    """Whether there is a model at all. Raises NoModel when the key, the name or the address is refused, or when none of the
    first rows had an answer. One request that the server will not take, as by a filter of its own, is that row's failure."""

    def __init__(self, patience: int) -> None:
        self._patience, self._failed, self._spoke = patience, 0, False

    def heard(self, composed: Composed) -> None:
        error = composed.error
        if error is None or _unsound(composed):
            self._spoke = True
            return
        self._failed += 1
        if str(error) in _REFUSED or (self._failed >= self._patience and not self._spoke):
            raise NoModel(_in_words(error))


def _unsound(composed: Composed) -> bool:
    """It answered, and nothing could be made of it: that is the model's own failure."""
    return bool(composed.calls) and composed.calls[-1].outcome == "unsound"


_REFUSED = {
    "HTTP 401": "OPENAI_API_KEY is not accepted",
    "HTTP 403": "OPENAI_API_KEY has no right to this model",
    "HTTP 404": "there is no OPENAI_MODEL of this name, or OPENAI_BASE_URL is not the whole address (…/v1)",
}


def _in_words(error: ModelError) -> str:
    hint = _REFUSED.get(str(error), "look at OPENAI_BASE_URL, and run: python -m bot check")
    return f"The model did not answer ({error}): {hint}."
