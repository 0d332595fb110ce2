"""The language model: what it says, in which form, and how it fails."""

import json
from typing import Any

import jsonschema
import openai
import pytest

from tests.sandbox.visitor import Live, Visitor

INTENTS = [
    "price",
    "availability",
    "address",
    "timing",
    "guarantee",
    "haggle",
    "complaint",
    "human_request",
    "delivery",
    "documents",
    "payment",
    "phone_given",
    "greeting",
    "thanks",
    "spam",
    "other",
]
TEXT = {"type": ["string", "null"]}
FORM: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["reply", "intent", "lead", "hand_off", "hand_off_reason"],
    "properties": {
        "reply": {"type": "string"},
        "intent": {"type": "string", "enum": INTENTS},
        "lead": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                **dict.fromkeys(
                    [
                        "name",
                        "phone",
                        "pestType",
                        "objectType",
                        "infestation",
                        "address",
                        "expectedDate",
                        "clientComment",
                    ],
                    TEXT,
                ),
                "rooms": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
                "previousTreatment": {"type": ["boolean", "null"]},
            },
        },
        "hand_off": {"type": "boolean"},
        "hand_off_reason": TEXT,
    },
}
SCHEMA = {"type": "json_schema", "json_schema": {"name": "answer", "schema": FORM}}
BRIEF = """Ты отвечаешь клиентам на Авито.
Объявление: Обработка от клопов
Цена: 2 500 ₽
Гарантия: 1 год по договору
Оплата: наличными или переводом
Сегодня: 2026-10-05"""


def answer(visitor: Visitor, *client: str, brief: str = BRIEF) -> dict[str, Any]:
    """What the model fills in, checked against the form."""
    turns = [("user", text) for text in client]
    body = visitor.ask_model(("system", brief), *turns, response_format=SCHEMA).json()
    found: dict[str, Any] = json.loads(body["choices"][0]["message"]["content"])
    jsonschema.validate(found, FORM)
    return found


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("Здравствуйте", "greeting"),
        ("Сколько стоит двушка?", "price"),
        ("А дешевле можно?", "haggle"),
        ("за 1500 сделаете?", "haggle"),
        ("гарантия есть?", "guarantee"),
        ("Договор дадите?", "documents"),
        ("можно оплатить картой?", "payment"),
        ("завтра утром сможете?", "timing"),
        ("ещё актуально?", "availability"),
        ("в каком районе вы находитесь?", "address"),
        ("улица Перерва, 45, кв 8", "address"),
        ("8 916 555-01-42 Анна", "phone_given"),
        ("мой [телефон]", "phone_given"),
        ("Позовите человека, пожалуйста", "human_request"),
        ("Не помогло, верните деньги!", "complaint"),
        ("Предлагаем продвижение вашего объявления", "spam"),
        ("спасибо", "thanks"),
        ("ааааа", "other"),
    ],
)
def test_it_understands(stranger: Visitor, said: str, intent: str) -> None:
    """Each wish is recognised, and a person is called for those that need one."""
    found = answer(stranger, said)

    assert intent == found["intent"]
    assert (intent in {"human_request", "complaint"}) == found["hand_off"]
    assert 0 < len(found["reply"]) <= 400


def test_the_price_is_the_listing_s(stranger: Visitor) -> None:
    """It says what the prompt says, and names no price that is not there."""
    assert "2 500 ₽" in answer(stranger, "почём?")["reply"]
    assert "9 900 ₽" in answer(stranger, "почём?", brief="Цена: 9 900 ₽ за дом")["reply"]
    silent = answer(stranger, "почём?", brief="Объявление: Обработка")["reply"]
    assert not any(sign.isdigit() for sign in silent)


def test_a_burst_gets_one_answer_to_all_of_it(stranger: Visitor) -> None:
    """Price and guarantee in one reply, with one greeting."""
    found = answer(stranger, "здравствуйте", "сколько стоит", "и гарантия есть?")

    assert "price" == found["intent"]
    assert "2 500 ₽" in found["reply"]
    assert "1 год" in found["reply"]
    assert 1 == found["reply"].count("Здравствуйте")


def test_the_lead_is_gathered_over_the_whole_chat(stranger: Visitor) -> None:
    """What was said before counts too, and a day becomes a date."""
    said = stranger.ask_model(
        ("system", BRIEF),
        ("user", "клопы в двушке, травили уже, улица Перерва 45, кв 8"),
        ("assistant", "Стоимость 2 500 ₽."),
        ("user", "завтра. 8(916)555-01-42, Анна"),
        response_format=SCHEMA,
    ).json()
    lead = json.loads(said["choices"][0]["message"]["content"])["lead"]

    assert {
        "name": "Анна",
        "phone": "+79165550142",
        "pestType": "klopy",
        "objectType": "apartment",
        "rooms": 2,
        "infestation": None,
        "previousTreatment": True,
        "address": "улица Перерва 45, кв 8",
        "expectedDate": "2026-10-06",
        "clientComment": None,
    } == lead


@pytest.mark.parametrize(
    "chat",
    [
        "Переписка:\nКлиент: здравствуйте\nПродавец: Стоимость 2 500 ₽.\nКлиент: скиньте\nдо 2000",
        "<client>почём?</client><assistant>2 500 ₽</assistant><client>дорого, скидка?</client>",
        '<message author="client">привет</message><message author="client">торг есть?</message>',
        '[{"author":"client","text":"почём"},{"author":"client","text":"дорого"}]',
        "[10:02] Клиент (Анна): уступите?",
    ],
)
def test_a_chat_may_be_written_down_in_one_message(stranger: Visitor, chat: str) -> None:
    """As labelled lines, in tags or as JSON: the last word of the client is what is answered."""
    assert "haggle" == answer(stranger, chat)["intent"]


