"""A small writer of Russian replies by rules: the language model that needs no key."""

import re
from dataclasses import dataclass

from bot.sandbox.gleaning import address_in, gives_phone, lead_in, name_in
from bot.sandbox.scene import Scene

Lead = dict[str, str | int | bool | None]


@dataclass(frozen=True)
class Draft:
    """What the model has to say."""

    reply: str
    intent: str
    lead: Lead
    hand_off_reason: str | None = None


# The first that fits wins; what a client wants most stands first.
_INTENTS = {
    "human_request": r"(позовите|соедините|дайте|хочу|можно|нужен|есть).{0,25}(человек|менеджер|"
    r"оператор|жив|начальник|мастер.{0,8}лично)|вы бот|ты бот|не бот|с роботом",
    "complaint": r"жалоб|обман|не помогло|снова (полез|появил|вылез)|верните|возврат|ужасн|"
    r"безобрази|отвратительн|испортил|в суд|роспотреб|мошенник|не приехал",
    "spam": r"продвижени\w+ (ваш|объявл)|заработ\w+ от|казино|криптовал|крипт[ау]|seo|накрут",
    "haggle": r"скидк|дешевле|скин|уступ|торг|подвинетесь|за \d[\d\s]{2,} ?(отда|сдела|получ|"
    r"приед|можно|р\b|руб)|дорого|а за \d{3,}",
    "price": r"сколько|почем|цен[аыу]|стоимост|стоит|прайс|расценк|сколь",
    "guarantee": r"гаранти|поможет|точно убь|если не",
    "documents": r"документ|договор|акт[ыа]?\b|чек|лиценз|сертифик|юр\.? ?лиц|сэс|закрыва",
    "payment": r"оплат|наличн|перевод|картой|безнал|аванс|предоплат|рассрочк",
    "delivery": r"достав|самовывоз|отправ",
    "timing": r"когда|завтра|сегодня|во сколько|время|срочно|выходн|суббот|воскрес|понедельн|"
    r"вечер(ом|а)\b|утром|успеете|через час|послезавтра|долго",
    "availability": r"актуальн|свобод|в наличии|работаете|приезжаете|выезжаете|беретесь|"
    r"делаете|есть\?",
    "address": r"где вы|адрес|район|метро|куда ехать|находитесь|область|мкад",
    "thanks": r"спасибо|благодар|понял[аи]?\b|хорошо|договорились|\bок\b|ясно",
    "greeting": r"здравств|добр(ый|ое|ого)|привет|\bздрасте|hello|доброй ночи",
}
_FACTS = {
    "guarantee": ("гарант",),
    "documents": ("документ", "договор", "акт"),
    "payment": ("оплат", "налич", "безнал"),
    "delivery": ("достав", "самовывоз"),
    "timing": ("час", "график", "режим", "врем", "выезд"),
    "address": ("адрес", "район", "выезд"),
}
_UNKNOWN = {
    "guarantee": "Про гарантию уточню у менеджера и напишу сюда.",
    "documents": "Какие документы будут, уточню у менеджера и напишу сюда.",
    "payment": "Как можно оплатить, уточню у менеджера и напишу сюда.",
    "delivery": "Про доставку уточню у менеджера и напишу сюда.",
}
_FIXED = {
    "human_request": "Хорошо, передаю вас менеджеру. Он ответит вам здесь, в чате.",
    "complaint": "Мне жаль, что так вышло. Передаю ваше обращение менеджеру, он во всём разберётся.",
    "spam": "Спасибо, это нам не нужно.",
    "thanks": "Пожалуйста! Если появятся вопросы, пишите.",
}
_ASK_PHONE = "Оставьте, пожалуйста, номер телефона, чтобы согласовать время."


def write(scene: Scene) -> Draft:
    """The reply to the client's newest words, with everything that is known for a lead."""
    wanted = _intents(scene.last)
    lead = lead_in(scene.client, scene.brief)
    reason = {"human_request": "client_asks", "complaint": "complaint"}.get(wanted[0])
    parts = [_sentence(intent, scene) for intent in wanted[:2]]
    if wanted[0] in _FIXED or wanted[0] == "phone_given":
        parts = parts[:1]
    text = " ".join(dict.fromkeys(parts))
    if not scene.replies and not re.match(r"здравств|пожалуйста|спасибо", text, re.IGNORECASE):
        text = f"Здравствуйте! {text}"
    return Draft(text, wanted[0], lead, reason)


def _intents(text: str) -> list[str]:
    """What the client wants, most pressing first; never empty."""
    low = text.lower().replace("ё", "е")
    found = [intent for intent, pattern in _INTENTS.items() if re.search(pattern, low)]
    if gives_phone(text) and not {"human_request", "complaint"} & set(found):
        return ["phone_given"]
    if address_in(text) and "address" not in found:
        found = ["address", *[i for i in found if i not in {"greeting", "thanks"}]]
    real = [intent for intent in found if intent not in {"greeting", "thanks"}]
    return real or found[:1] or ["other"]


def _sentence(intent: str, scene: Scene) -> str:
    match intent:
        case "price":
            return _price(scene)
        case "haggle":
            return _haggle(scene)
        case "phone_given":
            name = name_in(scene.last)
            thanks = f"Спасибо, {name}! Номер записали" if name else "Спасибо, номер записали"
            return f"{thanks}. Менеджер свяжется с вами, чтобы всё согласовать."
        case "address" if address_in(scene.last):
            return f"Адрес записали. {_ASK_PHONE}"
        case "greeting":
            return "Здравствуйте! Чем можем помочь? Напишите, что случилось и какое помещение."
        case _ if intent in _FIXED:
            return _FIXED[intent]
    return _known(intent, scene)


def _price(scene: Scene) -> str:
    if scene.price is None:
        return "Цена зависит от объёма работы. Подскажите, какое помещение и какая площадь?"
    ask = "Подскажите, пожалуйста, адрес и удобное время." if not scene.replies else _ASK_PHONE
    return f"Стоимость {scene.price}. {ask}"


def _haggle(scene: Scene) -> str:
    if scene.price is None:
        return "Скидку обещать не могу, о цене лучше договориться с менеджером."
    return f"Понимаю вас, но снизить цену не могу: {scene.price}. Записать вас?"


def _known(intent: str, scene: Scene) -> str:
    sentence = scene.fact(*_FACTS.get(intent, ())) or _UNKNOWN.get(intent)
    match intent:
        case "timing":
            return f"{sentence or ''} На какой день и время вам удобно? {_ASK_PHONE}".strip()
        case "availability":
            return f"Да, актуально. Подскажите адрес и удобное время. {_ASK_PHONE}"
        case "address":
            return f"{sentence or ''} Подскажите, пожалуйста, ваш адрес.".strip()
    return sentence or _OTHER[scene.replies % len(_OTHER)]


_OTHER = (
    "Подскажите, пожалуйста, подробнее: что нужно сделать и в каком районе?",
    "Уточните, пожалуйста, что именно вас интересует, и мы поможем.",
    "Чтобы ответить точно, нужно чуть больше подробностей. Расскажите, пожалуйста.",
)
