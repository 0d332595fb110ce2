"""A client wants a person, and a person hears of it where they are."""

from tests.whole.town import Town, eventually


def test_a_manager_is_called_and_comes(place: Town, listing: int) -> None:
    """
    Telegram tells why and where; the manager's words from the app take the chat, end the waiting, and the time until then
    is in the log.
    """
    chat = place.say(listing, "Позовите живого человека, пожалуйста", client="Юна")["chat_id"]
    place.settled(chat, 1)

    def told() -> list[str]:
        texts = [one["text"] for one in place.world("GET", "/sandbox/state")["telegram"]]
        return [text for text in texts if chat in text.replace("%7E", "~")]

    [text] = eventually(told)
    client = place.client()
    assert "клиент просит человека" in text
    assert chat in {one.id for one in client.chats(waiting="person").rows}

    place.seller_says(chat, "Здравствуйте, слушаю вас")
    eventually(lambda: chat not in {one.id for one in client.chats(waiting="person").rows})

    sql = f"SELECT body ->> '$.by' AS by FROM events WHERE kind = 'handoff.taken' AND chat_id = '{chat}'"
    assert [{"by": "human_app"}] == eventually(lambda: place.query(sql))
