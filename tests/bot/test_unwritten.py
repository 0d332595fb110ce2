"""Promises about what is no text: voice is put into words, pictures are shown to a model that may see them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.bot.shop import Shop, open_shop
from tests.bot.town import ACCOUNT, build_town


@pytest.fixture
def opened(sqlite_url: str, tmp_path: Path) -> Any:
    """Opens a shop with these settings."""

    @asynccontextmanager
    async def opening(**settings: Any) -> AsyncIterator[Shop]:
        async with build_town(sqlite_url, tmp_path, **settings) as town, open_shop(town) as shop:
            yield shop

    return opening


async def test_voice_is_put_into_words_and_decides_like_text(opened: Any) -> None:
    """It is answered, its phone becomes a lead, and the log has the words masked."""
    async with opened(openai_audio_model="whisper-1") as shop:
        chat = await shop.says("клопы в двушке, звоните 89264410873", type="voice")
        await shop.passes(seconds=10)

        assert [("answered", None)] == await shop.verdicts(chat)
        found = await shop.chat(chat)
        assert "+79264410873" == found["lead"]["fields"]["phone"]
        assert "клопы в двушке, звоните 89264410873" == found["messages"][0]["text"]
        [event] = await shop.town.events("message.transcribed")
        assert "клопы в двушке, звоните [телефон]" == json.loads(event.body)["text"]
        heard = json.dumps(await shop.prompts(), ensure_ascii=False)
        assert "клопы в двушке, звоните [телефон 1]" in heard


@pytest.mark.parametrize("trouble", ["silence", "broken"])
async def test_voice_that_cannot_be_heard_is_left_to_a_person(opened: Any, trouble: str) -> None:
    """Nothing is made up, and nobody waits for ever."""
    async with opened(openai_audio_model="whisper-1") as shop:
        if trouble == "broken":
            await shop.town.act("faults", next={"model": ["500", "500"]})
        said = "алло" if trouble == "broken" else ""
        chat = await shop.says(said, type="voice")
        await shop.passes(seconds=10)

        assert [("not_text", "not_text")] == await shop.verdicts(chat)
        assert [] == await shop.sent(chat)


async def test_each_voice_of_a_burst_is_listened_to_once(opened: Any) -> None:
    """One with words and one without: each is paid once, however often the burst is looked at; newer words change nothing."""
    async with opened(openai_audio_model="whisper-1") as shop:
        chat = await shop.says("", type="voice")
        await shop.says("сколько стоит", type="voice", chat=chat)
        await shop.says("", type="voice", chat=chat)
        await shop.passes(seconds=10)
        await shop.says("и когда приедете?", chat=chat)
        await shop.passes(seconds=10)

        assert ["merged", "merged", "answered", "answered"] == sorted(
            (one for one, _ in await shop.verdicts(chat)), key=["merged", "answered"].index
        )
        told = [json.loads(one.body) for one in await shop.town.events("model.called")]
        assert 3 == len([one for one in told if one["purpose"] == "voice"])
        assert 3 == (await shop.town.outside())["transcriptions"]
        assert 1 == len(await shop.town.events("message.transcribed"))


async def test_listening_is_paid_from_the_budget(opened: Any) -> None:
    """By the minute: taken before the call, settled by what the server says, counted among the model's calls."""
    async with opened(
        openai_audio_model="whisper-1", openai_audio_price_rub=6.0, openai_price_in_rub=1.0
    ) as shop:
        await shop.does("PUT", f"accounts/{ACCOUNT}/budget", day_rub=50)
        chat = await shop.says("сколько стоит", type="voice")  # 13 letters, which take 1.9 seconds
        await shop.passes(seconds=10)

        assert [("answered", None)] == await shop.verdicts(chat)
        told = [json.loads(one.body) for one in await shop.town.events("model.called")]
        [heard] = [one for one in told if one["purpose"] == "voice"]
        assert ("whisper-1", "ok", 0.19) == (heard["model"], heard["outcome"], heard["cost_rub"])
        [budget] = (await shop.town.get("/api/avito/budgets"))["data"]
        assert sum(one["cost_rub"] for one in told) == pytest.approx(budget["today"]["rub"])
        assert (0, 2) == (budget["today"]["held_rub"], budget["today"]["calls"])


