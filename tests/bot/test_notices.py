"""A chat needs a person, and a person hears of it: once, in words, by every way that is set up."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from sqlalchemy import Connection

from bot.bootstrap import make_channels
from bot.channels.mail import Mail, MailConfig
from bot.channels.telegram import Telegram
from bot.errors import NoticeRefused
from bot.jobs.hearing import Hearing
from bot.jobs.telling import Telling
from bot.jobs.watching import watch
from bot.model import Channel
from bot.sandbox import SandboxConfig
from bot.sandbox import create_app as create_sandbox
from bot.settings import SettingsError, load
from bot.store import chats, messages
from tests.bot.town import ACCOUNT, SANDBOX, Post, Town, call
from tests.ports import free_port

TOKEN, CHAT = "7001:sandbox-telegram-bot", "-100700"


async def hear(town: Town, *calls: dict[str, Any]) -> None:
    for one in calls:
        assert 200 == (await town.api.post(town.hook_path(), json=one)).status_code
    await town.bot.store.write(Hearing(town.bot).take_in)


def said(n: int, *, chat: str = "u2i-a", **value: Any) -> dict[str, Any]:
    at = int(time.time()) - 600 + n
    return call(f"{chat}-{n}", chat_id=chat, created=at, **value)


async def hand_off(town: Town, chat: str = "u2i-a", reason: str = "asked_for_human") -> None:
    now = town.time.now()
    await town.bot.store.write(lambda tx: chats.hand_off(tx, chat, reason, 12, now))


def telegram(town: Town, *, token: str = TOKEN, chat: str = CHAT) -> Telegram:
    return Telegram(town.sandbox, f"{SANDBOX}/telegram", token, chat)


def telling(town: Town, *channels: Channel) -> Telling:
    return Telling(replace(town.bot, channels=channels))


async def told(town: Town) -> list[str]:
    return [one["text"] for one in (await town.outside())["telegram"]]


async def states(town: Town) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await town.rows("SELECT channel, state FROM telling ORDER BY id")]


# --- Telegram -----------------------------------------------------------------------------------------------------------


async def test_a_manager_is_called_by_telegram(town: Town) -> None:
    """
    Why, which listing, the client's words without a phone and without links, and the way to the chat; once.
    """
    await town.connect()
    await hear(
        town, said(1, content={"text": "Позовите человека! 8 926 441-08-73, см. http://evil.ru/x"})
    )
    await hand_off(town)
    worker = telling(town, telegram(town))

    await worker.tell()
    await worker.tell()

    [text] = await told(town)
    assert "Нужен человек: клиент просит человека" in text
    assert "http://dash.test/chats?chat=u2i-a" in text
    assert "[ссылка]" in text
    assert not re.search(r"441|evil", text)
    [event] = await town.events("notice.sent")
    assert '"channel":"telegram","attempts":1' in event.body


async def test_telegram_that_is_too_busy_is_asked_again_when_it_may_be(village: Town) -> None:
    """
    429 says for how long; nothing is lost, and what was not taken is told later.
    """
    await village.connect()
    await hear(village, said(1))
    await hand_off(village)
    await village.act("faults", next={"telegram": ["429:120", "500"]})
    worker = telling(village, telegram(village))

    await worker.tell()
    village.time.advance(seconds=119)
    await worker.tell()
    assert ([], [("telegram", "waiting")]) == (await told(village), await states(village))
    village.time.advance(seconds=2)
    await worker.tell()
    village.time.advance(minutes=10)
    await worker.tell()

    assert (1, [("telegram", "sent")]) == (len(await told(village)), await states(village))


async def test_what_may_not_have_arrived_is_told_again(village: Town) -> None:
    """
    At least once: a process that died, or an answer that never came, leads to a repeat, never to silence.
    """
    await village.connect()
    await hear(village, said(1))
    await hand_off(village)
    way = httpx.ASGITransport(create_sandbox(SandboxConfig()))
    lost = Post(way, lose=[(f"/telegram/bot{TOKEN}/sendMessage", "after")])
    http = httpx.AsyncClient(transport=lost)
    worker = telling(village, Telegram(http, f"{SANDBOX}/telegram", TOKEN, CHAT))

    await worker.tell()
    village.time.advance(minutes=1)
    await worker.tell()

    telegrams = (await http.get(f"{SANDBOX}/sandbox/state")).json()["telegram"]
    assert 2 == len(telegrams)
    assert [("telegram", "sent")] == await states(village)


@pytest.mark.parametrize(
    ("token", "chat", "words"),
    [("7001:wrong", CHAT, "TELEGRAM_BOT_TOKEN"), (TOKEN, "-1", "TELEGRAM_CHAT_ID")],
)
async def test_wrong_settings_are_said_and_lose_nothing(
    village: Town, token: str, chat: str, words: str
) -> None:
    """
    The dashboard has the notice and says what to mend; when it is mended, the notice goes out.
    """
    await village.connect()
    await hear(village, said(1))
    await hand_off(village)

    await telling(village, telegram(village, token=token, chat=chat)).tell()

    [notice] = (await village.get("/api/avito/notices"))["data"]
    assert ("waiting", 1) == (notice["channels"][0]["state"], notice["channels"][0]["attempts"])
    assert words in notice["channels"][0]["error"]
    assert token not in str(notice)
    village.time.advance(minutes=11)
    await telling(village, telegram(village)).tell()
    assert 1 == len(await told(village))


async def test_a_crowd_is_told_in_a_few_letters(village: Town) -> None:
    """
    Fifteen chats at once are two letters, not fifteen.
    """
    await village.connect()
    for n in range(15):
        await hear(village, said(1, chat=f"u2i-{n}"))
        await hand_off(village, f"u2i-{n}")
    worker = telling(village, telegram(village))

    await worker.tell()
    await worker.tell()

    assert [10, 5] == [text.count("/chats?chat=") for text in await told(village)]


async def test_what_somebody_has_seen_is_not_told_any_more(village: Town) -> None:
    """
    A person came before the letter left; and old news is given up after a day.
    """
    await village.connect()
    await hear(village, said(1, chat="u2i-seen"), said(1, chat="u2i-old"))
    await hand_off(village, "u2i-seen")
    await hand_off(village, "u2i-old")
    broken = telling(village, telegram(village, token="7001:wrong"))
    await broken.tell()
    await village.ask("POST", "/api/avito/chats/u2i-seen/owner", json={"owner": "human"})
    village.time.advance(hours=25)
    await broken.tell()

    assert [("telegram", "unneeded"), ("telegram", "failed")] == await states(village)


async def test_without_a_channel_the_dashboard_is_enough(village: Town) -> None:
    """
    What was given before a channel was set up is not poured out when it is.
    """
    await village.connect()
    await hear(village, said(1))
    await hand_off(village)

    await telling(village).tell()
    await telling(village, telegram(village)).tell()

    assert [] == await told(village)
    assert 1 == (await village.get("/api/avito/notices"))["unseen"]


# --- e-mail -------------------------------------------------------------------------------------------------------------


class Letters(Message):
    """A mail server's pile."""

    def __init__(self) -> None:
        super().__init__(EmailMessage)
        self.pile: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.pile.append(message)


