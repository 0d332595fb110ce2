"""A small writer of Russian replies by rules: the language model that needs no key."""

import re
from dataclasses import dataclass

from bot.sandbox.gleaning import address_in, gives_phone, lead_in, name_in
from bot.sandbox.scene import Scene

LONG_GREETING = 40
"""Characters from which a greeting is thought to say more than hello."""

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
    r"оператор|жив|начальник|мастер.{0,8}лично)|жив\w+ (человек|менедж|операт)|вы бот|ты бот|не бот|"
    r"с роботом",
    "complaint": r"жалоб|обман|не помогло|снова (полез|появил|вылез|клоп|тарак|кусают)|опять кус|с прошлого раза|верните|возврат|ужасн|"
    r"безобрази|отвратительн|испортил|в суд|роспотреб|мошенник|не приехал",
    "spam": r"продвижени\w+ (ваш|объявл)|заработ\w+ от|казино|криптовал|крипт[ау]|seo|накрут",
    "haggle": r"скидк|дешевле|давайте \d[\d\s]{2,}|\d{3,} ?(пойдет|и сразу|и едем|нал)|скин|уступ|торг|подвинетесь|за \d[\d\s]{2,} ?(отда|сдела|получ|"
    r"приед|можно|норм|две|р\b|руб)|дорого|а за \d{3,}",
    "price": r"сколько|почем|цен[аыу]|стоимост|стоит|прайс|расценк|сколь",
    "guarantee": r"гаранти|поможет|точно убь|если не",
    "documents": r"документ|договор|акт[ыа]?\b|чек|лиценз|сертифик|юр\.? ?лиц|сэс|закрыва",
    "payment": r"оплат|наличн|перевод|картой|безнал|аванс|предоплат|рассрочк",
    "delivery": r"достав|самовывоз|отправ",
    "timing": r"когда|завтра|сегодня|во сколько|время|срочно|выходн|суббот|воскрес|понедельн|"
    r"вечер(ом|а)\b|утром|успеете|через час|послезавтра|долго",
    "availability": r"актуальн|свобод|в наличии|работаете|приезжаете|выезжаете|беретесь|"
    r"делаете|есть\?",
    "address": r"где вы|ваш адрес|куда ехать|находитесь|каком районе|где забрать|где посмотреть",
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
_UNSEEN = re.compile(
    r"\[[^\]]*(?:фото|голосов|видео|файл|не видишь|не слышишь)[^\]]*\]", re.IGNORECASE
)
_IN_WORDS = "Вложение здесь не открывается. Опишите, пожалуйста, словами, что у вас случилось."
_PEST = re.compile(
    r"Объявление[^\n]*(?:клоп|таракан|мурав|клещ|бло[хш]|обработ|дез|дерат)", re.IGNORECASE
)
_ALONE = {*_FIXED, "phone_given", "greeting"}
_LEADS_ON = {"price", "timing", "availability", "address", "other"}
_ASK_PHONE = "Оставьте, пожалуйста, номер телефона, чтобы согласовать время."


def write(scene: Scene) -> Draft:
    """The reply to the client's newest words, with everything that is known for a lead."""
    wanted = _intents(scene.last)
    lead = lead_in(scene.client, scene.brief)
    reason = {"human_request": "asked_for_human", "complaint": "complaint"}.get(wanted[0])
    parts = [_sentence(intent, scene) for intent in wanted[: 1 if wanted[0] in _ALONE else 2]]
    if wanted == ["other"] and _UNSEEN.search(scene.last):
        parts = [_IN_WORDS]
    elif _LEADS_ON.issuperset(wanted[:2]):
        parts.append(_question(scene, lead))
    text = " ".join(dict.fromkeys(part for part in parts if part))
    if not scene.replies and not re.match(r"здравств|пожалуйста|спасибо", text, re.IGNORECASE):
        text = f"Здравствуйте! {text}"
    return Draft(text, wanted[0], lead, reason)


def _question(scene: Scene, lead: Lead) -> str:
    """What is still missing, one thing at a time: the task, the address, the day, the number."""
    if _PEST.search(scene.brief) and lead["objectType"] is None:
        return "Какое у вас помещение: квартира, дом или участок?"
    if _PEST.search(scene.brief) and lead["address"] is None and scene.replies < 2:
        return "Подскажите, пожалуйста, адрес."
    if lead["expectedDate"] is None and scene.replies < 3:
        return "На какой день и время вам удобно?"
    return _ASK_PHONE if lead["phone"] is None else "Менеджер свяжется с вами и всё согласует."


def _intents(text: str) -> list[str]:
    """What the client wants, most pressing first; never empty."""
    low = _UNSEEN.sub("", text).lower().replace("ё", "е")
    found = [intent for intent, pattern in _INTENTS.items() if re.search(pattern, low)]
    if gives_phone(text) and not {"human_request", "complaint"} & set(found):
        return ["phone_given"]
    if address_in(text) and "address" not in found:
        found = ["address", *[i for i in found if i not in {"greeting", "thanks"}]]
    real = [intent for intent in found if intent not in {"greeting", "thanks"}]
    if found == ["greeting"] and len(low.strip()) > LONG_GREETING:
        return ["other"]
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
            return "Адрес записали."
        case "greeting":
            return "Здравствуйте! Чем можем помочь? Расскажите, пожалуйста, подробнее."
        case _ if intent in _FIXED:
            return _FIXED[intent]
    return _known(intent, scene)


def _price(scene: Scene) -> str:
    if scene.price is None:
        return "Цена зависит от объёма работы, её назовёт менеджер."
    return f"Стоимость {scene.price}."


def _haggle(scene: Scene) -> str:
    if scene.price is None:
        return "Скидку обещать не могу, о цене лучше договориться с менеджером."
    return f"Понимаю вас, но снизить цену не могу: {scene.price}. Записать вас?"


def _known(intent: str, scene: Scene) -> str:
    """What the prompt says about it, or an honest way out."""
    sentence = scene.fact(*_FACTS.get(intent, ())) or _UNKNOWN.get(intent)
    if intent == "availability":
        return "Да, актуально."
    if intent == "other":
        return "Поняли вас."
    return sentence or ""
