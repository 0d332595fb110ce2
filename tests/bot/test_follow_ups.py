"""A client falls silent: when they are written to again, in which words, and when never."""

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, text

from bot.assistant.following import WORDS, closed, read, refused
from bot.jobs import following_up, instructing
from bot.jobs.hearing import Hearing
from bot.model import Draft, LeadFields
from bot.store import chats, follow_ups, leads, messages, replies
from bot.store.migrate import config
from tests.bot.town import ACCOUNT, LISTING, Town, call

MOSCOW = ZoneInfo("Europe/Moscow")
PLAN = {"after_hours": [24, 72]}
CHAT = "u2i-a"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("number", "since", "due"),
    [
        (0, "24 12:00", "25 12:00"),
        (0, "24 22:30", "26 10:00"),
        (0, "24 03:00", "25 10:00"),
        (0, "24 19:59", "25 19:59"),
        (0, "24 20:00", "26 10:00"),
        (1, "24 12:00", "27 12:00"),
    ],
)
def test_only_while_people_are_awake(number: int, since: str, due: str) -> None:
    """
    A moment by night waits for the next morning, by the clock of the client's region.
    """
    plan = read(PLAN)
    assert plan is not None

    assert at(due) == plan.due(number, at(since))


NO_MORE = (
    "не надо", "уже нашли", "Не актуально", "неактуально", "СТОП", "нет, спасибо", "откажусь", "передумала",
    "больше не пишите", "купили в другом месте", "дорого за два метра, спасибо", "вопрос решён", "отмена",
)  # fmt: skip
GOES_ON = (
    "сколько стоит?", "нашла у вас объявление", "надо подумать", "я подумаю", "нужно на завтра", "подходит",
    "клопы в двух комнатах", "буду дома после шести", "у нас раньше уже обрабатывали",
)  # fmt: skip


@pytest.mark.parametrize("said", NO_MORE)
def test_who_refused_is_left_alone(said: str) -> None:
    """
    In their own words, anywhere in the dialog.
    """
    assert refused(["Здравствуйте", said, "?"])


@pytest.mark.parametrize("said", GOES_ON)
def test_who_has_not_refused_may_be_asked(said: str) -> None:
    """
    Thinking it over is no refusal, and no end.
    """
    assert not refused([said])
    assert not closed(said)


@pytest.mark.parametrize(
    "said", ["спасибо", "Ок", "хорошо, договорились", "понял, спасибо", "жду 👍"]
)
def test_thanks_end_a_talk(said: str) -> None:
    """
    Nobody asks "is it still of interest" after that.
    """
    assert closed(said)


# --- in a chat ----------------------------------------------------------------------------------------------------------


async def say(town: Town, text: str, *, chat: str = CHAT, own: bool = False) -> None:
    moment = town.time.now()
    value: dict[str, Any] = {"author_id": ACCOUNT} if own else {}
    one = call(
        f"{chat}-{moment.timestamp()}",
        chat_id=chat,
        created=int(moment.timestamp()),
        content={"text": text},
        **value,
    )
    assert 200 == (await town.api.post(town.hook_path(), json=one)).status_code
    await town.bot.store.write(Hearing(town.bot).take_in)
    town.time.advance(seconds=5)


async def answer(town: Town, text: str = "Двушка 3 200 ₽, когда удобно?", chat: str = CHAT) -> None:
    """The assistant answers what is open in a chat, and the answer is there."""

    def answering(tx: Connection) -> None:
        where, now = chats.get(tx, chat), town.time.now()
        assert where is not None
        made = Draft(text, "price", LeadFields(), False, None, "m", 1, 1, 0.0, 1)
        reply_id = replies.intend(tx, where, made, messages.open_in(tx, chat), "v", now)
        arrive(tx, town, reply_id)
        following_up.plan_next(tx, chat, now)

    await town.bot.store.write(answering)


def arrive(tx: Connection, town: Town, reply_id: str) -> None:
    from bot.jobs.delivery import _note_own

    row, now = replies.one(tx, reply_id), town.time.now()
    replies.attempt(tx, row, "", now)
    row = replies.one(tx, reply_id)
    where = chats.get(tx, row.chat_id)
    assert where is not None
    replies.sent(tx, row, f"m-{reply_id}", "answer", 12, now)
    _note_own(tx, where, row, f"m-{reply_id}", now)


