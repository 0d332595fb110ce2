"""Chats and leads as people see them, and what people do with them."""

import time
from typing import Any

import pytest

from bot.jobs.hearing import Hearing
from bot.model import LeadFields
from bot.store import chats, leads, messages
from tests.bot.town import ACCOUNT, LISTING, Town, call


async def hear(town: Town, *calls: dict[str, Any]) -> None:
    """These calls come by webhook and are understood."""
    for one in calls:
        answer = await town.api.post(town.hook_path(one["payload"]["value"]["user_id"]), json=one)
        assert 200 == answer.status_code, answer.text
    await town.bot.store.write(Hearing(town.bot).take_in)


LATELY = int(time.time()) - 60


def said(n: int, *, chat: str = "u2i-a", at: int = LATELY, **more: Any) -> dict[str, Any]:
    words = {"content": {"text": f"Вопрос {n}"}}
    return call(f"{chat}-m{n}", chat_id=chat, created=at + n, **(words | more))


async def connect(town: Town) -> None:
    """An account whose listing the assistant answers for."""
    await town.connect()
    answer = await town.ask(
        "POST", f"/api/avito/listings/{LISTING}/ai-toggle", json={"enabled": True}
    )
    assert 200 == answer.status_code


async def named(town: Town, chat: str, name: str, title: str) -> None:
    """The client's name and the listing's title were read from Avito."""
    from datetime import UTC, datetime

    from bot.model import WireChat

    now = datetime.now(UTC)
    told = WireChat(chat, ACCOUNT, LISTING, title, "2 500 ₽", name, "u2i", now, now, None)
    await town.bot.store.write(lambda tx: chats.describe(tx, told, now))


async def listed(town: Town, **query: Any) -> list[str]:
    return [row["id"] for row in (await town.get("/api/avito/chats", **query))["data"]]


async def test_a_chat_as_it_is_listed(town: Town) -> None:
    """
    The list tells who writes about what, what was said last, and that somebody waits.
    """
    await connect(town)
    await hear(town, said(1), said(2))
    await named(town, "u2i-a", "Анна", "Обработка от клопов")

    [row] = (await town.get("/api/avito/chats"))["data"]

    assert ("u2i-a", ACCOUNT, LISTING, "Анна") == (
        row["id"],
        row["account_id"],
        row["listing_id"],
        row["client_name"],
    )
    assert ("Обработка от клопов", "2 500 ₽", True) == (
        row["listing_title"],
        row["listing_price"],
        row["ai_enabled"],
    )
    assert ("waiting", 2, "assistant") == (row["state"], row["unanswered"], row["owner"])
    assert ("client", "text", "Вопрос 2") == tuple(
        row["last_message"][k] for k in ("author", "kind", "text")
    )
    assert row["waiting_since"].endswith("Z")


async def test_a_chat_whole(town: Town) -> None:
    """
    One chat has its messages oldest first, each with its author and kind, and the address of a picture.
    """
    await town.connect()
    sizes = {"32x32": "https://img.example/s.jpg", "640x480": "https://img.example/m.jpg"}
    picture = said(2, type="image", content={"image": {"sizes": sizes}})
    nasty = said(3, type="image", content={"image": {"sizes": {"640x480": "javascript:alert(1)"}}})
    await hear(
        town,
        said(1),
        picture,
        nasty,
        said(4, author_id=0, type="system", content={"text": "Уведомление"}),
    )

    chat = await town.get("/api/avito/chats/u2i-a")

    lines = chat["messages"]
    assert ["client", "client", "client", "avito"] == [line["author"] for line in lines]
    assert [None, "https://img.example/m.jpg", None, None] == [line["image_url"] for line in lines]
    assert {"webhook"} == {line["found_by"] for line in lines}
    assert ([], None) == (chat["replies"], chat["lead"])


async def test_chats_are_found(town: Town) -> None:
    """
    By part of the name in any case, by the listing's title, by owner, by account and listing; pages add up.
    """
    await town.connect()
    for n, name in enumerate(("Анна Ёлкина", "Борис", "анна")):
        await hear(town, said(1, chat=f"u2i-{n}", at=LATELY + 10 * n))
        await named(town, f"u2i-{n}", name, "Уничтожение ТАРАКАНОВ" if n == 1 else "Клопы")
    await town.ask("POST", "/api/avito/chats/u2i-0/owner", json={"owner": "human"})

    assert ["u2i-2", "u2i-1", "u2i-0"] == await listed(town)
    assert ["u2i-2", "u2i-0"] == await listed(town, q="АННА")
    assert ["u2i-0"] == await listed(town, q="ёлкина клопы")
    assert ["u2i-1"] == await listed(town, q="тараканов")
    assert ["u2i-1"] == await listed(town, q="U2I-1")
    assert ["u2i-0"] == await listed(town, owner="human")
    assert ["u2i-2", "u2i-1"] == await listed(town, owner="assistant")
    assert [] == await listed(town, listing_id=17)
    assert 3 == len(await listed(town, listing_id=LISTING, account_id=ACCOUNT))
    assert [["u2i-2", "u2i-1"], ["u2i-0"]] == [await listed(town, limit=2, page=n) for n in (1, 2)]


