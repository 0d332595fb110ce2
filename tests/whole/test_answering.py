"""A client writes, and the whole service goes about its work: from Avito's call to Avito's chat, CRM and log."""

import time

import pytest

from tests.whole.town import Town, eventually


def test_a_burst_gets_one_answer(place: Town, listing: int) -> None:
    """
    Messages written in one go are answered together: the newest is answered, the others are merged into it.
    """
    chat = place.say(listing, "Здравствуйте", client="Анна")["chat_id"]
    place.say(listing, "Сколько стоит", client="Анна")
    place.say(listing, "обработка однушки?", client="Анна")

    assert ["merged", "merged", "answered"] == place.settled(chat, 3)
    assert 1 == len(place.replies_at_avito(chat))
    assert 1 == len(
        {m["reply_id"] for m in place.chat(chat)["messages"] if m["author"] == "client"}
    )


def test_a_listing_that_is_off_stays_silent(place: Town, listing: int) -> None:
    """
    Off until switched on, and a switch holds from the next message on.
    """
    place.switch(listing, on=False)
    chat = place.say(listing, "Здравствуйте", client="Борис")["chat_id"]
    assert ["off"] == place.settled(chat, 1)

    place.switch(listing, on=True)
    place.say(listing, "Вы тут?", client="Борис")

    assert ["off", "answered"] == place.settled(chat, 2)
    assert 1 == len(place.replies_at_avito(chat))


def test_a_phone_becomes_a_lead_once(place: Town, listing: int) -> None:
    """
    The CRM gets the phone in E.164 under one key, however often the client repeats it.
    """
    chat = place.say(listing, "Клопы в двушке, звоните 8 (926) 441-08-73", client="Вера")["chat_id"]
    place.settled(chat, 1)
    place.say(listing, "повторю: 89264410873", client="Вера")
    place.settled(chat, 2)

    lead = eventually(
        lambda: (found := place.chat(chat)["lead"]) and found["state"] == "sent" and found
    )
    sent = [one for one in place.world("GET", "/sandbox/state")["leads"] if chat in str(one)]

    assert "+79264410873" == lead["fields"]["phone"]
    assert 1 == len(sent)
    assert "+79264410873" == sent[0]["body"]["phone"]
    assert lead["crm_lead_id"] == sent[0]["id"]


def test_who_wants_a_person_gets_one(place: Town, listing: int) -> None:
    """
    The assistant says so, hands the chat over with the reason, and is silent from then on.
    """
    chat = place.say(listing, "Позовите живого человека, пожалуйста", client="Глеб")["chat_id"]
    assert ["answered"] == place.settled(chat, 1)
    assert "human" == place.chat(chat)["owner"]
    assert "asked_for_human" == place.chat(chat)["owner_reason"]

    place.say(listing, "Ау", client="Глеб")

    assert ["answered", "left_to_human"] == place.settled(chat, 2)
    assert 1 == len(place.replies_at_avito(chat))


def test_a_person_in_the_app_is_not_talked_over(place: Town, listing: int) -> None:
    """
    The seller answers from the phone before the burst is over: the assistant stays silent until given the chat back.
    """
    chat = place.say(listing, "Добрый день, вы работаете?", client="Дина")["chat_id"]
    place.seller_says(chat, "Да, чем помочь?")
    assert ["left_to_human"] == place.settled(chat, 1)
    assert "human_wrote" == place.chat(chat)["owner_reason"]
    assert [] == place.replies_at_avito(chat)

    assert (
        200
        == place.api(
            "POST", f"/api/avito/chats/{chat}/owner", json={"owner": "assistant"}
        ).status_code
    )
    place.say(listing, "Сколько стоит?", client="Дина")

    assert ["left_to_human", "answered"] == place.settled(chat, 2)


def test_a_person_during_generation_is_not_talked_over(place: Town, listing: int) -> None:
    """
    What the model wrote meanwhile is thrown away.
    """
    place.faults(model_latency=2.0)
    chat = place.say(listing, "Сколько стоит выезд?", client="Егор")["chat_id"]
    eventually(lambda: place.chat(chat).get("state") == "answering")
    place.seller_says(chat, "Выезд бесплатный")

    assert ["left_to_human"] == place.settled(chat, 1)
    time.sleep(2.5)
    assert [] == place.replies_at_avito(chat)


def test_a_newer_message_makes_the_draft_stale(place: Town, listing: int) -> None:
    """
    A draft that does not know the newest message is not sent; one reply answers both.
    """
    place.faults(model_latency=2.0)
    chat = place.say(listing, "Сколько стоит?", client="Жанна")["chat_id"]
    eventually(lambda: place.chat(chat).get("state") == "answering")
    place.say(listing, "И когда сможете приехать?", client="Жанна")

    assert ["merged", "answered"] == place.settled(chat, 2)
    assert 1 == len(place.replies_at_avito(chat))


def test_a_persons_reply_through_the_dashboard(place: Town, listing: int) -> None:
    """
    It goes out once, as written; the chat becomes the person's, and the log knows who wrote.
    """
    place.switch(listing, on=False)
    chat = place.say(listing, "Здравствуйте", client="Захар")["chat_id"]
    place.settled(chat, 1)
    answer = place.api(
        "POST",
        f"/api/avito/chats/{chat}/reply",
        json={"text": "Здравствуйте! Я на связи."},
        role="manager",
    )
    assert answer.status_code in (200, 202), answer.text

    assert ["Здравствуйте! Я на связи."] == eventually(lambda: place.replies_at_avito(chat))
    assert "human" == place.chat(chat)["owner"]
    sql = f"SELECT author FROM messages WHERE chat_id = '{chat}' AND author <> 'client'"
    assert [{"author": "human_dashboard"}] == eventually(lambda: place.query(sql))


