"""Facts become the rows of a log: dialogs are played as they begin, and told in the order in which
the bot came to know."""

import heapq
import random
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pipeline.events import (
    ChatHandedOff,
    Event,
    EventRow,
    MessageAttributed,
    MessageReceived,
    MessageSent,
    SweepFinished,
    VerdictGiven,
)
from pipeline.sample.dialog import Dialog, known_until
from pipeline.sample.facts import Facts
from pipeline.sample.scene import Happening
from pipeline.sample.service import service

SILENCE = timedelta(hours=72)
REMEMBERED = 200
"""So many of a listing's newest chats may see their client again."""


@dataclass
class Told:
    """What was told so far, counted as it went by."""

    kinds: Counter[str] = field(default_factory=Counter)
    authors: Counter[str] = field(default_factory=Counter)
    client_messages: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    hand_offs: Counter[str] = field(default_factory=Counter)
    dialogs: int = 0
    """Those of which at least one message is known at the end."""


class Telling:
    """One pass over the rows of a sample; `told` is complete when it is over."""

    def __init__(self, facts: Facts, seed: int) -> None:
        self._facts, self._seed = facts, seed
        self.told = Told()

    def rows(self) -> Iterator[EventRow]:
        """In order, numbered from 1."""
        around = service(random.Random(f"{self._seed}/service"), self._facts)
        until = (one for one in around if one.known < self._facts.world.end)
        both = heapq.merge(until, self._chats(), key=lambda one: one.known)
        for seq, one in enumerate(self._with_sweeps(both), 1):
            event = one.event
            self._count(event)
            yield EventRow.of(event, seq, one.at)

    def _chats(self) -> Iterator[Happening]:
        """What happens in all dialogs: nothing of a dialog is known before it begins."""
        waiting: list[tuple[datetime, int, Happening]] = []
        number = 0
        for begins, happenings in self._dialogs():
            while waiting and waiting[0][0] < begins:
                yield heapq.heappop(waiting)[2]
            for one in happenings:
                number += 1
                heapq.heappush(waiting, (one.known, number, one))
        while waiting:
            yield heapq.heappop(waiting)[2]

    def _dialogs(self) -> Iterator[tuple[datetime, list[Happening]]]:
        """Dialogs in the order of their beginnings; some are with a client who wrote before."""
        facts, rng = self._facts, random.Random(f"{self._seed}/dialogs")
        known: dict[int, deque[tuple[str, datetime]]] = {}
        for number in range(len(facts)):
            begins = facts.moment(int(facts.opened[number]))
            old = known.setdefault(int(facts.listing[number]), deque(maxlen=REMEMBERED))
            back = _comes_back(rng, old, begins, facts.world.chances.comes_back)
            dialog = Dialog(rng, facts, number, back)
            happenings = dialog.play()
            old.append((dialog.chat_id, max(one.known for one in happenings)))
            seen = known_until(facts.world.end, happenings)
            self.told.dialogs += bool(seen)
            yield begins, seen

    def _with_sweeps(self, happenings: Iterator[Happening]) -> Iterator[Happening]:
        """Each sweep says how many messages were found since the one before."""
        found: Counter[int | None] = Counter()
        for one in happenings:
            event = one.event
            if isinstance(event, MessageReceived | MessageSent) and event.found_by == "sweep":
                found[event.account_id] += 1
            elif isinstance(event, SweepFinished):
                one = one._replace(event=replace(event, found=found.pop(event.account_id, 0)))
            yield one

    def _count(self, event: Event) -> None:
        told = self.told
        told.kinds[event.kind] += 1
        match event:
            case MessageReceived() | MessageSent():
                told.authors[event.author] += 1
                if event.author == "client":
                    told.client_messages[event.found_by] += 1
            case MessageAttributed():
                told.authors["human_app"] -= 1
                told.authors[event.author] += 1
            case VerdictGiven():
                told.verdicts[event.verdict] += 1
            case ChatHandedOff():
                told.hand_offs[event.reason] += 1


def _comes_back(
    rng: random.Random, old: deque[tuple[str, datetime]], begins: datetime, chance: float
) -> str | None:
    """A chat that has been silent long enough for a new dialog; it is taken out of `old`."""
    if rng.random() >= chance:
        return None
    quiet = [chat for chat in old if begins - chat[1] > SILENCE]
    if not quiet:
        return None
    back = rng.choice(quiet)
    old.remove(back)
    return back[0]