async def test_a_person_replies(town: Town) -> None:
    """
    The words are intended to the letter, the chat is the person's, and what waited is left to them.
    """
    await connect(town)
    await hear(town, said(1))

    answer = await town.ask(
        "POST", "/api/avito/chats/u2i-a/reply", role="manager", json={"text": " Да!\nЗвоните 😀"}
    )

    assert 200 == answer.status_code, answer.text
    chat = await town.get("/api/avito/chats/u2i-a")
    [reply] = chat["replies"]
    assert (answer.json()["reply_id"], "intended", "human_dashboard", " Да!\nЗвоните 😀") == (
        reply["id"],
        reply["state"],
        reply["author"],
        reply["text"],
    )
    assert ("human", "human_wrote", "sending") == (
        chat["owner"],
        chat["owner_reason"],
        chat["state"],
    )
    assert ["left_to_human"] == [line["verdict"] for line in chat["messages"]]
    assert await town.bot.bells.chats.wait(0)


NO_REPLIES: list[Any] = ["", "   \n", "x" * 1001, "a\0b", None, 17, ["x"]]


async def test_a_reply_that_cannot_be_sent(village: Town, subtests: pytest.Subtests) -> None:
    """
    Nothing, blanks, too much and what is no text are refused before anything is written.
    """
    await village.connect()
    await hear(village, said(1))

    for text in NO_REPLIES:
        with subtests.test(str(text)[:20]):
            answer = await village.ask("POST", "/api/avito/chats/u2i-a/reply", json={"text": text})

            assert (422, "invalid") == (answer.status_code, answer.json()["code"])
    assert [] == (await village.get("/api/avito/chats/u2i-a"))["replies"]


async def test_a_reply_of_a_thousand_characters_is_taken(village: Town) -> None:
    """
    A thousand characters, emoji and all, are one message.
    """
    await village.connect()
    await hear(village, said(1))

    answer = await village.ask("POST", "/api/avito/chats/u2i-a/reply", json={"text": "😀" * 1000})

    assert 200 == answer.status_code, answer.text


async def test_a_reply_where_nothing_can_be_sent(village: Town) -> None:
    """
    In a chat that is not there, or of an account that must be connected again, a reply is refused in words.
    """
    await village.connect()
    await hear(village, said(1))
    assert (
        404
        == (
            await village.ask("POST", "/api/avito/chats/none/reply", json={"text": "x"})
        ).status_code
    )

    await village.set("UPDATE account SET state = 'needs_reconnect'")
    refused = await village.ask("POST", "/api/avito/chats/u2i-a/reply", json={"text": "x"})

    assert (409, "needs_reconnect") == (refused.status_code, refused.json()["code"])


@pytest.mark.parametrize(
    ("body", "hours"), [({}, 12), ({"hours": 2}, 2), ({"hours": 0.5}, 0.5), ({"hours": None}, None)]
)
async def test_taking_a_chat_and_giving_it_back(
    town: Town, body: dict[str, Any], hours: float | None
) -> None:
    """
    A person has the chat for as long as they say, as the settings say, or until they give it back.
    """
    from datetime import datetime, timedelta

    await town.connect()
    await hear(town, said(1))
    path, now = "/api/avito/chats/u2i-a/owner", town.time.now()

    taken = (await town.ask("POST", path, json={"owner": "human", **body})).json()["chat"]

    assert ("human", "taken") == (taken["owner"], taken["owner_reason"])
    if hours is None:
        assert taken["owner_until"] is None
    else:
        lasts = datetime.fromisoformat(taken["owner_until"]) - now
        assert timedelta(hours=hours) <= lasts < timedelta(hours=hours, seconds=5)

    given = (await town.ask("POST", path, json={"owner": "assistant"})).json()["chat"]
    assert ("assistant", None) == (given["owner"], given["owner_until"])
    assert [1, 1] == [len(await town.events(kind)) for kind in ("chat.taken", "chat.given_back")]


