"""What a manager sees of drafts that wait, and of the two doors to what the assistant knows."""

from datetime import UTC, datetime, timedelta

from streamlit.testing.v1 import AppTest

from tests.pages.fake_bot import FakeBot
from tests.pages.test_notices import _machine  # noqa: F401 - the same machine for these pages
from tests.pages.test_roles import visit


def captions(page: AppTest) -> str:
    return "\n".join(one.value for one in page.caption)


def waits(bot: FakeBot) -> None:
    chat = bot.world.chats[0]
    bot.world.drafts.append({"id": "d-1", "at": bot.world.ago(hours=1), "text": "Да", "chat": chat})


def test_drafts_say_that_nobody_works_now(bot: FakeBot) -> None:
    """
    Until when, and what would answer clients meanwhile; by day, and where no hours are set, there is nothing to say.
    """
    waits(bot)
    assert "нерабочее время" not in captions(visit("chats"))

    opens = (datetime.now(UTC) + timedelta(days=400)).replace(hour=9)  # one day on every clock
    bot.world.hours = {"hours": None, "open_now": False, "opens_at": opens.isoformat()}
    said = captions(visit("chats", "viewer"))
    assert f"Сейчас нерабочее время, до {opens.day} " in said
    assert "Отвечает в нерабочее время" in said

    bot.world.hours = {"hours": None, "open_now": True, "opens_at": None}
    assert "нерабочее время" not in captions(visit("chats"))


def test_the_two_doors_to_what_is_known_name_each_other(bot: FakeBot) -> None:
    """
    Who writes facts in one place reads there of the other, and which of them wins.
    """
    here = visit("connection")
    next(one for one in here.button if one.label == "Факты и часовой пояс").click().run()

    assert "на странице «Инструкции»" in captions(here)
    assert "Действует то, что опубликовано последним" in captions(here)
