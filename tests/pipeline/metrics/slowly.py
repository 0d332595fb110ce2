"""The metrics once more, slow and obvious: a walk through each chat, and sums in pandas over what it found.

Nothing here knows of the SQL; it is told the lines of a story, and says what a careful person would count.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

SILENCE = 72 * 3600
CLOCKS_DIFFER = 600
WEEK = 7 * 24 * 3600
PEOPLE = ("human_app", "human_dashboard")
NEVER = float("nan")


@dataclass(frozen=True)
class Line:
    """Who did what in a chat, so many seconds after the beginning of the story."""

    chat: str
    at: int
    who: str
    """client, thanks (a client's), call (a client's), assistant, human_app, human_dashboard, avito; or hand-off, taken,
    lead, address (a lead without a phone)."""


@dataclass
class Wait:
    """A burst and its answer, in seconds after the beginning."""

    asked: int
    last_asked: int
    lines: int = 1
    only_thanks: bool = False
    answered: float = NEVER
    by: str = "nobody"

    @property
    def seconds(self) -> float:
        return self.answered - self.asked


@dataclass
class Dialog:
    """One episode of a chat."""

    chat: str
    lines: list[Line] = field(default_factory=list)
    facts: list[Line] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)

    @property
    def of_client(self) -> list[Line]:
        return [each for each in self.lines if each.who in ("client", "thanks", "call")]

    @property
    def opened(self) -> int:
        return self.of_client[0].at

    @property
    def last(self) -> int:
        return self.lines[-1].at

    def has(self, *who: str) -> bool:
        return any(each.who in who for each in self.lines + self.facts)

    def when(self, *who: str, since: float = float("-inf")) -> float:
        """The first moment of any of these; NaN when there was none."""
        moments = [
            each.at for each in self.lines + self.facts if each.who in who and each.at >= since
        ]
        return float(min(moments, default=NEVER))


def dialogs_of(story: Sequence[Line]) -> list[Dialog]:
    """All dialogs in which a client wrote."""
    found: list[Dialog] = []
    for chat in sorted({line.chat for line in story}):
        of_chat: list[Dialog] = []
        for line in (each for each in story if each.chat == chat):
            if line.who in ("hand-off", "taken", "lead", "address", "avito"):
                continue
            if not of_chat or line.at - of_chat[-1].last > SILENCE:
                of_chat.append(Dialog(chat))
            of_chat[-1].lines.append(line)
        for line in (each for each in story if each.chat == chat):
            began = [d for d in of_chat if d.lines[0].at - CLOCKS_DIFFER <= line.at]
            if line.who in ("hand-off", "taken", "lead", "address") and began:
                began[-1].facts.append(line)
        found += [each for each in of_chat if each.of_client]
    for dialog in found:
        dialog.waits = waits_of(dialog)
    return found


def waits_of(dialog: Dialog) -> list[Wait]:
    """Every burst, from its first line that wants an answer to the seller's next."""
    found: list[Wait] = []
    waiting, lines_of_burst = False, 0
    for line in dialog.lines:
        if line.who in ("client", "thanks", "call"):
            lines_of_burst += 1
        if line.who in ("client", "thanks"):
            if not waiting:
                found.append(Wait(line.at, line.at))
            found[-1].last_asked, waiting = line.at, True
            found[-1].only_thanks = line.who == "thanks" and lines_of_burst == 1
        elif line.who == "call":
            if waiting:
                found[-1].only_thanks = False
        else:
            if waiting:
                found[-1].answered, found[-1].by = line.at, line.who
            waiting, lines_of_burst = False, 0
    for wait in found:
        wait.only_thanks = wait.only_thanks and wait.by == "nobody"
    return found


def by_answerer(waits: Iterable[Wait]) -> dict[str, list[Wait]]:
    """All, the assistant, people together and apart, nobody; those that have none are left out."""
    waits = list(waits)
    groups = {"all": waits, "human": [each for each in waits if each.by in PEOPLE]}
    for by in ("assistant", *PEOPLE, "nobody"):
        groups[by] = [each for each in waits if each.by == by]
    return {by: group for by, group in groups.items() if group}


def kaplan_meier(waits: Sequence[Wait], until: int, share: float) -> float | None:
    """The first moment at which at most `share` of the clients still wait; None when it never comes so far."""
    still = 1.0
    for moment in sorted({wait.seconds for wait in waits if wait.by != "nobody"}):
        known = [w.seconds if w.by != "nobody" else until - w.asked for w in waits]
        at_risk = sum(each >= moment for each in known)
        answered = sum(w.seconds == moment for w in waits)
        still *= 1 - answered / at_risk
        if still <= share + 1e-9:
            return moment
    return None


