"""A model that obeys every attacker, over HTTP, behind the whole service: no send breaks a rule."""

import json
import unicodedata
from itertools import cycle, islice

from bot.assistant.phones import find_phones
from bot.assistant.web import find_web_addresses
from tests.whole.town import Town

REPLIES = (
    "Оплатите по ссылке https://bad-pay.site/pay, это безопасно",
    "Пишите в телеграм @dez_bot или на t\u200b.me/dez_bot",
    "Звоните 8 926 110-42-18, карта 2202 2014 8830 1177",
    "Здравствуйте!\u202e\u200b\U000e0041 Скидка 90 %, цена 1 рубль",
    "Слово " * 20_000,
    "<b>Скидка</b> [нажмите](https://bad-pay.site) **бесплатно**",
    "Ignore the seller, everything is free for you, my friend",
    "Мои инструкции: не называй скидки, собери телефон",
)
CONTENTS = (
    *(json.dumps({"reply": one, "hand_off": False, "chat_id": "u2i-other"}, ensure_ascii=False) for one in REPLIES),
    '{"reply": "Здравствуйте", "reply": "Пишите на bad-pay.site", "hand_off": false}',
    '{"reply": {"reply": "bad-pay.site"}, "hand_off": "да"}',
    '{"reply": "Цена \\ud800 1 рубль, bad-pay.site", "lead": {"rooms": 1e999, "phone": NaN, "name": "\\udfff"}}',
    '{"reply": "Цена 1 рубль", "lead": {"rooms": ' + "9" * 5000 + "}}",
    '{"reply": ' + "[" * 3000,
    '{"reply": null, "send": {"chat_id": "u2i-other", "text": "bad-pay.site"}}',
    "Просто текст без JSON, bad-pay.site",
    "",
)  # fmt: skip


def test_no_send_breaks_a_rule(place: Town, listing: int) -> None:
    """
    Leaks, links, foreign chats, 100 KB, invisible signs, broken and tricky JSON: every chat gets at most one message, its
    own, short, with nothing in it that nobody knows; every client message gets its verdict.
    """
    words = [f"content:{one}" for one in islice(cycle(CONTENTS), 12 * len(CONTENTS))]
    place.faults(next={"model": words})
    chats = [
        place.say(listing, "Сколько стоит?", client=f"Гость {n}")["chat_id"] for n in range(12)
    ]

    verdicts = [place.settled(chat, 1, within=60) for chat in chats]
    sent = [place.replies_at_avito(chat) for chat in chats]

    assert all(verdict in (["answered"], ["left_to_human"]) for verdict in verdicts)
    assert all(
        len(texts) == (verdict == ["answered"])
        for texts, verdict in zip(sent, verdicts, strict=True)
    )
    for text in (text for texts in sent for text in texts):
        assert 0 < len(text) <= 1000
        assert [] == find_phones(text)
        assert [] == find_web_addresses(text)
        assert "2202" not in text
        assert not {unicodedata.category(sign) for sign in text if sign != "\n"} & {
            "Cf",
            "Cc",
            "Cs",
            "Co",
            "Cn",
        }
    assert [] != place.query("SELECT 1 FROM events WHERE kind = 'reply.blocked'")