@pytest.mark.parametrize(
    ("reply", "verdict", "said"), [("off", "budget", 0), ("ask", "answered", 1)]
)
async def test_without_money_nobody_listens(
    opened: Any, reply: str, verdict: str, said: int
) -> None:
    """No recording leaves for the server: the client is asked to write, or a person answers, and the log says why."""
    async with opened(openai_audio_model="whisper-1", unreadable_reply=reply) as shop:
        await shop.does("PUT", f"accounts/{ACCOUNT}/budget", day_tokens=20)
        chat = await shop.says("сколько стоит", type="voice")
        await shop.passes(seconds=10)

        assert [verdict] == [one for one, _ in await shop.verdicts(chat)]
        assert said == len(await shop.sent(chat))
        [refused] = await shop.town.events("budget.refused")
        assert '"purpose":"voice"' in refused.body
        assert [] == await shop.town.events("model.called")
        assert [] == await shop.town.events("message.transcribed")


async def test_a_server_that_fails_is_asked_and_paid_once_more(opened: Any) -> None:
    """What failed cost nothing, and is told of; what worked is told of too."""
    async with opened(openai_audio_model="whisper-1") as shop:
        await shop.town.act("faults", next={"model": ["500"]})
        chat = await shop.says("сколько стоит", type="voice")
        await shop.passes(seconds=10)

        assert [("answered", None)] == await shop.verdicts(chat)
        told = [json.loads(one.body) for one in await shop.town.events("model.called")]
        voice = [(one["outcome"], one["tokens_in"]) for one in told if one["purpose"] == "voice"]
        assert [("ModelBusy", 0), ("ok", 32)] == voice


@pytest.mark.parametrize("kind", ["voice", "image", "file"])
async def test_without_settings_what_is_no_text_is_left_alone(opened: Any, kind: str) -> None:
    """The default: verdict `not_text`, and nothing is said."""
    async with opened() as shop:
        chat = await shop.says("слова", type=kind)
        await shop.passes(seconds=10)

        assert [("not_text", "not_text")] == await shop.verdicts(chat)
        assert [] == await shop.sent(chat)


@pytest.mark.parametrize(
    ("kind", "word"), [("voice", "прослушать"), ("image", "Фото"), ("video", "Вложение")]
)
async def test_a_client_is_kindly_asked_to_write_once_a_dialog(
    opened: Any, kind: str, word: str
) -> None:
    """Where the seller wants it: the message is answered by fixed words, the next one is left to a person."""
    async with opened(unreadable_reply="ask") as shop:
        chat = await shop.says("", type=kind)
        await shop.passes(seconds=10)
        await shop.says("", type=kind, chat=chat)
        await shop.passes(seconds=10)

        assert ["answered", "not_text"] == [verdict for verdict, _ in await shop.verdicts(chat)]
        [sent] = await shop.sent(chat)
        assert word in sent
        assert [] == await shop.prompts()


async def test_a_model_that_may_see_is_shown_the_picture(opened: Any) -> None:
    """By its link, the largest size; a picture alone is answered then."""
    async with opened(openai_vision="on") as shop:
        chat = await shop.says("", type="image")
        await shop.passes(seconds=10)

        assert ["answered"] == [verdict for verdict, _ in await shop.verdicts(chat)]
        [prompt] = await shop.prompts()
        [picture] = [part for part in prompt[-1]["content"] if part["type"] == "image_url"]
        assert "/1280x960/" in picture["image_url"]["url"]


async def test_without_sight_the_model_is_told_that_a_picture_came(opened: Any) -> None:
    """Beside words a picture is named, not shown, and the model is told not to make anything up."""
    async with opened() as shop:
        chat = await shop.says("", type="image")
        await shop.says("это клопы?", chat=chat)
        await shop.passes(seconds=10)

        [prompt] = await shop.prompts()
        assert "ты его не видишь" in json.dumps(prompt, ensure_ascii=False)
        assert "image_url" not in json.dumps(prompt)
