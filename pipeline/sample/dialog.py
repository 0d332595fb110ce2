"""The course of one dialog: who answers, how long it takes, whether it becomes a lead."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pipeline.events import Author, ChatOpened
from pipeline.sample import words
from pipeline.sample.scene import Happening, Scene
from pipeline.sample.world import ListingTruth, World

Answerer = Literal["assistant", "person", "nobody"]


@dataclass(frozen=True)
class Told:
    """A played dialog and what is true about it."""

    happenings: tuple[Happening, ...]
    chat_id: str
    listing: ListingTruth
    opened_at: datetime
    answered_by: Answerer
    wait: timedelta | None
    bad_prompt: bool
    price: int
    chance: float
    lead: bool


def tell(
    rng: random.Random,
    world: World,
    listing: ListingTruth,
    opened_at: datetime,
    chat_id: str | None,
) -> Told:
    """Plays one dialog. `chat_id` is an old chat of a client who comes back, None for a new one."""
    scene = Scene(rng, world, listing, chat_id or f"u2i-{rng.getrandbits(96):024x}", opened_at)
    price = world.price(listing, opened_at)
    _opening(scene)
    asked_at = scene.happenings[0].at
    if chat_id is None:
        first = scene.happenings[0]
        opened = ChatOpened(
            account_id=listing.account.id,
            listing_id=listing.id,
            chat_id=scene.chat_id,
            chat_type="u2i",
        )
        scene.happenings.insert(0, Happening(first.known, first.known, opened))
    by, answered_at = _first_answer(scene, price)
    bad = by == "assistant" and world.prompt(opened_at) == "p2"
    wait = answered_at - asked_at if answered_at else None
    chance = world.effects.lead_probability(wait, price, bad)
    lead = rng.random() < chance
    if answered_at:
        _rest(scene, by, price, lead)
    return Told(
        tuple(scene.happenings),
        scene.chat_id,
        listing,
        opened_at,
        by,
        wait,
        bad,
        price,
        chance,
        lead,
    )


def _opening(scene: Scene) -> None:
    """A burst: a greeting and a question, in one line or in several."""
    rng, questions = scene.rng, words.QUESTIONS[scene.listing.trade]
    lines = [words.phrase(rng, questions)]
    if rng.random() < 0.45:
        lines.insert(0, words.phrase(rng, words.OPENINGS))
    if rng.random() < 0.25:
        lines.append(words.phrase(rng, questions))
    for line in lines:
        scene.client_says(line)
        scene.passes(rng.uniform(2, 5.5))
    if rng.random() < 0.07:
        scene.client_says(None, rng.choice(("image", "image", "voice", "location", "video")))


def _first_answer(scene: Scene, price: int) -> tuple[Answerer, datetime | None]:
    rng, listing, effects = scene.rng, scene.listing, scene.world.effects
    if not listing.ai:
        scene.verdicts("off", "listing_off")
        return _person(scene, price)
    first_hour, last_hour = listing.account.hours
    if not first_hour <= listing.account.local(scene.clock).hour < last_hour:
        scene.verdicts("off_hours", "off_hours")
        return _person(scene, price)
    if rng.random() < 0.005:
        for _ in range(3):
            scene.model_called("ModelBusy")
        scene.verdicts("failed", "model_failed")
        return _person(scene, price)
    if rng.random() < 0.003:
        scene.verdicts("budget", "budget")
        return _person(scene, price)
    if scene.happenings[-1].event.body().get("type") in ("voice", "video"):
        scene.handed_off("not_text")
        return _person(scene, price)
    bad = scene.world.prompt(scene.clock) == "p2"
    if rng.random() < (effects.hand_off_bad_prompt if bad else effects.hand_off):
        scene.handed_off(rng.choice(("unsure", "unsure", "complaint")) if bad else "complaint")
        return _person(scene, price)
    if rng.random() < 0.06:
        scene.draft_made_stale(words.phrase(rng, words.DETAILS))
    return "assistant", _assistant(scene, price)


def _rest(scene: Scene, by: Answerer, price: int, lead: bool) -> None:
    """What follows the first answer: details, haggling, perhaps a phone number, thanks."""
    rng = scene.rng
    for _ in range(min(int(rng.expovariate(0.7)), 8)):
        _client_thinks(scene)
        if by == "assistant" and rng.random() < 0.03:
            scene.client_says(words.phrase(rng, words.WANT_PERSON))
            scene.handed_off("client_asks")
            by, answered_at = _person(scene, price)
            if answered_at is None and not lead:
                return
            continue
        if by == "assistant" and rng.random() < 0.02:
            scene.passes(30)
            scene.person_answers(words.phrase(rng, words.HUMAN, price=price))
            by = "person"
        _client_goes_on(scene)
        by = _answered(
            scene, by, words.phrase(rng, words.ASSISTANT[scene.listing.trade], price=price), price
        )
    if lead:
        _client_thinks(scene)
        scene.client_says(words.phrase(rng, words.PHONES))
        _answered(scene, by, words.phrase(rng, words.LEAD_REPLY), price, intent="lead")
        scene.lead(complete=rng.random() < 0.15, fails=rng.random() < 0.03)
    if rng.random() < (0.6 if lead else 0.25):
        _client_thinks(scene)
        scene.client_says(words.phrase(rng, words.THANKS))
        _answered(scene, by, "Пожалуйста! Будем рады помочь.", price)


def _answered(
    scene: Scene, by: Answerer, text: str, price: int, intent: str = "answer"
) -> Answerer:
    if by == "assistant":
        scene.assistant_answers(text, intent)
        return "assistant"
    if scene.listing.ai:
        scene.verdicts("left_to_human", "person_has_chat")
    else:
        scene.verdicts("off", "listing_off")
    _person(scene, price)
    return by


def _assistant(scene: Scene, price: int) -> datetime:
    return scene.assistant_answers(
        words.phrase(scene.rng, words.ASSISTANT[scene.listing.trade], price=price)
    )


def _person(scene: Scene, price: int) -> tuple[Answerer, datetime | None]:
    """A person answers: in minutes by day, in the morning what came at night, one time in eight
    never."""
    rng, account = scene.rng, scene.listing.account
    if rng.random() < 0.12:
        return "nobody", None
    scene.passes(min(scene.about(900, 1.2), 20 * 3600))
    local = account.local(scene.clock)
    if not 8 <= local.hour < 22:
        morning = local.replace(hour=8, minute=20, second=0)
        scene.clock = max(
            scene.clock, morning if local.hour < 8 else morning + timedelta(days=1)
        ).astimezone(scene.clock.tzinfo)
        scene.passes(scene.about(1500, 0.7))
    by: Author = "human_dashboard" if rng.random() < 0.2 else "human_app"
    return "person", scene.person_answers(words.phrase(rng, words.HUMAN, price=price), by)


def _client_thinks(scene: Scene) -> None:
    scene.passes(min(scene.about(100 if scene.rng.random() < 0.85 else 9000, 1.0), 30 * 3600) + 3)


def _client_goes_on(scene: Scene) -> None:
    rng = scene.rng
    roll = rng.random()
    if roll < 0.2:
        scene.client_says(words.phrase(rng, words.HAGGLES))
    elif roll < 0.24:
        scene.client_says(None, "image")
        scene.passes(3)
        scene.client_says(words.phrase(rng, words.DETAILS))
    elif roll < 0.25:
        scene.client_says("вот такие")
        scene.last_message_deleted()
    else:
        scene.client_says(words.phrase(rng, words.DETAILS))
    if rng.random() < 0.15:
        scene.passes(rng.uniform(2, 5))
        scene.client_says(words.phrase(rng, words.DETAILS))
    if rng.random() < 0.01:
        scene.avito_says(words.phrase(rng, words.SYSTEM))
