"""The course of one dialog: words and events for what is true about it."""

import math
import random
from datetime import datetime
from typing import Literal

from pipeline.events import Author, MessageReceived
from pipeline.sample import words
from pipeline.sample.facts import (
    ATTACHED,
    ATTACHMENTS,
    AUTHORS,
    MORNING_SECONDS,
    MORNING_SPREAD,
    NEWER,
    PATHS,
    Facts,
)
from pipeline.sample.scene import Happening, Scene
from pipeline.sample.words import Topic, phrase
from pipeline.sample.world import LISTINGS

Speaker = Literal["assistant", "person", "nobody"]


class Dialog:
    """One of the facts' dialogs, played on a scene. `chat_id` is the old chat of a client who comes
    back, None for a new one."""

    def __init__(self, rng: random.Random, facts: Facts, number: int, chat_id: str | None) -> None:
        self._rng, self._facts, self._number = rng, facts, number
        self._price = int(facts.price[number])
        self.listing = LISTINGS[int(facts.listing[number])]
        self.chat_id = chat_id or f"u2i-{rng.getrandbits(96):024x}"
        self._is_new = chat_id is None
        self._topics = list(words.TOPICS[self.listing.trade].values())
        # Off while it lasts, if it was off when the dialog began.
        with_assistant = PATHS[int(facts.path[number])] != "listing_off"
        self._scene = Scene(
            rng,
            facts.world,
            self.listing,
            self.chat_id,
            facts.moment(int(facts.opened[number])),
            with_assistant,
        )

    def play(self) -> list[Happening]:
        """Everything that happens in it, and is known of it, in no order."""
        topic = self._opening()
        speaker = self._first_answer(topic)
        if speaker != "nobody":
            self._rest(speaker, bool(self._facts.lead[self._number]))
        return self._scene.happenings

    def _opening(self) -> Topic:
        """A burst: a greeting and a question, in one line or in several; what was asked last."""
        scene, topic = self._scene, self._rng.choice(self._topics)
        lines = [line for line in range(ATTACHED) if self._is_said(line)]
        path = PATHS[int(self._facts.path[self._number])]
        complains = path == "handed_off" and bool(self._facts.complaint[self._number])
        asks = words.COMPLAINTS if complains else topic.asks
        if self._is_new:
            self._at_line(0)
            scene.opens()
        for line in lines:
            greets = line == 0 and len(lines) > 1
            self._says(line, phrase(self._rng, words.OPENINGS if greets else asks))
        attachment = int(self._facts.attachment[self._number])
        if attachment >= 0:
            self._says(ATTACHED, None, ATTACHMENTS[attachment])
        return topic

    def _says(self, line: int, text: str | None, kind: str = "text") -> None:
        facts, n = self._facts, self._number
        self._at_line(line)
        by_webhook = facts.line_by_webhook[n, line]
        known = facts.moment(float(facts.line_known[n, line]))
        self._scene.client_says(text, kind, ("webhook" if by_webhook else "sweep", known))

    def _at_line(self, line: int) -> None:
        self._scene.clock = self._facts.moment(float(self._facts.line_at[self._number, line]))

    def _is_said(self, line: int) -> bool:
        return not math.isnan(self._facts.line_at[self._number, line])

    def _first_answer(self, topic: Topic) -> Speaker:
        scene, path = self._scene, PATHS[int(self._facts.path[self._number])]
        match path:
            case "listing_off":
                scene.verdicts("off", "listing_off")
            case "off_hours":
                scene.verdicts("off_hours", "off_hours")
            case "model_failed":
                scene.is_quiet()
                for _ in range(3):
                    scene.model_called("ModelBusy")
                scene.verdicts("failed", "model_failed")
            case "budget":
                scene.verdicts("budget", "budget")
            case "not_text":
                scene.handed_off("not_text")
            case "handed_off":
                complaint = self._facts.complaint[self._number]
                scene.handed_off("complaint" if complaint else "unsure")
            case _:
                self._assistant_begins(topic)
                return "assistant"
        return self._person_begins(topic)

    def _assistant_begins(self, topic: Topic) -> None:
        facts, n, scene = self._facts, self._number, self._scene
        scene.is_quiet()
        cost = scene.model_called(seconds=float(facts.model_seconds[n, 0]))
        if facts.stale[n]:
            drafted = scene.clock
            self._says(NEWER, phrase(self._rng, words.DETAILS))
            scene.clock = drafted
            scene.heard()
            scene.draft_discarded()
            scene.is_quiet()
            cost = scene.model_called(seconds=float(facts.model_seconds[n, 1]))
        text = phrase(self._rng, topic.assistant, price=self._price)
        scene.reply(text, cost, "answer", float(facts.send_chance[n]))

    def _person_begins(self, topic: Topic) -> Speaker:
        author = int(self._facts.author[self._number])
        if math.isnan(self._facts.answered[self._number]):
            return "nobody"
        scene = self._scene
        scene.clock = self._facts.moment(float(self._facts.answered[self._number]))
        by: Author = "human_app" if AUTHORS[author] == "human_app" else "human_dashboard"
        scene.person_answers(phrase(self._rng, topic.person, price=self._price), by)
        return "person"

    def _rest(self, speaker: Speaker, lead: bool) -> None:
        """What follows the first answer: questions, haggling, perhaps a phone number, thanks."""
        rng, scene = self._rng, self._scene
        for _ in range(min(int(rng.expovariate(0.7)), 8)):
            self._thinks()
            if speaker == "assistant" and rng.random() < 0.03:
                scene.client_says(phrase(rng, words.WANT_PERSON))
                scene.handed_off("client_asks")
                speaker = "person"
                if not self._person(words.DETAIL_REPLIES) and not lead:
                    return
                continue
            if speaker == "assistant" and rng.random() < 0.02:
                scene.passes(30)
                scene.person_answers(phrase(rng, words.DETAIL_REPLIES.person))
                speaker = "person"
            self._answered(speaker, self._goes_on())
        if lead:
            self._thinks()
            scene.client_says(phrase(rng, words.PHONES))
            self._answered(
                speaker, Topic((), words.LEAD_REPLY, words.DETAIL_REPLIES.person), "lead"
            )
            scene.lead(complete=rng.random() < 0.15, fails=rng.random() < 0.03)
        if rng.random() < (0.6 if lead else 0.25):
            self._thinks()
            scene.client_says(phrase(rng, words.THANKS))
            self._answered(speaker, Topic((), words.WELCOME, words.DETAIL_REPLIES.person))

    def _answered(self, speaker: Speaker, topic: Topic, intent: str = "answer") -> None:
        scene = self._scene
        if speaker == "assistant":
            scene.assistant_answers(phrase(self._rng, topic.assistant, price=self._price), intent)
            return
        if scene.with_assistant:
            scene.verdicts("left_to_human", "person_has_chat")
        else:
            scene.verdicts("off", "listing_off")
        self._person(topic)

    def _person(self, topic: Topic) -> bool:
        """A person answers: in minutes by day, in the morning what came at night, one time in eight
        never. Whether they did."""
        rng, scene, chances = self._rng, self._scene, self._facts.world.chances
        if rng.random() < chances.nobody_answers:
            return False
        scene.passes(min(scene.about(chances.person_seconds, chances.person_spread), 20 * 3600))
        if wakes := self._facts.asleep_until(self._number, scene.clock):
            scene.clock = wakes
            scene.passes(scene.about(MORNING_SECONDS, MORNING_SPREAD))
        by: Author = "human_dashboard" if rng.random() < 0.2 else "human_app"
        scene.person_answers(phrase(rng, topic.person, price=self._price), by)
        return True

    def _thinks(self) -> None:
        slow = self._rng.random() >= 0.85
        self._scene.passes(min(self._scene.about(9000 if slow else 100, 1.0), 30 * 3600) + 3)

    def _goes_on(self) -> Topic:
        """The client asks on, haggles, tells or shows something; what it is about."""
        rng, scene, roll = self._rng, self._scene, self._rng.random()
        topic = words.HAGGLE if roll < 0.2 else words.DETAIL_REPLIES
        if roll < 0.2:
            scene.client_says(phrase(rng, words.HAGGLE.asks))
        elif roll < 0.24:
            scene.client_says(None, "image")
            scene.passes(3)
            scene.client_says(phrase(rng, words.DETAILS))
        elif roll < 0.25:
            scene.client_says("вот такие")
            scene.last_message_deleted()
        elif roll < 0.6:
            topic = rng.choice(self._topics)
            scene.client_says(phrase(rng, topic.asks))
        else:
            scene.client_says(phrase(rng, words.DETAILS))
        if rng.random() < 0.15:
            scene.passes(rng.uniform(2, 5))
            scene.client_says(phrase(rng, words.DETAILS))
        if rng.random() < 0.01:
            scene.avito_says(phrase(rng, words.SYSTEM))
        return topic


def known_until(end: datetime, happenings: list[Happening]) -> list[Happening]:
    """A dialog as it is known at the end: a client message whose verdict came later is not there
    yet, nor what follows."""
    ordered = sorted(happenings, key=lambda one: one.known)
    if ordered[-1].known < end:
        return ordered
    judged = {
        one.event.message_id
        for one in ordered
        if one.event.kind == "verdict.given" and one.known < end
    }
    for n, one in enumerate(ordered):
        asks = isinstance(one.event, MessageReceived) and one.event.author == "client"
        if one.known >= end or (asks and one.event.message_id not in judged):
            before = ordered[:n]
            return before if any(o.event.kind == "message.received" for o in before) else []
    return ordered
