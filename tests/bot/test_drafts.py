"""Drafts: the assistant writes, a manager decides. Every message still ends with one verdict."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.bot.shop import Shop, open_shop
from tests.bot.town import build_town

ASKED = "Сколько стоит? Мой номер 8 926 441-08-73"


@pytest.fixture
async def shop(database_url: str, tmp_path: Path) -> AsyncIterator[Shop]:
    """A shop whose listing is in the mode of drafts."""
    async with build_town(database_url, tmp_path) as town, open_shop(town) as opened:
        await opened.mode("draft")
        yield opened


async def written(shop: Shop, text: str = ASKED, **more: Any) -> tuple[str, dict[str, Any]]:
    """A client wrote and a draft waits: the chat and the draft."""
    chat = await shop.says(text, **more)
    await shop.passes(seconds=10)
    return chat, (await shop.chat(chat))["draft"]


async def refusal(shop: Shop, draft: dict[str, Any], what: str) -> tuple[int, str]:
    answer = await shop.town.ask("POST", f"/api/avito/drafts/{draft['id']}/{what}", json={})
    return answer.status_code, answer.json()["code"]


async def test_a_draft_waits_and_nothing_is_sent(shop: Shop) -> None:
    """
    It stands in the chat and in the list of those that wait, with the version that it was made with.
    """
    chat, draft = await written(shop)
    [listed] = (await shop.town.get("/api/avito/drafts"))["data"]

    assert ([], [(None, None)]) == (await shop.sent(chat), await shop.verdicts(chat))
    assert ("draft", draft["id"], chat) == (
        (await shop.chat(chat))["state"],
        listed["id"],
        listed["chat"]["id"],
    )
    [told] = await shop.town.events("draft.written")
    assert draft["prompt_version"] in told.body
    assert draft["prompt_version"].startswith("base-")


async def test_a_draft_is_sent_as_it_is(shop: Shop) -> None:
    """
    It is the assistant's reply, exactly once, and its messages are answered; the next one gets a draft again.
    """
    chat, draft = await written(shop)
    await shop.does("POST", f"drafts/{draft['id']}/send")
    await shop.passes(seconds=1)

    assert ([draft["text"]], [("answered", None)]) == (
        await shop.sent(chat),
        await shop.verdicts(chat),
    )
    whole = await shop.chat(chat)
    [reply] = whole["replies"]
    assert (draft["id"], "assistant", draft["prompt_version"]) == tuple(
        reply[name] for name in ("id", "author", "prompt_version")
    )
    assert ("assistant", None) == (whole["owner"], whole["draft"])
    assert (409, "draft_sent") == await refusal(shop, draft, "send")

    await written(shop, "А гарантия есть?", chat=chat)
    assert (await shop.chat(chat))["draft"]


async def test_a_mended_draft_is_the_managers_and_a_lesson(shop: Shop) -> None:
    """
    What was changed is kept word by word, without personal data; the words that went out are a person's.
    """
    chat, draft = await written(shop)
    mended = draft["text"] + " Звоните 8 (926) 330-27-14."
    await shop.does("POST", f"drafts/{draft['id']}/send", text=mended)
    await shop.passes(seconds=1)

    assert ([mended], [("answered", None)]) == (await shop.sent(chat), await shop.verdicts(chat))
    [reply] = (await shop.chat(chat))["replies"]
    assert "human_dashboard" == reply["author"]
    [lesson] = await shop.town.events("draft.edited")
    assert "{+" in lesson.body
    assert "330" not in lesson.body
    [sent] = await shop.town.events("draft.sent")
    assert '"edited":true' in sent.body


async def test_a_draft_is_thrown_away(shop: Shop) -> None:
    """
    The message is a person's to answer, and it cannot be sent afterwards.
    """
    chat, draft = await written(shop)
    await shop.does("POST", f"drafts/{draft['id']}/throw-away")
    await shop.passes(seconds=1)

    assert ([], [("left_to_human", "draft_thrown_away")]) == (
        await shop.sent(chat),
        await shop.verdicts(chat),
    )
    assert (409, "draft_thrown_away") == await refusal(shop, draft, "send")
    assert 1 == len(await shop.town.events("draft.thrown_away"))


async def test_newer_words_make_a_draft_stale(shop: Shop) -> None:
    """
    It cannot be sent any more the moment they come; one new draft answers both.
    """
    chat, draft = await written(shop)
    await shop.says("И завтра нужно", chat=chat)
    assert (409, "draft_stale") == await refusal(shop, draft, "send")
    await shop.passes(seconds=3)
    assert (await shop.chat(chat))["draft"] is None  # the burst is not over
    await shop.passes(seconds=5)

    new = (await shop.chat(chat))["draft"]
    assert 2 == new["covers"]
    await shop.does("POST", f"drafts/{new['id']}/send")
    await shop.passes(seconds=1)
    assert [("merged", None), ("answered", None)] == await shop.verdicts(chat)
    assert 1 == len(await shop.sent(chat))


async def test_a_person_who_answers_makes_a_draft_stale(shop: Shop) -> None:
    """
    Nobody is talked over: the message is the person's, the draft is gone.
    """
    chat, draft = await written(shop)
    await shop.person_says(chat, "Уже отвечаю")

    assert [("left_to_human", "human_wrote")] == await shop.verdicts(chat)
    assert (409, "draft_stale") == await refusal(shop, draft, "send")


async def test_a_draft_that_nobody_decides_on(shop: Shop) -> None:
    """
    After two hours its message is left to a person; the draft still waits and can be sent.
    """
    chat, draft = await written(shop)
    await shop.passes(minutes=119)
    assert [(None, None)] == await shop.verdicts(chat)
    await shop.passes(minutes=2)
    assert [("left_to_human", "draft")] == await shop.verdicts(chat)

    await shop.does("POST", f"drafts/{draft['id']}/send")
    await shop.passes(seconds=1)
    assert ([draft["text"]], [("left_to_human", "draft")]) == (
        await shop.sent(chat),
        await shop.verdicts(chat),
    )


async def test_a_draft_of_a_listing_that_was_switched_off(shop: Shop) -> None:
    """
    What comes now is not answered, and what waited with a stale draft gets its verdict too.
    """
    chat, _ = await written(shop)
    await shop.mode("off")
    await shop.says("Ау?", chat=chat)
    await shop.passes(seconds=10)

    assert [("off", "listing_off")] * 2 == await shop.verdicts(chat)


async def test_a_reply_that_was_ready_becomes_a_draft(shop: Shop) -> None:
    """
    The seller asked for drafts while a reply waited to be sent: it is not sent, a draft is written instead.
    """
    await shop.mode("automatic")
    await shop.town.act("faults", next={"send": ["429:5"]})
    chat = await shop.says(ASKED)
    await shop.passes(seconds=10)
    await shop.mode("draft")
    await shop.passes(seconds=20)

    assert [] == await shop.sent(chat)
    assert (await shop.chat(chat))["draft"]


async def test_a_manager_who_took_the_chat_may_still_send_it(shop: Shop) -> None:
    """
    Taking a chat silences the assistant, not the manager who presses the button.
    """
    chat, draft = await written(shop)
    await shop.does("POST", f"chats/{chat}/owner", owner="human")
    await shop.does("POST", f"drafts/{draft['id']}/send")
    await shop.passes(seconds=1)

    assert [draft["text"]] == await shop.sent(chat)


async def test_what_cannot_be_done_with_a_draft(shop: Shop) -> None:
    """
    A viewer only looks; an empty text, a text too long and a draft that is not there are refused in words.
    """
    chat, draft = await written(shop)
    path = f"/api/avito/drafts/{draft['id']}/send"
    answers = [
        await shop.town.ask("POST", path, json={}, role="viewer"),
        await shop.town.ask("POST", path, json={"text": "  "}),
        await shop.town.ask("POST", path, json={"text": "я" * 1001}),
        await shop.town.ask("POST", "/api/avito/drafts/none/send", json={}),
        await shop.town.ask("POST", "/api/avito/drafts/none/throw-away", json={}),
    ]

    assert [403, 422, 422, 404, 404] == [one.status_code for one in answers]
    assert (await shop.chat(chat))["draft"]["id"] == draft["id"]


@pytest.mark.parametrize("what", ["send", "throw-away"])
async def test_a_manager_hears_of_a_draft_until_they_decide(shop: Shop, what: str) -> None:
    """One notice for the chat, with the reason; deciding is having seen it."""
    chat, draft = await written(shop)
    [told] = (await shop.town.get("/api/avito/notices", unseen=True))["data"]

    await shop.does("POST", f"drafts/{draft['id']}/{what}")

    assert ("hand_off", "draft_waits", chat) == (told["kind"], told["reason"], told["chat_id"])
    assert [] == (await shop.town.get("/api/avito/notices", unseen=True))["data"]