def test_forms(stranger: Visitor) -> None:
    """Plain text by default; JSON when asked by a format, or in words."""
    plain = stranger.ask_model(("system", BRIEF), ("user", "почём?")).json()
    told = stranger.ask_model(
        ("system", BRIEF + "\nОтветь JSON с полями reply, intent, lead, hand_off"),
        ("user", "почём?"),
    ).json()
    asked = stranger.ask_model(
        ("system", BRIEF), ("user", "почём?"), response_format={"type": "json_object"}
    ).json()

    assert "Здравствуйте!" in plain["choices"][0]["message"]["content"]
    for body in (told, asked):
        found = json.loads(body["choices"][0]["message"]["content"])
        assert FORM["required"] == list(found)
    assert 0 < plain["usage"]["prompt_tokens"] < plain["usage"]["total_tokens"]


def test_a_schema_with_references_and_strange_fields(stranger: Visitor) -> None:
    """Whatever the form, the answer fits it."""
    form = {
        "type": "object",
        "properties": {
            "reply": {"$ref": "#/$defs/words"},
            "intent": {"enum": ["yes", "no"]},
            "score": {"type": "number"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "lead": {"anyOf": [{"$ref": "#/$defs/lead"}, {"type": "null"}]},
        },
        "required": ["reply", "intent", "score", "tags", "lead"],
        "$defs": {
            "words": {"type": "string", "minLength": 1},
            "lead": {"type": "object", "properties": {"phone": TEXT}, "required": ["phone"]},
        },
    }
    wanted = {"type": "json_schema", "json_schema": {"name": "x", "schema": form}}
    body = stranger.ask_model(("user", "почём?"), response_format=wanted).json()

    jsonschema.validate(json.loads(body["choices"][0]["message"]["content"]), form)


def test_the_same_question_the_same_answer(stranger: Visitor) -> None:
    """Nothing is thrown dice for."""
    assert answer(stranger, "почём?") == answer(stranger, "почём?")


def test_it_fails_as_it_is_told(stranger: Visitor) -> None:
    """Each fault once, in order, and every call is on record."""
    words = ["429", "500", "empty", "refusal", "broken_json", "wrong_language", "too_long", "ok"]
    stranger.act("faults", next={"model": [*words, "say:Ровно так", "content:{}"]})
    asked = [stranger.ask_model(("user", "почём?"), response_format=SCHEMA) for _ in range(10)]
    said = [one.json().get("choices", [{}])[0].get("message", {}) for one in asked]

    assert [429, 500] + [200] * 8 == [one.status_code for one in asked]
    assert "error" in asked[0].json()
    assert "" == said[2]["content"]
    assert (None, True) == (said[3]["content"], bool(said[3]["refusal"]))
    with pytest.raises(json.JSONDecodeError):
        json.loads(said[4]["content"])
    assert json.loads(said[5]["content"])["reply"].isascii()
    assert 1000 < len(json.loads(said[6]["content"])["reply"])
    assert "Ровно так" == json.loads(said[8]["content"])["reply"]
    assert "{}" == said[9]["content"]
    calls = stranger.state()["model_calls"]
    assert [*words[:-1], None, "say", "content"] == [call["fault"] for call in calls]
    assert [429, 500] == [call["status"] for call in calls[:2]]
    assert "почём?" == calls[7]["messages"][0]["content"]


def test_a_server_without_schemas(stranger: Visitor) -> None:
    """A schema is refused with 400 as older servers do; a JSON object is not."""
    stranger.act("faults", model="no_schema")
    refused = stranger.ask_model(("user", "почём?"), response_format=SCHEMA)
    fine = stranger.ask_model(("user", "почём?"), response_format={"type": "json_object"})

    assert 400 == refused.status_code
    assert "response_format" == refused.json()["error"]["param"]
    assert 200 == fine.status_code


def test_a_key_is_needed(stranger: Visitor) -> None:
    """Without a Bearer key, 401, as at OpenAI; a body without messages is 400."""
    asked = {"model": "any", "messages": [{"role": "user", "content": "привет"}]}
    assert 401 == stranger.http.post("/v1/chat/completions", json=asked).status_code
    assert 400 == stranger.ask_model().status_code


def test_the_openai_package_understands_it(live: Live, remote: Visitor) -> None:
    """The client library that everybody uses reads answers, models and errors."""
    client = openai.OpenAI(
        api_key="any", base_url=f"{live.config.base_url}/v1", max_retries=0, timeout=5
    )
    said = client.chat.completions.create(
        model="any",
        messages=[{"role": "system", "content": BRIEF}, {"role": "user", "content": "?"}],
    )

    assert said.choices[0].message.content
    assert ["sandbox-writer"] == [model.id for model in client.models.list()]
    remote.act("faults", next={"model": ["429", "timeout"]})
    with pytest.raises(openai.RateLimitError):
        client.chat.completions.create(model="any", messages=[{"role": "user", "content": "?"}])
    with pytest.raises(openai.APITimeoutError):
        client.with_options(timeout=0.3).chat.completions.create(
            model="any", messages=[{"role": "user", "content": "?"}]
        )
    client.close()