@pytest.mark.parametrize("kind", ["image", "voice", "file", "video", "appCall", "hologram"])
def test_what_has_no_words_is_left_alone(place: Town, listing: int, kind: str) -> None:
    """
    Pictures, voice, files, and kinds that nobody has heard of: stored, verdict `not_text`, nothing said.
    """
    chat = place.say(listing, "", type=kind, client=f"Иван {kind}")["chat_id"]

    assert ["not_text"] == place.settled(chat, 1)
    assert [] == place.replies_at_avito(chat)


@pytest.mark.parametrize("kind", ["link", "location", "item"])
def test_links_places_and_listings_can_be_read(place: Town, listing: int, kind: str) -> None:
    """
    They have words: the assistant answers them.
    """
    chat = place.say(listing, "habr.com", type=kind, client=f"Кира {kind}")["chat_id"]

    assert ["answered"] == place.settled(chat, 1)


@pytest.mark.parametrize("kind", ["call", "system", "deleted"])
def test_notices_and_calls_need_no_verdict(place: Town, listing: int, kind: str) -> None:
    """
    Avito's own lines, calls and deletions are kept, never answered, and nobody waits for them.
    """
    chat = place.say(listing, "", type=kind, client=f"Лев {kind}")["chat_id"]
    eventually(lambda: place.chat(chat).get("messages"))
    time.sleep(1.0)

    assert [] == place.replies_at_avito(chat)
    assert [None] == [m["verdict"] for m in place.chat(chat)["messages"]]


def test_a_deleted_text_is_not_answered(place: Town, listing: int) -> None:
    """
    In reality a deletion comes as an ordinary text that says so.
    """
    chat = place.say(listing, "Сообщение удалено", client="Майя")["chat_id"]
    eventually(lambda: place.chat(chat).get("messages"))
    time.sleep(1.0)

    assert [] == place.replies_at_avito(chat)


def test_avitos_auto_reply_is_not_answered(place: Town, listing: int) -> None:
    """
    Lines with a flow id, and those of author 0 or 1, are Avito's, whatever their type says.
    """
    chat = place.say(listing, "Пользователь посмотрел номер", client="Нина", author_id=0)["chat_id"]
    place.say(listing, "Скидка для вас", client="Нина", flow_id="seller_audience_discount")
    eventually(lambda: len(place.chat(chat).get("messages", [])) >= 2)
    time.sleep(1.0)

    assert [] == place.replies_at_avito(chat)
    assert {"avito"} == {m["author"] for m in place.chat(chat)["messages"]}


def test_a_lost_webhook_is_found(place: Town, listing: int) -> None:
    """
    Avito does not repeat a call that was lost; the sweep finds the message, and it is answered.
    """
    chat = place.say(listing, "Работаете сегодня?", client="Олег", silent=True)["chat_id"]

    assert ["answered"] == place.settled(chat, 1, within=75)
    assert ["sweep"] == [
        m["found_by"] for m in place.chat(chat)["messages"] if m["author"] == "client"
    ]


def test_a_time_out_after_accepting_does_not_double(place: Town, listing: int) -> None:
    """
    Avito took the reply and never said so: it is found in the chat, not sent again.
    """
    place.faults(next={"send": ["timeout_after"]}, timeout_seconds=12)
    chat = place.say(listing, "Сколько стоит?", client="Павел")["chat_id"]

    assert ["answered"] == place.settled(chat, 1, within=40)
    assert 1 == len(place.replies_at_avito(chat))


def test_a_refused_send_is_tried_again(place: Town, listing: int) -> None:
    """
    429 certainly did nothing: after the time that Avito asks for, the reply goes out, once.
    """
    place.faults(next={"send": ["429:1"]})
    chat = place.say(listing, "Сколько стоит?", client="Рита")["chat_id"]

    assert ["answered"] == place.settled(chat, 1, within=20)
    assert 1 == len(place.replies_at_avito(chat))


@pytest.mark.parametrize("word", ["empty", "refusal", "broken_json", "wrong_language", "too_long"])
def test_a_model_that_talks_nonsense_is_asked_again(place: Town, listing: int, word: str) -> None:
    """
    What cannot be sent is mended by the model; the client sees only the sound answer.
    """
    place.faults(next={"model": [word]})
    chat = place.say(listing, "Сколько стоит?", client=f"Савва {word}")["chat_id"]

    assert ["answered"] == place.settled(chat, 1)
    [reply] = place.replies_at_avito(chat)
    assert len(reply) <= 1000
    assert "2" in reply or "цен" in reply.lower() or "стои" in reply.lower()


def test_everything_is_in_the_log_once(place: Town, listing: int) -> None:
    """
    Messages with masked text, one verdict each, the reply with Avito's id, within two seconds of being acknowledged.
    """
    said = place.say(listing, "Почта olga.t@mail.ru, сколько стоит?", client="Тая")
    place.settled(said["chat_id"], 1)
    where = f"WHERE chat_id = '{said['chat_id']}'"

    replies = eventually(
        lambda: place.query(f"SELECT * FROM replies {where} AND state = 'sent'"), within=10
    )
    verdicts = place.query(f"SELECT * FROM verdicts {where}")
    messages = place.query(f"SELECT author, text FROM messages {where} ORDER BY author")

    assert [replies[0]["reply_id"]] == [v["reply_id"] for v in verdicts]
    assert place.at_avito(said["chat_id"])[-1]["id"] == replies[0]["sent_message_id"]
    assert ["assistant", "client"] == [m["author"] for m in messages]
    assert "olga" not in messages[1]["text"]