async def moment(town: Town, chat: str = CHAT) -> datetime | None:
    """When the next follow-up is due, as the chat has it."""
    found: datetime | None = await town.bot.store.read(
        lambda tx: (chats.get(tx, chat) or pytest.fail("no chat")).follow_up_at
    )
    return found


async def come(town: Town, chat: str = CHAT, *, arrives: bool = True) -> list[str]:
    """The moment comes, and a worker looks: the follow-ups of the chat so far."""
    due = await moment(town, chat)
    assert due is not None
    town.time.offset += due - town.time.now() + timedelta(seconds=1)

    def looking(tx: Connection) -> list[str]:
        following_up.due(tx, chat, town.time.now())
        for row in replies.open_in(tx, chat):
            if arrives:
                arrive(tx, town, row.id)
        following_up.plan_next(tx, chat, town.time.now())
        from sqlalchemy import select

        from bot.store.tables import reply

        said = select(reply.c.text).where(reply.c.chat_id == chat, reply.c.kind == "follow_up")
        return list(tx.scalars(said.order_by(reply.c.created_at)))

    return await town.bot.store.write(looking)


async def open_shop(town: Town, **templates: str) -> int:
    """A shop with a plan; its instructions have these templates. The number of their version, 0 for none."""
    await town.connect()
    await town.set("UPDATE listing SET ai_enabled = true")
    path = f"/api/avito/accounts/{ACCOUNT}/follow-ups"
    put = await town.ask("PUT", path, json={"plan": PLAN})
    assert 200 == put.status_code, put.text
    return await tell(town, templates=templates) if templates else 0


async def tell(town: Town, **said: Any) -> int:
    """Publishes instructions; the number of the version."""
    path = "/api/avito/instructions"
    wanted = {"account_id": ACCOUNT, "instructions": said}
    saved = await town.ask("POST", path, json=wanted)
    assert 200 == saved.status_code, saved.text
    no = int(saved.json()["version"]["no"])
    assert 200 == (await town.ask("POST", f"{path}/{no}/publish")).status_code
    return no


def told(body: str, name: str) -> Any:
    return json.loads(body)[name]


async def skipped(town: Town) -> list[str]:
    return [one.body for one in await town.events("follow_up.skipped")]


async def test_at_most_two_to_one_silence(town: Town) -> None:
    """
    The first after a day, the second after three more, then nothing; when the client writes, the count begins anew.
    """
    await open_shop(town, follow_up="По «{объявление}» ещё актуально?")
    await say(town, "Сколько за двушку?")
    await answer(town)

    first = await come(town)
    both = await come(town)

    assert [first[0], WORDS[1]] == both
    assert "По «" in first[0]
    assert await moment(town) is None
    intended = await town.events("reply.intended")
    assert ["reply", "follow_up", "follow_up"] == [told(one.body, "purpose") for one in intended]

    await say(town, "Да, а завтра можно?")
    await answer(town)
    assert await moment(town) is not None


@pytest.mark.parametrize("words", ["уже нашли, спасибо", "спасибо", "нет, не надо"])
async def test_a_client_who_has_done_is_not_asked(village: Town, words: str) -> None:
    """
    A refusal or thanks are the last word, also after the assistant answered them.
    """
    await open_shop(village)
    await say(village, "Сколько за двушку?")
    await answer(village)
    await say(village, words)
    await answer(village, "Хорошего дня!")

    assert await moment(village) is None


async def test_a_person_in_the_chat_ends_it(village: Town) -> None:
    """
    Who wrote from the app, took the chat or said that no answer is needed: the assistant does not write first there.
    """
    await open_shop(village)
    for chat in ("u2i-app", "u2i-taken", "u2i-done"):
        await say(village, "Сколько за двушку?", chat=chat)
        await answer(village, chat=chat)
    await say(village, "Я вам перезвоню", chat="u2i-app", own=True)
    await village.ask("POST", "/api/avito/chats/u2i-taken/owner", json={"owner": "human"})
    await village.ask("POST", "/api/avito/chats/u2i-done/no-answer-needed")

    assert [[], [], []] == [
        await come(village, chat) for chat in ("u2i-app", "u2i-taken", "u2i-done")
    ]
    assert 3 == len(await skipped(village))
    assert [None] * 3 == [await moment(village, c) for c in ("u2i-app", "u2i-taken", "u2i-done")]