@pytest.fixture
def post() -> Iterator[tuple[Letters, MailConfig]]:
    letters, port = Letters(), free_port()
    server = Controller(letters, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield (
            letters,
            MailConfig("127.0.0.1", port, "", "", "bot@shop.ru", "a@b.ru, c@d.ru", "none"),
        )
    finally:
        server.stop()


async def test_a_manager_gets_a_letter(village: Town, post: tuple[Letters, MailConfig]) -> None:
    """
    To everybody named, with the same Message-ID when it is told again.
    """
    letters, config = post
    await village.connect()
    await hear(village, said(1))
    await hand_off(village, reason="money_back")
    worker = telling(village, Mail(config, village.time.now))

    await worker.tell()
    await village.set(
        "UPDATE telling SET state = 'waiting', next_at = :now", now="2026-01-01 00:00:00.000000"
    )
    await worker.tell()

    assert 2 == len(letters.pile)
    assert 1 == len({one["Message-ID"] for one in letters.pile})
    assert "a@b.ru, c@d.ru" == letters.pile[0]["To"]
    text = letters.pile[0].get_payload(decode=True).decode()
    assert "клиент просит вернуть деньги" in text
    assert "http://dash.test/chats?chat=u2i-a" in text


async def test_a_mail_server_that_is_down_delays_nobody_else(village: Town) -> None:
    """
    Telegram gets its notice; the letter waits, and why is said in words.
    """
    config = MailConfig("127.0.0.1", free_port(), "u", "geheim", "bot@shop.ru", "a@b.ru", "none")
    await village.connect()
    await hear(village, said(1))
    await hand_off(village)

    await telling(village, telegram(village), Mail(config, village.time.now)).tell()

    assert 1 == len(await told(village))
    assert [("telegram", "sent"), ("email", "waiting")] == await states(village)
    [row] = await village.rows("SELECT error FROM telling WHERE channel = 'email'")
    assert "SMTP_HOST" in row.error
    assert "geheim" not in row.error


async def test_a_password_that_is_wrong_is_said(post: tuple[Letters, MailConfig]) -> None:
    """
    A server that knows no log-in says so before anything is sent.
    """
    _, config = post

    with pytest.raises(NoticeRefused, match="SMTP_"):
        await Mail(replace(config, user="u", password="p"), lambda: timedelta()).look()  # type: ignore[arg-type, return-value]


# --- who is called, and when --------------------------------------------------------------------------------------------


async def test_one_call_until_somebody_has_looked(town: Town) -> None:
    """
    A client who goes on writing calls nobody twice; after the notice was seen, a new message calls again.
    """
    await town.connect()
    await town.set("UPDATE listing SET ai_enabled = true")
    await hear(town, said(1))
    await hand_off(town)
    await hear(town, said(2), said(3))
    [notice] = (await town.get("/api/avito/notices", unseen=True))["data"]
    assert ("hand_off", "asked_for_human", "u2i-a") == tuple(
        notice[key] for key in ("kind", "reason", "chat_id")
    )

    await town.ask("POST", f"/api/avito/notices/{notice['id']}/seen", role="manager")
    assert 0 == (await town.get("/api/avito/notices"))["unseen"]
    await hear(town, said(4))

    assert 1 == (await town.get("/api/avito/notices"))["unseen"]


async def test_the_time_until_a_person_came(town: Town) -> None:
    """
    It is an event, however the person came; the notice is seen thereby, and the next message calls nobody.
    """
    await town.connect()
    await town.set("UPDATE listing SET ai_enabled = true")
    await hear(town, said(1))
    await hand_off(town)
    town.time.advance(minutes=7)
    await town.ask("POST", "/api/avito/chats/u2i-a/owner", json={"owner": "human"})
    await hear(town, said(2))

    [event] = await town.events("handoff.taken")
    assert re.fullmatch(
        r'\{"by":"human_dashboard","reason":"asked_for_human","seconds":42\d\.\d+\}', event.body
    )
    assert 1 == len(await town.events("chat.taken"))
    assert 0 == (await town.get("/api/avito/notices"))["unseen"]


async def test_all_that_is_on_the_screen_is_seen(village: Town) -> None:
    """
    Not what came meanwhile.
    """
    await village.connect()
    for n in range(3):
        await hear(village, said(1, chat=f"u2i-{n}"))
        await hand_off(village, f"u2i-{n}")
    second = (await village.get("/api/avito/notices"))["data"][1]["id"]

    answer = await village.ask("POST", "/api/avito/notices/seen", json={"up_to": second})

    assert {"success": True, "seen": 2} == answer.json()
    assert ["u2i-2"] == [
        one["chat_id"] for one in (await village.get("/api/avito/notices", unseen=True))["data"]
    ]


async def test_a_trouble_that_lasts_is_told_once(village: Town) -> None:
    """
    Not what passes by itself, and again only after it was over.
    """
    bot = village.bot

    async def look(minutes: float, *, ok: bool) -> int:
        village.time.advance(minutes=minutes)
        bot.pulse.beat("sink", village.time.now(), ok=ok, detail="disk full")
        await watch(bot)
        return len(await village.rows("SELECT 1 FROM notice WHERE kind = 'log_stuck'"))

    found = [await look(1, ok=False) for _ in range(6)]
    await village.set("UPDATE notice SET seen_at = at")
    again = [
        await look(1, ok=False),
        await look(1, ok=True),
        await look(1, ok=False),
        await look(4, ok=False),
    ]

    assert [0, 0, 0, 1, 1, 1] == found
    assert [1, 1, 1, 2] == again


# --- no answer needed ---------------------------------------------------------------------------------------------------


async def waiting(town: Town, what: str = "person") -> list[str]:
    return [one["id"] for one in (await town.get("/api/avito/chats", waiting=what))["data"]]


async def left(town: Town, chat: str = "u2i-a", reason: str = "model_failed") -> None:
    def judging(tx: Connection) -> None:
        messages.judge(tx, messages.open_in(tx, chat), "left_to_human", reason, town.time.now())

    await town.bot.store.write(judging)


async def test_no_answer_is_needed(town: Town) -> None:
    """
    A verdict that is open becomes `left_to_human` for that reason, one that was given stays; the chat waits no more, until
    the client writes again.
    """
    await town.connect()
    await town.set("UPDATE listing SET ai_enabled = true")
    await hear(town, said(1, chat="u2i-given"), said(1, chat="u2i-open"))
    await left(town, "u2i-given")
    assert ["u2i-given"] == await waiting(town)
    assert {"u2i-given", "u2i-open"} == set(await waiting(town, "any"))

    for chat in ("u2i-given", "u2i-open"):
        answer = await town.ask("POST", f"/api/avito/chats/{chat}/no-answer-needed", role="manager")
        assert ("quiet", 0) == (answer.json()["chat"]["state"], answer.json()["chat"]["unanswered"])

    assert [] == await waiting(town, "any")
    reasons = await town.rows("SELECT chat_id, verdict_reason FROM message ORDER BY chat_id")
    assert [("u2i-given", "model_failed"), ("u2i-open", "no_answer_needed")] == [
        tuple(row) for row in reasons
    ]
    assert 2 == len(await town.events("chat.settled"))

    town.time.advance(seconds=5)
    await hear(town, said(2, chat="u2i-given"))
    await left(town, "u2i-given")
    assert ["u2i-given"] == await waiting(town)
    assert 0 == (await town.get("/api/avito/notices"))["unseen"] - 1
    assert 404 == (await town.ask("POST", "/api/avito/chats/nowhere/no-answer-needed")).status_code
    assert (
        403
        == (
            await town.ask("POST", "/api/avito/chats/u2i-open/no-answer-needed", role="viewer")
        ).status_code
    )


async def test_who_waits_longest_comes_first_among_all_chats(village: Town) -> None:
    """
    Also where it is not among the newest hundred; a person's words end the waiting.
    """
    await village.connect()
    await village.set("UPDATE listing SET ai_enabled = true")
    await hear(village, said(1, chat="u2i-old"), said(2, chat="u2i-later"))
    for chat in ("u2i-old", "u2i-later"):
        await left(village, chat)
    await hear(village, *(said(100 + n, chat=f"u2i-{n}", author_id=ACCOUNT) for n in range(101)))

    assert ["u2i-old", "u2i-later"] == await waiting(village)
    await hear(village, said(300, chat="u2i-old", author_id=ACCOUNT))
    assert ["u2i-later"] == await waiting(village)


async def test_a_hand_off_waits_until_it_is_taken(village: Town) -> None:
    """
    Though the assistant has answered that a colleague will come; taking the chat is enough.
    """
    await village.connect()
    await hear(village, said(1))
    await hand_off(village)
    assert ["u2i-a"] == await waiting(village)

    await village.ask("POST", "/api/avito/chats/u2i-a/owner", json={"owner": "human"})

    assert [] == await waiting(village)


# --- settings and checks ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"TELEGRAM_BOT_TOKEN": "1:x"}, "TELEGRAM_CHAT_ID"),
        ({"SMTP_HOST": "mail.ru"}, "SMTP_FROM"),
        ({"SMTP_TLS": "perhaps"}, "SMTP_TLS"),
        ({"OPENAI_CHEAP_MODEL": "m", "OPENAI_PRICE_IN_RUB": "5"}, "OPENAI_CHEAP_PRICE_IN_RUB"),
    ],
)
def test_half_a_channel_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], words: str
) -> None:
    """
    It would tell nobody, and nobody would know.
    """
    monkeypatch.chdir("/")
    for name in ("AVITO_CLIENT_ID", "AVITO_CLIENT_SECRET", "OPENAI_API_KEY"):
        monkeypatch.setenv(name, "any")
    for name in ("JWT_SECRET", "WEBHOOK_SIGNATURE_SECRET"):
        monkeypatch.setenv(name, "x" * 32)
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEYS", "A" * 43)
    load()
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=words):
        load()


async def test_both_ways_are_made_of_the_settings(village: Town) -> None:
    """
    What is set is a channel; a look goes the way without telling anything.
    """
    both = village.bot.settings.model_copy(
        update={
            "telegram_chat_id": CHAT,
            "telegram_api_base": f"{SANDBOX}/telegram",
            "telegram_bot_token": type(village.bot.settings.jwt_secret)(TOKEN),
            "smtp_host": "127.0.0.1",
        }
    )
    made = make_channels(both, village.sandbox, village.time.now)

    assert ["telegram", "email"] == [one.name for one in made]
    assert "@sandbox_bot writes to «Менеджеры»" == await made[0].look()
    assert [] == await told(village)
    assert [] == make_channels(village.bot.settings, httpx.AsyncClient(), village.time.now)
