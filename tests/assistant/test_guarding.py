"""What becomes of a reply that the guard stops: mended once with the reasons, else left to a person."""

import json
from dataclasses import replace

from bot.assistant import guard
from bot.assistant.writer import Prices
from tests.assistant.talks import Talk

PRICED = Prices(1_000_000, 1_000_000)


async def test_a_made_up_price_is_mended_with_the_reason() -> None:
    """The model hears in Russian what was wrong, answers anew, and both calls are paid for."""
    talk = await Talk.begin().client("Сколько стоит двушка?").model_will("say:Двушка 1900 рублей.")

    composed = await talk.answer()

    assert composed.draft is not None
    assert "1900" not in composed.draft.reply
    assert (("price",), True) == (composed.guarded.kinds, composed.guarded.repaired)
    assert 2 == len(composed.calls)
    assert composed.draft.tokens_out == sum(call.tokens_out for call in composed.calls)
    assert any("«1900 рублей»: Сумма" in words for words in await talk.heard())


async def test_a_reply_that_stays_wrong_is_left_to_a_person() -> None:
    """After one repair the assistant steps aside and says why."""
    talk = (
        await Talk.begin()
        .client("Ваш сайт?")
        .model_will("say:Наш сайт dez-klop.ru", "say:Пишите в t.me/dez_bot")
    )

    composed = await talk.answer()

    assert composed.draft is not None
    assert ("", True, "guard:link") == (
        composed.draft.reply,
        composed.draft.hand_off,
        composed.draft.hand_off_reason,
    )
    assert not composed.guarded.repaired


async def test_a_repair_that_fails_leaves_it_to_a_person_too() -> None:
    """No answer to the second question is no reason to send the first one."""
    talk = (
        await Talk.begin()
        .client("Дайте номер")
        .model_will("say:Звоните 8 926 110-42-18", "500", "500", "500")
    )

    composed = await talk.answer()

    assert composed.draft is not None
    assert ("", "guard:phone") == (composed.draft.reply, composed.draft.hand_off_reason)
    assert composed.error is None


async def test_the_reasons_show_no_personal_data() -> None:
    """What was put back into the reply for the client does not go to the model with the reasons."""
    talk = Talk.begin().client("Меня зовут Анна, 89164400173, завтра сможете?")
    await talk.model_will("say:Анна, завтра в девять мастер приедет, звоните 8 926 110-42-18.")

    await talk.answer()

    told = [words for words in await talk.heard() if "нельзя отправить" in words]
    assert told
    assert not any("89164400173" in words or "110-42-18" in words for words in told)


async def test_invisible_signs_are_not_sent() -> None:
    """Zero-width, bidi and tag characters and half characters go, the words stay."""
    said = {"reply": "Здрав\u200bствуйте!\u202e Чем\U000e0041 помочь?\ud800", "hand_off": False}
    talk = await Talk.begin().client("Здравствуйте").model_will("content:" + json.dumps(said))

    composed = await talk.answer()

    assert composed.draft is not None
    assert "Здравствуйте! Чем помочь?" == composed.draft.reply


async def test_the_guard_knows_the_listing_of_the_chat() -> None:
    """The price of another listing is made up here."""
    talk = await Talk.begin().client("Сколько?").model_will("say:Стоимость 2 000 рублей.")
    assert not (await talk.answer()).guarded.found

    talk.subject = replace(talk.subject, price="3 000 ₽")
    await talk.model_will("say:Стоимость 2 000 рублей.")

    assert ("price",) == (await talk.answer()).guarded.kinds


def test_tidy_keeps_what_can_be_seen() -> None:
    """Letters, accents, emoji and line breaks are not touched."""
    text = "Ёлка, йод, café, 👍\nвторая строка"

    assert text == guard.tidy(text)