async def test_switches_and_leads_end_it(village: Town) -> None:
    """
    The listing off, everything silenced, the plan taken back, a phone known: nothing is written, and it is told why.
    """
    await open_shop(village)
    names = ("u2i-lead", "u2i-off", "u2i-plan")
    for chat in names:
        await say(village, "Сколько за двушку?", chat=chat)
        await answer(village, chat=chat)

    def known(tx: Connection) -> None:
        where = chats.get(tx, "u2i-lead")
        assert where is not None
        leads.note(tx, where, LeadFields(phone="+79161234567"), None, village.time.now())

    await village.bot.store.write(known)
    assert [] == await come(village, "u2i-lead")
    await village.set("UPDATE listing SET ai_enabled = false")
    assert [] == await come(village, "u2i-off")
    await village.set("UPDATE listing SET ai_enabled = true")
    await village.ask("PUT", f"/api/avito/accounts/{ACCOUNT}/follow-ups", json={"plan": None})
    assert [] == await come(village, "u2i-plan")

    assert ["lead", "listing_off", "off"] == [
        one.split('"reason":"')[1][:-2] for one in await skipped(village)
    ]


async def test_a_listing_may_say_no(village: Town) -> None:
    """
    Its clients are left alone whatever the account's plan says.
    """
    await open_shop(village)
    path = f"/api/avito/listings/{LISTING}/follow-ups"
    assert (
        200 == (await village.ask("POST", path, json={"wanted": False}, role="manager")).status_code
    )
    await say(village, "Сколько за двушку?")
    await answer(village)

    assert await moment(village) is None


async def test_a_listing_may_say_yes(village: Town) -> None:
    """
    Its clients are written to once, after a day, where the account has no plan.
    """
    await village.connect()
    await village.set("UPDATE listing SET ai_enabled = true")
    path = f"/api/avito/listings/{LISTING}/follow-ups"
    await village.ask("POST", path, json={"wanted": True}, role="manager")
    [listing] = [
        one
        for one in (await village.get("/api/avito/listings", q=str(LISTING)))["data"]
        if one["id"] == LISTING
    ]
    assert listing["follow_ups"] is True
    await say(village, "Сколько за двушку?")
    await answer(village)

    assert [WORDS[0]] == await come(village)
    assert await moment(village) is None


async def test_words_are_those_of_the_instructions_and_are_named(village: Town) -> None:
    """
    The version that holds when the moment comes; the event of what was sent names it. With none the usual words have a name too.
    """
    await open_shop(village, follow_up="Первые слова?", follow_up_again="Вторые слова.")
    await say(village, "Сколько за двушку?")
    await answer(village)
    newer = await tell(village, templates={"follow_up": "Вы ещё думаете?"})

    assert ["Вы ещё думаете?", WORDS[1]] == [*(await come(village)), (await come(village))[-1]]
    for kind in ("reply.intended", "reply.sent"):
        said = [told(one.body, "prompt_version") for one in await village.events(kind)]
        assert ["v", *[f"follow-up-1/i{newer}"] * 2] == said


async def test_the_guard_judges_follow_ups_too(village: Town) -> None:
    """
    What no fact supports is not said, and the page is told; once the seller writes the fact, it is.
    """
    words = {"follow_up": "Скидка 10 % ещё действует, решайтесь!"}
    await open_shop(village, **words)
    await say(village, "Сколько за двушку?")
    await answer(village)

    assert [] == await come(village)
    assert ["guard:discount"] == [told(one, "reason") for one in await skipped(village)]
    path = f"/api/avito/accounts/{ACCOUNT}/follow-ups"
    says = (await village.get(path))["says"]
    assert [("guard:discount", True), (None, False)] == [(s["stopped"], s["own"]) for s in says]

    await tell(village, templates=words, discounts=["10 % на всё"])
    assert [None, None] == [one["stopped"] for one in (await village.get(path))["says"]]
    await say(village, "Подумаю", chat="u2i-b")
    await answer(village, chat="u2i-b")
    assert [words["follow_up"]] == await come(village, "u2i-b")