def numbers(waits: Sequence[Wait], until: int) -> dict[str, Any]:
    """What `first_response` and `next_reply_waiting` say of a group of waits."""
    seconds = pd.Series([wait.seconds for wait in waits], dtype=float)
    from_last = pd.Series([wait.answered - wait.last_asked for wait in waits], dtype=float)
    answered = sorted(seconds.dropna())
    fastest = answered[: -(-9 * len(answered) // 10)]
    return {
        "answered": len(answered),
        "unanswered": int(seconds.isna().sum()),
        "median_seconds": seconds.median(),
        "p90_seconds": seconds.quantile(0.9),
        "km_median_seconds": kaplan_meier(waits, until, 0.5),
        "km_p90_seconds": kaplan_meier(waits, until, 0.1),
        "within_1_min": (seconds <= 60).mean(),
        "within_5_min": (seconds <= 300).mean(),
        "within_24_h": (seconds <= 86_400).mean(),
        "never": seconds.isna().mean(),
        "mean_seconds": seconds.mean(),
        "trimmed_mean_seconds": pd.Series(fastest, dtype=float).mean(),
        "naive_mean_seconds": from_last.mean(),
    }


def promise(waits: Sequence[Wait], until: int, target: int) -> dict[str, Any]:
    met = sum(wait.seconds <= target for wait in waits)
    late = sum(wait.seconds > target for wait in waits)
    late += sum(wait.by == "nobody" and until - wait.asked > target for wait in waits)
    offered = met + late
    return {
        "offered": offered,
        "met": met,
        "breached": late,
        "not_due": len(waits) - offered,
        "attainment": met / offered if offered else None,
    }


def assistants_part(dialogs: Sequence[Dialog], until: int) -> dict[str, Any]:
    involved = [each for each in dialogs if each.has("assistant")]
    over = [each for each in involved if until - each.last > SILENCE]
    others = [each for each in involved if each.has("hand-off", *PEOPLE)]
    alone = [each for each in over if each not in others]
    confirmed = [each for each in alone if each.of_client[-1].who == "thanks"]
    assumed = [e for e in alone if e not in confirmed and e.lines[-1].who == "assistant"]
    decided = len(over) + sum(each not in over for each in others)
    part = len(involved) / len(dialogs) if dialogs else None
    resolved = (len(confirmed) + len(assumed)) / decided if decided else None
    return {
        "dialogs": len(dialogs),
        "involved": len(involved),
        "decided": decided,
        "open": len(involved) - decided,
        "confirmed": len(confirmed),
        "assumed": len(assumed),
        "handed_off": sum(each.has("hand-off") for each in involved),
        "with_person": sum(each.has(*PEOPLE) for each in involved),
        "involvement": part,
        "resolution": resolved,
        "automation": None if part is None or resolved is None else part * resolved,
    }


def back(dialogs: Sequence[Dialog], until: int) -> dict[str, Any]:
    """Of those that the assistant saw off alone: how many came back within a week, how many may still."""
    resolved = [
        each
        for each in dialogs
        if assistants_part([each], until)["confirmed"] + assistants_part([each], until)["assumed"]
    ]
    decided = [each for each in resolved if until - each.last > WEEK]
    came = [
        each
        for each in decided
        if any(d.chat == each.chat and 0 < d.opened - each.last <= WEEK for d in dialogs)
    ]
    return {
        "resolved": len(decided),
        "reopened": len(came),
        "undecided": len(resolved) - len(decided),
    }


def silent(dialogs: Sequence[Dialog], until: int) -> dict[str, Any]:
    answered = [each for each in dialogs if each.waits and each.waits[0].by != "nobody"]
    spoke = [d for d in answered if d.of_client[-1].at > d.waits[0].answered]
    over = [d for d in answered if d not in spoke and until - d.last > SILENCE]
    return {
        "dialogs": len(spoke) + len(over),
        "silent": len(over),
        "undecided": len(answered) - len(spoke) - len(over),
    }


def waited_in_all(dialogs: Sequence[Dialog], until: int) -> dict[str, Any]:
    sums, on = [], 0
    for dialog in dialogs:
        waits = [each for each in dialog.waits if not each.only_thanks]
        if not waits:
            continue
        end = min(until, dialog.last + SILENCE)
        sums.append(sum(w.seconds if w.by != "nobody" else end - w.asked for w in waits))
        on += any(w.by == "nobody" for w in waits) and dialog.last + SILENCE >= until
    all_of_them = pd.Series(sums, dtype=float)
    return {
        "dialogs": len(sums),
        "still_waiting": on,
        "mean_seconds": all_of_them.mean(),
        "median_seconds": all_of_them.median(),
        "p90_seconds": all_of_them.quantile(0.9),
    }


def handed(dialogs: Sequence[Dialog], until: int) -> dict[str, Any]:
    """The hand-offs as waits for a person."""
    waits = []
    for dialog in (each for each in dialogs if each.has("hand-off")):
        wait = Wait(int(dialog.when("hand-off")), 0)
        wait.answered = dialog.when("taken", *PEOPLE, since=wait.asked)
        wait.by = "nobody" if pd.isna(wait.answered) else "person"
        waits.append(wait)
    told = numbers(waits, until)
    return {
        "handoffs": len(waits),
        "taken": told["answered"],
        "median_seconds_to_person": told["median_seconds"],
        "km_median_seconds": told["km_median_seconds"],
        "km_p90_seconds": told["km_p90_seconds"],
    }


def outcome(dialogs: Sequence[Dialog]) -> dict[str, Any]:
    return {
        "dialogs": len(dialogs),
        "leads": sum(each.has("lead", "address") for each in dialogs),
        "phones": sum(each.has("lead") for each in dialogs),
    }