async def test_a_persons_time_runs_out(village: Town) -> None:
    """
    When the hours are over the list says that the assistant answers again.
    """
    await village.connect()
    await hear(village, said(1))
    await village.ask("POST", "/api/avito/chats/u2i-a/owner", json={"owner": "human", "hours": 1})
    village.time.advance(hours=1, seconds=1)

    assert "assistant" == (await village.get("/api/avito/chats"))["data"][0]["owner"]
    assert ["u2i-a"] == await listed(village, owner="assistant")


NO_OWNERS: list[dict[str, Any]] = [
    {},
    {"owner": "dog"},
    {"owner": "human", "hours": 0},
    {"owner": "human", "hours": -1},
    {"owner": "human", "hours": 1e9},
    {"owner": "human", "hours": "x"},
    {"owner": "human", "more": 1},
]


async def test_owners_that_are_none(village: Town, subtests: pytest.Subtests) -> None:
    """
    What cannot be meant is refused.
    """
    for body in NO_OWNERS:
        with subtests.test(str(body)):
            answer = await village.ask("POST", "/api/avito/chats/u2i-a/owner", json=body)

            assert (422, "invalid") == (answer.status_code, answer.json()["code"])


async def test_the_backlog(town: Town) -> None:
    """
    Chats whose messages were too old to answer are listed until somebody has written there.
    """
    await town.connect()
    await hear(town, said(1, chat="u2i-old"), said(1, chat="u2i-done"), said(1, chat="u2i-new"))
    await town.set("UPDATE message SET verdict = NULL, verdict_reason = NULL")
    for chat in ("u2i-old", "u2i-done"):
        await town.bot.store.write(
            lambda tx, chat=chat: messages.judge(  # type: ignore[misc]
                tx, messages.open_in(tx, chat), "left_to_human", "too_old", town.time.now()
            )
        )
    await hear(town, said(2, chat="u2i-done", author_id=ACCOUNT))

    assert ["u2i-old"] == [chat["id"] for chat in (await town.get("/api/avito/backlog"))["data"]]


async def test_leads_and_their_history(town: Town) -> None:
    """
    A lead tells what is known, how often it was tried, and each step; a retry makes it due at once.
    """
    await town.connect()
    await hear(town, said(1))
    now = town.time.now()

    def failed(tx: Any) -> str:
        where = chats.get(tx, "u2i-a")
        assert where is not None
        lead_id = leads.note(
            tx, where, LeadFields(phone="+79161234567", name="Анна"), "dezexpert", now
        )
        assert lead_id
        [row] = leads.claim(tx, now, 5)
        leads.not_sent(tx, row, "failed", "the CRM says no", None, now)
        return lead_id

    lead_id = await town.bot.store.write(failed)

    [lead] = (await town.get("/api/avito/leads", status="failed"))["data"]
    assert (lead_id, "failed", "the CRM says no", "u2i-a") == (
        lead["id"],
        lead["state"],
        lead["error"],
        lead["chat_id"],
    )
    assert ("+79161234567", "Анна", None) == tuple(
        lead["fields"][k] for k in ("phone", "name", "address")
    )
    assert ["new", "sending", "failed"] == [step["state"] for step in lead["history"]]
    assert lead_id == (await town.get("/api/avito/chats"))["data"][0]["lead_id"]
    assert lead_id == (await town.get("/api/avito/chats/u2i-a"))["lead"]["id"]

    retried = (await town.ask("POST", f"/api/avito/leads/{lead_id}/retry", role="manager")).json()[
        "lead"
    ]

    assert ("new", None) == (retried["state"], retried["error"])
    assert retried["next_attempt_at"] is not None
    assert [] == (await town.get("/api/avito/leads", status="failed"))["data"]


async def test_pages_cost_the_same_few_questions(village: Town) -> None:
    """
    A page of a hundred chats asks the database as often as a page of one.
    """
    from sqlalchemy import event

    await village.connect()
    for n in range(40):
        await village.api.post(village.hook_path(), json=said(1, chat=f"u2i-{n}"))
    await village.bot.store.write(Hearing(village.bot).take_in)
    asked: list[str] = []
    event.listen(
        village.bot.store.engine, "before_cursor_execute", lambda *args: asked.append(args[2])
    )

    counts = []
    for limit in (1, 40):
        asked.clear()
        assert limit == len(await listed(village, limit=limit))
        counts.append(len(asked))

    assert counts[0] == counts[1] < 10
