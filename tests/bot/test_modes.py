"""How far the assistant may go: modes of listings, working hours, and the switch that silences everything."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.bot.shop import Shop, open_shop
from tests.bot.town import ACCOUNT, LISTING, OTHER, Town, build_town

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@pytest.fixture
async def shop(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Shop]:
    async with build_town(sqlite_url, tmp_path) as town, open_shop(town) as opened:
        yield opened


async def hours(shop: Shop, *, is_open: bool) -> None:
    """Working hours by which the seller is open now, or closed, all this week alike."""
    now = shop.town.bot.now().astimezone(ZoneInfo("Europe/Moscow"))
    ends = (now + timedelta(hours=-1 if is_open else 2), now + timedelta(hours=2 if is_open else 4))
    span = "-".join(f"{one:%H:%M}" for one in ends)
    said = {"week": {day: [span] for day in WEEK}, "holidays": False}
    await shop.does("PUT", f"accounts/{ACCOUNT}/hours", hours=said)


async def test_off_and_on_again_goes_back_to_the_last_mode(shop: Shop) -> None:
    """
    The one-tap switch stays as it was: on means "not off", and goes back to what was chosen before.
    """
    toggle = f"listings/{LISTING}/ai-toggle"
    first = (await shop.does("POST", toggle, enabled=True))["listing"]
    await shop.mode("draft")
    off = (await shop.does("POST", toggle, enabled=False))["listing"]
    on = (await shop.does("POST", toggle, enabled=True))["listing"]

    assert [("automatic", True), ("off", False), ("draft", True)] == [
        (one["mode"], one["ai_enabled"]) for one in (first, off, on)
    ]


async def test_off_says_nothing(shop: Shop) -> None:
    """
    A message about a listing that is off is judged the moment it comes.
    """
    await shop.mode("off")
    chat = await shop.says("Сколько стоит?")

    assert [("off", "listing_off")] == await shop.verdicts(chat)


async def test_a_person_has_the_first_word_for_so_many_minutes(shop: Shop) -> None:
    """
    The assistant answers only what no person has answered in time; the due moment is kept, so a restart forgets nothing.
    """
    await shop.mode("unanswered", minutes=10)
    chat = await shop.says("Сколько стоит?")
    await shop.passes(minutes=9, seconds=50)
    assert [] == await shop.sent(chat)
    await shop.passes(seconds=11)

    assert [("answered", None)] == await shop.verdicts(chat)
    assert 1 == len(await shop.sent(chat))


async def test_who_was_answered_in_time_gets_no_answer(shop: Shop) -> None:
    """
    A person who was quicker is not talked over; what the client asks later waits for a person anew.
    """
    await shop.mode("unanswered", minutes=10)
    chat = await shop.says("Сколько стоит?")
    await shop.passes(minutes=4)
    await shop.person_says(chat, "Две с половиной тысячи.")
    await shop.passes(minutes=10)
    assert ([], [("left_to_human", "human_wrote")]) == (
        await shop.sent(chat),
        await shop.verdicts(chat),
    )

    await shop.says("А завтра сможете?", chat=chat)
    await shop.passes(minutes=5)
    assert 0 == len(await shop.sent(chat))
    await shop.passes(minutes=6)
    assert 1 == len(await shop.sent(chat))


async def test_switching_to_another_mode_ends_the_waiting(shop: Shop) -> None:
    """
    What waits for a person is answered at once when the seller says that it need not wait.
    """
    await shop.mode("unanswered", minutes=60)
    chat = await shop.says("Сколько стоит?")
    await shop.passes(minutes=5)
    await shop.mode("automatic")
    await shop.passes(seconds=1)

    assert 1 == len(await shop.sent(chat))


async def test_only_outside_working_hours(shop: Shop) -> None:
    """
    While people work the schedule says that the assistant is silent; when they went home it answers.
    """
    await hours(shop, is_open=True)
    await shop.mode("off_hours")
    day = await shop.says("Сколько стоит?")
    assert [("off_hours", "working_hours")] == await shop.verdicts(day)
    await hours(shop, is_open=False)
    night = await shop.says("Сколько стоит?", client="Борис")
    await shop.passes(seconds=10)

    assert [("answered", None)] == await shop.verdicts(night)


async def test_hours_are_looked_at_again_when_the_burst_ends(shop: Shop) -> None:
    """
    The working day began while the client was writing: the message is a person's to answer.
    """
    await hours(shop, is_open=False)
    await shop.mode("off_hours")
    chat = await shop.says("Сколько стоит?")
    await hours(shop, is_open=True)
    await shop.passes(seconds=10)

    assert ([], [("off_hours", "working_hours")]) == (
        await shop.sent(chat),
        await shop.verdicts(chat),
    )


async def test_without_hours_that_mode_cannot_be_chosen(shop: Shop) -> None:
    """
    It is said what to do first; and hours that a listing lives by are not taken away.
    """
    answer = await shop.town.ask(
        "POST", f"/api/avito/listings/{LISTING}/mode", json={"mode": "off_hours"}
    )
    assert (409, "no_hours") == (answer.status_code, answer.json()["code"])

    await hours(shop, is_open=True)
    await shop.mode("off_hours")
    gone = await shop.town.ask("PUT", f"/api/avito/accounts/{ACCOUNT}/hours", json={"hours": None})
    assert (409, "hours_in_use") == (gone.status_code, gone.json()["code"])


@pytest.mark.parametrize("moment", ["before it comes", "before it is asked", "before it is sent"])
async def test_one_switch_silences_everything(shop: Shop, moment: str) -> None:
    """
    Whatever has been done already: not another word goes out, and the message says why.
    """
    if moment == "before it comes":
        await shop.does("POST", "silence", silenced=True)
    chat = await shop.says("Сколько стоит?")
    if moment == "before it is asked":
        await shop.does("POST", "silence", silenced=True)
    if moment == "before it is sent":
        await shop.town.act("faults", next={"send": ["429:5"]})
        await shop.passes(seconds=10)
        await shop.does("POST", "silence", silenced=True)
    await shop.passes(seconds=20)

    assert ([], [("off", "silenced")]) == (await shop.sent(chat), await shop.verdicts(chat))


async def test_who_may_silence_and_what_is_shown(shop: Shop) -> None:
    """
    A manager may, a viewer may not; everybody sees since when and by whom; twice is as once.
    """
    path = "/api/avito/silence"
    refused = await shop.town.ask("POST", path, json={"silenced": True}, role="viewer")
    for _ in range(2):
        await shop.town.ask("POST", path, json={"silenced": True}, role="manager", sub="mia")
    told = await shop.town.get(path)

    assert (403, True, "mia") == (refused.status_code, told["silenced"], told["by"])
    assert told["since"]
    assert 1 == len(await shop.town.events("assistant.silenced"))
    await shop.does("POST", "silence", silenced=False)
    chat = await shop.says("Сколько стоит?")
    await shop.passes(seconds=10)
    assert 1 == len(await shop.sent(chat))


async def test_a_persons_reply_goes_out_all_the_same(shop: Shop) -> None:
    """
    Silence is the assistant's, not people's.
    """
    await shop.does("POST", "silence", silenced=True)
    chat = await shop.says("Сколько стоит?")
    await shop.does("POST", f"chats/{chat}/reply", text="Две тысячи.")
    await shop.passes(seconds=1)

    assert ["Две тысячи."] == await shop.sent(chat)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"week": {"mon": ["9-18"]}}, "week.mon"),
        ({"week": {"mon": ["09:00-25:00"]}}, "week.mon"),
        ({"week": {"mon": ["09:00-09:00"]}}, "week.mon"),
        ({"week": {"mon": ["09:00-13:00", "12:00-18:00"]}}, "week.mon"),
        ({"week": {"someday": []}}, "week.someday"),
        ({"week": {}, "days": {"31.12.2026": []}}, "days.31.12.2026"),
    ],
)
async def test_hours_that_make_no_sense_are_refused(
    village: Town, said: dict[str, Any], field: str
) -> None:
    """
    With the day that is wrong; what was set before stays.
    """
    await village.connect()
    path = f"/api/avito/accounts/{ACCOUNT}/hours"
    answer = await village.ask("PUT", path, json={"hours": said})

    assert (422, "bad_hours") == (answer.status_code, answer.json()["code"])
    assert field == answer.json()["errors"][0]["field"]
    assert {"hours": None, "open_now": None, "opens_at": None} == await village.get(path)


async def test_modes_of_what_is_not_there(village: Town) -> None:
    """
    An unknown listing, another account's hours, minutes out of bounds: each is refused in words.
    """
    await village.connect()
    unknown = await village.ask("POST", "/api/avito/listings/1/mode", json={"mode": "draft"})
    odd = await village.ask(
        "POST",
        f"/api/avito/listings/{LISTING}/mode",
        json={"mode": "unanswered", "minutes": 0},
    )
    other = await village.ask("GET", f"/api/avito/accounts/{OTHER}/hours")

    assert [404, 422, 404] == [one.status_code for one in (unknown, odd, other)]