async def test_words_that_miss_a_value_are_not_said(village: Town) -> None:
    """
    A sentence with a hole is worse than silence; the page says so beforehand.
    """
    await open_shop(village, follow_up="Ждём вас {часы}.")
    await say(village, "Сколько за двушку?")
    await answer(village)

    assert [] == await come(village)
    assert "no_words" in (await skipped(village))[0]
    path = f"/api/avito/accounts/{ACCOUNT}/follow-ups"
    assert "no_words" == (await village.get(path))["says"][0]["stopped"]


async def test_words_that_are_too_long_when_filled_in_are_not_said(village: Town) -> None:
    """
    Avito takes no more than 1000 characters: nobody is told of a reply that it refused, because none is tried.
    """
    await open_shop(village, follow_up="«{объявление}»: " + "ещё думаете? " * 75 + "Напишите")
    await say(village, "Сколько за двушку?")
    await answer(village)

    assert [] == await come(village)
    assert ["too_long"] == [told(one, "reason") for one in await skipped(village)]


async def test_an_unknown_outcome_counts_as_said(village: Town) -> None:
    """
    What may be in the chat is not said again; the second one is the last.
    """
    await open_shop(village)
    await say(village, "Сколько за двушку?")
    await answer(village)
    await come(village, arrives=False)

    def doubting(tx: Connection) -> int:
        [row] = replies.open_in(tx, CHAT)
        now = village.time.now()
        replies.attempt(tx, row, "", now)
        replies.doubted(tx, replies.one(tx, row.id), "no_answer", now, now)
        replies.drop(tx, replies.one(tx, row.id), "unknown_outcome", now)
        where = chats.get(tx, CHAT)
        assert where is not None
        silence = follow_ups.silence(tx, where)
        assert silence is not None
        return silence.made

    assert 1 == await village.bot.store.write(doubting)


async def test_after_an_outage_nobody_is_asked_about_last_week(village: Town) -> None:
    """
    A follow-up that is more than a day late is not sent at all.
    """
    await open_shop(village)
    await say(village, "Сколько за двушку?")
    await answer(village)
    due = await moment(village)
    assert due is not None
    await village.bot.store.write(lambda tx: follow_ups.put(tx, CHAT, due + timedelta(days=2)))

    assert [] == await come(village)
    assert "too_late" in (await skipped(village))[0]


NO_PLANS: list[dict[str, Any]] = [
    {"after_hours": []},
    {"after_hours": [24, 48, 72]},
    {"after_hours": [0]},
    {"after_hours": [-5]},
    {"after_hours": [24], "opens": "21:00", "closes": "09:00"},
    {"after_hours": [24], "opens": "9"},
    {"after_hours": [24], "texts": ["Ещё актуально?"]},
]


async def test_plans_that_are_none(village: Town, subtests: pytest.Subtests) -> None:
    """
    Refused in words; the plan that was set before stays. Off until somebody sets one, and only the owner may.
    """
    await village.connect()
    path = f"/api/avito/accounts/{ACCOUNT}/follow-ups"
    assert (await village.get(path))["plan"] is None
    await village.ask("PUT", path, json={"plan": PLAN})
    for plan in NO_PLANS:
        with subtests.test(str(plan)[:60]):
            answer = await village.ask("PUT", path, json={"plan": plan})

            assert (422, "invalid") == (answer.status_code, answer.json()["code"])
    assert 403 == (await village.ask("PUT", path, json={"plan": None}, role="manager")).status_code
    assert [24.0, 72.0] == (await village.get(path))["plan"]["after_hours"]


def test_words_of_an_older_plan_become_instructions(database_url: str) -> None:
    """
    A database of the former shape keeps what the seller wrote: it is published, beside what held before.
    """
    engine = create_engine(database_url)
    with engine.begin() as tx:
        command.downgrade(config(tx), "0008")
        tx.execute(
            text(
                "INSERT INTO account (id, name, state, zone, connected_by, connected_at, follow_ups)"
                " VALUES (7, 'Лавка', 'connected', 'Europe/Moscow', 'anna', '2026-11-01', :plan)"
            ),
            {"plan": json.dumps({**PLAN, "texts": ["", "Мы на связи."]})},
        )
        command.upgrade(config(tx), "head")
        used = instructing.used(tx, 7, None)
        plan = tx.scalar(text("SELECT CAST(follow_ups AS VARCHAR) FROM account"))
    engine.dispose()

    assert ("Мы на связи.", "i1") == (used.instructions.templates.follow_up_again, used.version)
    assert "texts" not in plan
