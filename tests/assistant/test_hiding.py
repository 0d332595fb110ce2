"""Promises of hiding personal data from the model: it goes out as placeholders, and comes back as it was."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.assistant.evaluation import read_rows
from bot.assistant.hiding import hide
from bot.assistant.masking import mask_chat
from bot.assistant.prompt import Line
from tests.assistant.talks import Talk

CORPUS = Path(__file__).parent.parent / "corpus"
NAMES = ["Ефросинья", "Мстислав", "Гульнара", "Тихон Савельевич", "Пелагее", "Сурена"]
PHONES = [
    "8 (926) 441-08-73",
    "+79031234417",
    "89164400173",
    "8 912\n45 67 188",
    "+998 90 327 55 10",
]
HOMES = ["ул. Шаболовка 30 кв 9", "Бирюлёвская 14 кв 77", "Академика Янгеля 6, кв. 212"]
REST = ["olga.t@mail.ru", "2202 2014 5567 8890", "паспорт 4510 884321", "ИНН 7743891206"]
AROUND = ["клопы в двушке", "меня зовут {}", "звоните {}", "{} завтра", "адрес {}", "цена 2500?"]


def words() -> st.SearchStrategy[str]:
    """Sentences with a canary somewhere in them."""
    canary = st.sampled_from([*NAMES, *PHONES, *HOMES, *REST])
    return st.tuples(st.sampled_from(AROUND), canary).map(lambda pair: pair[0].format(pair[1]))


@pytest.mark.parametrize("canary", [*NAMES, *PHONES, *HOMES, *REST])
async def test_the_model_never_sees_what_is_personal(canary: str) -> None:
    """In no request to the model is there a run of a phone's or a document's digits, a name, a home."""
    talk = Talk.begin()
    talk.client("Здравствуйте, клопы в двушке").client(f"это {canary}").seller(
        f"Записали: {canary}"
    )

    await talk.client(f"да, {canary}, жду").answer()

    heard = json.dumps(await talk.heard(), ensure_ascii=False)
    digits = re.sub(r"\D", "", canary)
    assert canary not in heard
    assert len(digits) < 5 or digits not in re.sub(r"[^\w\[\]]", "", heard)
    assert not [word for word in re.findall(r"[А-ЯЁ][а-яё]{4,}", canary) if word in heard]


async def test_the_clients_own_name_at_avito_is_hidden_too() -> None:
    """A name that no list has is known from the client's profile, and the profile goes nowhere."""
    talk = Talk.begin().client("Добрый день, Олимпиодор беспокоит")

    await talk.answer(client="Олимпиодор")

    assert "Олимпиодор" not in json.dumps(await talk.heard(), ensure_ascii=False)


async def test_the_reply_and_the_lead_have_the_clients_own_words() -> None:
    """Where the model wrote a placeholder, the client reads the name in its first form, the CRM the address."""
    talk = Talk.begin().client(
        "тараканы в двушке, Тамаре позвоните 89164400173, ул. Шаболовка 30 кв 9"
    )
    said = {
        "reply": "Спасибо, [имя 1]! Ждите по адресу [Адрес 1].",
        "hand_off": False,
        "intent": "other",
    }
    lead = {"name": "[имя 1]", "address": "[адрес 1], код 12", "phone": "[телефон 1]"}
    await talk.model_will("content:" + json.dumps(said | {"lead": lead}, ensure_ascii=False))

    composed = await talk.answer()

    assert composed.draft is not None
    assert "Спасибо, Тамара! Ждите по адресу ул. Шаболовка 30 кв 9." == composed.draft.reply
    assert ("Тамара", "ул. Шаболовка 30 кв 9", "+79164400173") == (
        composed.draft.lead.name,
        composed.draft.lead.address,
        composed.draft.lead.phone,
    )


@pytest.mark.parametrize(
    "reply",
    [
        "Звоните [телефон 2]",
        "Спасибо, [имя]!",
        "Здравствуйте, [Ваше имя]",
        "До {{дата}}, ждём",
        "<ссылка>",
    ],
)
async def test_a_placeholder_that_stands_for_nothing_is_not_sent(reply: str) -> None:
    """The model is told to mend it, and what goes out has none."""
    talk = await Talk.begin().client("Анна, 89164400173. Сколько стоит?").model_will(f"say:{reply}")

    composed = await talk.answer()

    assert ["unsound", "ok"] == [call.outcome for call in composed.calls]
    assert composed.draft is not None
    assert reply not in composed.draft.reply


async def test_a_made_up_placeholder_in_the_lead_is_as_if_nothing_was_said() -> None:
    """No CRM gets «[адрес 4]»."""
    talk = Talk.begin().client("Сколько стоит?")
    said = {
        "reply": "2 000 ₽",
        "hand_off": False,
        "lead": {"address": "[адрес 4]", "name": "[имя]"},
    }
    await talk.model_will("content:" + json.dumps(said, ensure_ascii=False))

    composed = await talk.answer()

    assert composed.draft is not None
    assert (None, None) == (composed.draft.lead.address, composed.draft.lead.name)


async def test_a_model_of_ones_own_may_see_everything() -> None:
    """`plain` sends the chat as it was written."""
    talk = Talk.begin().client("Анна, 89164400173")

    await talk.answer(pii_mode="plain")

    assert "Анна, 89164400173" in await talk.heard()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(words(), min_size=1, max_size=3), min_size=1, max_size=4))
def test_what_is_hidden_comes_back_as_it_was(bursts: list[list[str]]) -> None:
    """Hide and restore is the identity, message by message, over a whole chat."""
    hidden = mask_chat(bursts)

    assert [text for burst in bursts for text in burst] == [hidden.restore(t) for t in hidden.texts]


@settings(max_examples=40, deadline=None)
@given(st.lists(words(), min_size=2, max_size=8))
def test_placeholders_stay_with_their_value_as_a_chat_grows(said: list[str]) -> None:
    """Each further burst leaves all earlier lines as the model already saw them."""
    lines = [
        line for text in said for line in (Line(False, "text", text), Line(True, "text", "Хорошо"))
    ]

    seen = [hide(lines[: 2 * n]).lines for n in range(1, len(said) + 1)]

    assert all(list(seen[-1])[: len(before)] == list(before) for before in seen)


@pytest.mark.parametrize("name", ["masking.jsonl", "masking_more.jsonl", "masking_unseen.jsonl"])
def test_every_row_of_the_corpora_comes_back(name: str) -> None:
    """The adversarial rows too: what a client typed in brackets is not taken for ours."""
    for row in read_rows(CORPUS / name):
        hidden = mask_chat([row["text"].split("\n---\n")])
        assert row["text"].split("\n---\n") == [hidden.restore(text) for text in hidden.texts]
