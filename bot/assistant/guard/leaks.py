"""Talk of the assistant's own instructions, true or made up."""

import re
from collections.abc import Iterator

from bot.assistant.guard.reading import Clause
from bot.assistant.guard.talk import Finding, Talk

_SELF = re.compile(
    r"\b(?:мне|меня|мои|моих|мой|моя|моем|моей|моим|у меня|я|мной|нам|нас) (?:\S+ ){0,3}?"
    r"(?:велен\w*|запрещ\w+|запретил\w*|сказано|сказали|поручен\w*|поручили|приказ\w+|указано|написано|прописан\w*|задан\w*|настроен\w*|настроили|запрограммир\w*|обучен\w*|обучили|инструкц\w+|правил[аом]\w*|промпт\w*|промт\w*|настройк\w+|системн\w+|"
    r"модел\w+ (?:gpt|от|на)|gpt\w*|chatgpt|openai|yandexgpt|gigachat|claude|llm|нейросет\w+|языков\w+ модел\w*|разрешен\w*|нельзя (?:называть|говорить|предлагать|обещать|давать)|велят|просили (?:не|называть|говорить|собирать))"
)
_THING = re.compile(
    r"\b(?:системн\w+ (?:промпт\w*|промт\w*|сообщени\w+|инструкц\w+|текст\w*|подсказк\w+)|промпт\w*|промт\w*|system prompt|my instructions|instructions are|you are (?:a|an|the|now)|температур\w+ 0|токен\w*|контекстн\w+ окн\w*|"
    r"(?:мои|внутренн\w+|секретн\w+|скрыт\w+|служебн\w+) (?:инструкц\w+|правил\w+|указани\w+|настройк\w+|данн\w+)|gpt-?\s?\d\w*|chatgpt|openai|на базе (?:gpt|модел\w+|нейросет\w+)|yandexgpt|gigachat|llama|deepseek|минимальн\w+ цен\w+ котор\w+ (?:мне|начальник)|"
    r"секретн\w+ (?:слово|фраз\w+|код\w*|пароль)|кодов\w+ (?:слово|фраз\w+)|пароль\s?[:-]|закупочн\w+|себестоимост\w+|марж\w+|наценк\w+)"
)
_ORDERS = re.compile(
    r"\b(?:отвечай|не называй|не предлагай|не говори|не обещай|собери|собирай|бери (?:телефон|номер)|спрашивай|пиши (?:коротко|кратко|по)|говори|веди себя|соглашайся|не соглашайся|не давай|проси|попроси|выясни|узнай|предлагай|представляйся|не раскрывай|не упоминай|"
    r"используй|соблюдай|следуй|игнорируй|передавай|верни json|ты (?:-\s)?(?:ассистент|помощник|бот|продавец|менеджер|консультант|виртуальн\w+)|твоя (?:задача|роль|цель)|do not|never|always|answer only|respond)\b"
)
_REFUSED = re.compile(
    r"\b(?:не (?:показыва\w+|расскаж\w+|рассказыва\w+|раскрыва\w+|могу|покаж\w+|делюсь|делимся|обсужда(?:ю|ем|ет)\w*|выда\w+|сообща\w+|публику\w+|буду)|нельзя (?:показ|раскр|сообщ)\w+|нет (?:доступа|инструкц|промпт|таких|никаких)\w*|не помогу)\b"
)
_ASKED = re.compile(
    r"промпт|промт|prompt|инструкц|правил|систем|запрет|настройк|модел|gpt|температур|как ты устроен|слово в слово|дословно|первое сообщение|выше моего|текст выше|факты у тебя|переменн|ключи|json|маржа|почем покупаете|закупа"
)
_DUTY = re.compile(
    r"\b(?:нужно|надо|должен|должна|должны|следует|требуется|необходимо|обязан\w*|нельзя|можно|разрешено|запрещено|не давать|не называть|вижу)\b[^.!?]{0,60}\b(?:[а-я]{3,}(?:ть|ться|ти))\b"
)
_LIST = re.compile(r"(?:^|\n|:)\s*(?:1[.)]|-|•|\|)\s*\S")
_PRIVATE = re.compile(
    r"\b(?:марж\w+|закуп\w+|себестоимост\w+|наценк\w+)\b[^.!?]{0,40}\d|\d[^.!?]{0,20}\b(?:марж\w+|закуп\w+|себестоимост\w+|наценк\w+)\b|\b(?:начальник|директор|хозяин|владелец|руководство)\b[^.!?]{0,20}\b(?:разреш\w+|велел\w*|запретил\w*|сказал\w*|просил\w*)\b"
)


def leaks(talk: Talk) -> Iterator[Finding]:
    """Sentences that tell how the assistant is told to behave."""
    asked = bool(_ASKED.search(talk.client.text))
    for sentence in talk.reply.sentences:
        start, end = sentence[0].start, sentence[-1].end
        text = talk.reply.text[start:end]
        if _is_leak(talk, text, sentence, asked=asked):
            yield talk.finding(
                "prompt_leak", start, end, "О своих правилах и устройстве не рассказываем."
            )


def _is_leak(talk: Talk, text: str, sentence: tuple[Clause, ...], *, asked: bool) -> bool:
    if _ORDERS.search(text) and (
        asked
        or len(_ORDERS.findall(text)) > 1
        or text.startswith("ты ")
        or re.search(r"\bты (?:-\s)?(?:ассистент|помощник|бот)", text)
    ):
        return True
    if (
        _PRIVATE.search(text)
        and not _REFUSED.search(text)
        and not re.search(r"не знаю|нет данных|уточн", text)
    ):
        return True
    if _REFUSED.search(text):
        return False
    if _SELF.search(text) and (
        asked
        or re.search(
            r"инструкц|промпт|промт|велен|запрещ|запретил|запрограмм|настроен|обучен|gpt|openai|языков|нейросет|поручили|поручен|приказ|нельзя",
            text,
        )
    ):
        return True
    thing = _THING.search(text)
    if thing and (
        asked or not thing.group().startswith(("токен", "марж", "наценк", "закуп", "себест"))
    ):
        return thing.group()[:5] not in talk.known.text
    if asked and (
        _DUTY.search(text) or len(re.findall(r"\b[а-я]{3,}(?:ать|ять|ить|еть|уть)\b", text)) > 1
    ):
        return True
    return (
        asked
        and bool(_LIST.search(text))
        and bool(re.search(r"правил|нельзя|запрещ|можно|скидк", text))
    )
