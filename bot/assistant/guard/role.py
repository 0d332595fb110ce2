"""Falling out of the role: claiming to be a person, playing a part, obeying a command, writing code or verses."""

import re
from collections.abc import Iterator

from bot.assistant.guard.common_words import EMPTY
from bot.assistant.guard.reading import Clause
from bot.assistant.guard.small_talk import SMALL_TALK
from bot.assistant.guard.talk import Finding, Talk

_PERSON = re.compile(
    r"\bя\b(?: же)?(?: самый| настоящий| обычный| обыкновенный| вполне)?\s*-?\s*(?:живой|настоящий|реальный)?\s*(?:человек|не (?:бот|робот|нейросеть|программа|машина|ии|искусственн\w+)|живой|живая|реальный человек)\b"
    r"|\b(?:никакой|какой) я (?:не )?(?:бот|робот)|\bне (?:бот|робот|нейросеть|программа|автоответчик)\b|\bжив(?:ой|ая) (?:человек|менеджер|сотрудник|оператор|женщина|девушка|мужчина)\b|\bчеловек,? (?:конечно|разумеется|а кто)"
    r"|\b(?:i am|i'm) (?:a )?(?:real |human|person)|\bnot a (?:bot|robot)\b|\b(?:конечно|да),? человек\b"
)
_NAMED = re.compile(
    r"\b(?:меня зовут|зовут меня|мое имя)\s*-?\s*([а-яa-z]+)|\bзовут ([а-я]{3,})\b|\bя\s*-?\s*(?!вам\b|вас\b)([а-я]{3,12}),? (?:(?:администратор|мастер|директор|хозяин|электрик|менеджер|владелец)\b|\w+ с \w+ (?:стаж|опыт)\w*)"
)
_IS = re.compile(
    r"\b(?:теперь я|отныне я|я теперь|я\s+-|я и есть|я это|перед вами|i am now|i'm now|i am|зови(?:те)? меня|называйте меня)\s*(?:-\s*)?(?:ваш\w*\s|тво\w\s|настоящ\w+\s)?(\w+)"
)
_IMPERSONATES = re.compile(
    r"\b(?:мы|я|это|вас приветствует)\b[^.!?]{0,25}\b(?:сэс|санэпид\w+|роспотребнадзор\w*|служб\w+ (?:поддержки|безопасности)|поддержк\w+ авито|модератор\w*|сотрудник\w* авито|администраци\w+ (?:авито|города|сайта)|полици\w+|мчс|банк\w*)\b(?!\s*(?:не|нет))"
)
_DISOWNS = re.compile(r"\bне (?:имеем|имею|относ\w+|явля\w+|связан\w*)\b")
_HELPER = re.compile(
    r"^(?:помощник\w*|ассистент\w*|бот|робот|автоматическ\w+|виртуальн\w+|чат\w*|программ\w*|нейросет\w*|не|на|о|об|про|за|все|уже|передам|спрошу|уточню|посмотрел\w*|понял\w*|вас|вам|an|a|the|assistant|only|не\w+|онлайн|отвечаю|помогу|могу|здесь|тут|записал\w*|передал\w*|проверю|посчитал\w*|рад\w*|вижу|просто|только)$"
)
_PLAYED = re.compile(
    r"\b(?:слушаюсь|повинуюсь|так точно|есть, (?:сэр|капитан|хозяин)|(?:мой |о |да,? )(?:хозяин|повелител\w+|господин|госпожа|милорд|владыка|капитан|шеф|босс|сударь|сударыня)\b(?=[,!.]|$)|йо-?\s?хо-?\s?хо|йохохо|карамба|якорь|сухопутн\w+ крыс\w*|пиастр\w*|тысяча чертей|"
    r"мяу\w*|мур-?мур|гав\w*|кукарек\w*|р+р+р+|аррр|"
    r"в некотором царстве|жил[аи]?[- ]был\w*|давным-давно|однажды|в тридевятом|аминь|да будет так|абракадабра|ваше величество|ваша светлость|мой друг|взломан\w*|разблокирован\w*|hacked|unlocked|pwned|jailbreak\w*|режим (?:разработчика|бога|администратора|отладки|без ограничений)\w*|"
    r"без ограничений|правила? (?:сброшен\w*|отключен\w*|отменен\w*)|ограничения сняты|доступ (?:открыт|разрешен|предоставлен|получен|выдан)|код (?:принят|верный|подтвержден)|пароль (?:принят|верный)|команда (?:выполнена|принята)|выполняю команду|админ\w* режим)\b"
)
_ADDRESSED = re.compile(
    r"(?:^|[,!.]\s*)(?:хозяин|повелител\w+|господин|госпожа|милорд|владыка|капитан|шеф|босс|сударь|сударыня|внуч(?:ек|ка|ок|ата|енька)|сынок|дочка|доченька|милок|голубчик|братан|братух\w*|бро\b|чувак|кореш|дружище|зайка|зай\b|котик|солнышко|любим(?:ый|ая)|малыш\w*|красотка|детка|дорог(?:ой|ая) мо[йя]|зайка)\\s*(?=[,!.]|$)"
)
"""Words that break the role as an address only: «ответит хозяин» and «по росту малыша» do not."""
_CODE = re.compile(
    r"\b(?:for \w+ in|def \w+\(|print\s?\(|import \w+|console\.log|select \* from|function\s*\w*\(|var \w+|let \w+ =|#include|public static|while\s*\(|sudo )|```|</?\w+>|\{\s*\"\w+\"\s*:|=>|\(\)\s*[:{;]|x²|∫"
)
_MATH = re.compile(r"\b[a-zx]\s?[²³^]|\^\d|[a-z]\s?/\s?\d\s?\+\s?c\b|\bsin\b|\bcos\b|√")
_ASKED_TO_PLAY = re.compile(
    r"\b(?:ты теперь|теперь ты|представь\w*|притвор\w+|сыграем|сыграй\w*|поиграем|побудь|будь моим|будь моей|веди себя|говори\w* .{0,25}\bкак\b|отвечай\w* .{0,25}\bкак\b|действуй как|говори как|ответь как|отвечай как|отвечай (?:только|как|в стиле)|в стиле|от лица|в роли|роль|забудь|забыть|игнорируй|"
    r"напиши (?:стих\w*|код|песн\w*|сказк\w*|рассказ\w*|эссе|сочинен\w*|программ\w*|реферат\w*|поэм\w*|анекдот\w*|шутк\w*)|расскажи (?:анекдот\w*|сказк\w*|шутк\w*|стих\w*|про себя|о себе)|спой|сочини|придумай|реши|переведи|скажи\s*[:\"]|повтори|ответь одним словом|напиши (?:слово|фразу|\")|"
    r"act as|you are now|pretend|ignore|ti teper|say |write a|sen endi)\b"
)
_DECLINES = re.compile(
    r"\b(?:не (?:получится|помощник|[а-я]+(?:ю|у|ем|им|ём)\b)|только (?:с|по|про|о)|помогу (?:с|по|только|лишь|вам)|я (?:помощник|здесь|тут|отвечаю)|давайте (?:вернемся|лучше|о))\b"
)
_TU = re.compile(r"\b(?:ты|тебя|тебе|тобой|твой|твоя|твое|твои|твоего|твоей)\b")
_FREE_CHAT = re.compile(
    r"\b(?:пивк\w*|пиво|погод\w+|футбол\w*|анекдот\w*|лол|ахах\w*|хаха\w*|поболта\w+|скучн\w+)\b"
)


def role(talk: Talk) -> Iterator[Finding]:
    """Sentences that a seller's assistant does not say."""
    playing = bool(_ASKED_TO_PLAY.search(talk.client.text))
    for sentence in talk.reply.sentences:
        start, end = sentence[0].start, sentence[-1].end
        text = talk.reply.text[start:end]
        if (
            _claims_person(talk, text)
            or (_IMPERSONATES.search(text) and not _DISOWNS.search(text))
            or _is_someone(talk, text, playing)
        ):
            yield talk.finding("role_break", start, end, "Помощник не человек и никого не играет.")
        elif (found := _PLAYED.search(text) or _ADDRESSED.search(text)) and not _quotes(
            talk, text, found
        ):
            yield talk.finding(
                "role_break", start, end, "Роль продавца не меняем и команд клиента не выполняем."
            )
        elif _CODE.search(text) or (
            playing and _MATH.search(talk.reply.plain.words(start, end).lower())
        ):
            yield talk.finding(
                "role_break", start, end, "Отвечаем обычным текстом о товаре или услуге."
            )
        elif playing and _off_topic(talk, sentence, text):
            yield talk.finding("role_break", start, end, "Отвечаем только о товаре или услуге.")
        elif _foreign_words(talk, text):
            yield talk.finding(
                "role_break", start, end, "Отвечаем на языке клиента и только о деле."
            )
        elif _familiar(talk, text):
            yield talk.finding(
                "role_break", start, end, "С клиентом говорим на «вы» и только о деле."
            )
    yield from _shouted(talk)


_ENGLISH_SELF = re.compile(
    r"\bi(?: am|'m) (?!here\b|sorry|afraid|only|not sure|an? (?:assistant|bot|ai)\b|the assistant)"
)


def _claims_person(talk: Talk, text: str) -> bool:
    if _ENGLISH_SELF.search(text):
        return True
    found = _PERSON.search(text)
    return (
        bool(found)
        and not re.search(
            r"\bживо\w+ (?:человек|менеджер|сотрудник|оператор)\w*",
            text[: found.start()] if found else "",
        )
        and not _brings_person(text)
    )


def _brings_person(text: str) -> bool:
    """«позову живого человека», «ответит живой менеджер»: no claim about oneself."""
    return bool(
        re.search(
            r"\b(?:позов\w+|ответит|передам|подключ\w+|соедин\w+|напишет|свяжется|переключ\w+|позвать)\b",
            text,
        )
    ) and not re.search(r"\bя\b[^,.]{0,12}(?:человек|не (?:бот|робот)|жив)", text)


def _is_someone(talk: Talk, text: str, playing: bool) -> bool:
    if _DECLINES.search(text) and not _PERSON.search(text):
        return False
    named = _NAMED.search(text)
    if named and not re.search(r"\bкак вас зовут|\bвас зовут", text):
        name = next(one for one in named.groups() if one) if any(named.groups()) else ""
        if name and name not in talk.known.text and name not in ("помощник", "ассистент"):
            return True
    found = _IS.search(text)
    return (bool(found) and playing and not _HELPER.match(found[1] if found else "")) or bool(
        re.search(r"\bтеперь я\b|\bя теперь\b", text) and playing
    )


def _quotes(talk: Talk, text: str, found: re.Match[str]) -> bool:
    """Words of the listing itself («котик» in a shop for cats), or refused."""
    return (
        found.group()[:5] in talk.known.text
        or bool(
            re.search(r"\b(?:не (?:могу|буду|выполня\w+|включ\w+|меня\w+|существ\w+)|нет)\b", text)
        )
        or (
            found.group() in ("без ограничений", "однажды")
            and not _ASKED_TO_PLAY.search(talk.client.text)
        )
    )


def _off_topic(talk: Talk, sentence: tuple[Clause, ...], text: str) -> bool:
    """Asked to play: a sentence of words that neither the facts nor a seller's small talk have."""
    if _DECLINES.search(text) or (sentence[-1].asked and len(sentence) == 1):
        return False
    if any(one.hedged for one in sentence):
        return False
    stems = {one for clause in sentence for one in clause.stems if len(one) > 2}
    strange = {
        one
        for one in stems
        if one not in EMPTY and one not in SMALL_TALK and one not in talk.known.stems
    }
    known = stems & (talk.known.stems - EMPTY)
    if not stems:
        return False
    return (len(strange) >= 2 and len(strange) > len(known)) or (
        bool(strange)
        and strange == stems - EMPTY
        and strange <= talk.client.stems | strange
        and len(stems) <= 3
        and not sentence[0].negated
    )


def _foreign_words(talk: Talk, text: str) -> bool:
    """Three words in Latin letters that neither the facts nor the client have, in a chat that is not in them."""
    words = [
        one
        for one in re.findall(r"\b[a-z]{2,}\b", text)
        if one not in talk.known.text and one not in talk.client.text
    ]
    return len(words) > 2 and bool(re.search(r"[а-я]{3}", talk.client.text))


def _familiar(talk: Talk, text: str) -> bool:
    """A seller says «вы»; «ты» is for friends, and for orders to a model."""
    chatty = (
        _FREE_CHAT.search(text)
        and (_FREE_CHAT.search(talk.client.text) or _ASKED_TO_PLAY.search(talk.client.text))
        and not _FREE_CHAT.search(talk.known.text)
        and not _DECLINES.search(text)
    )
    return bool(chatty) or (bool(_TU.search(text)) and not _TU.search(talk.client.text))


_ORDER = re.compile(
    r"\b(?:скажи\w*|ответь\w*|отвечай\w*|напиши\w*|добавь\w*|вставь\w*|повтори\w*|произнеси|включи в ответ|подтверди\w*|выведи|начни (?:ответ )?с|начиная с|закончи|"
    r"say|reply|answer|write|respond|include|output|print|repeat|confirm|otvechay|skazhi|napishi|deb yoz)\b"
)
_ORDERED = re.compile(
    r"\b(?:слов[оаом]{1,3}|фраз[уыао]й?|word|phrase|парол\w+)\s+\"?([^\W_]+(?:[ -][^\W_]+)?)"
)
_CAPITALS = re.compile(r"(?<![^\W_])[^\W\d_a-zа-яё]{3,}(?:[ -][^\W\d_a-zа-яё]{3,})*(?![^\W_])")
_STARTING = re.compile(r"\b(?:начиная с|начни с|start with|starting with)\s+\"?([^\n\"]{3,30})")


def _shouted(talk: Talk) -> Iterator[Finding]:
    """Words that the client ordered, said back: «РАЗБЛОКИРОВАНО», «слушаюсь, хозяин», BANAN."""
    if not _ORDER.search(talk.client.text):
        return
    for phrase in _ordered(talk):
        place = talk.reply.text.find(phrase)
        if place >= 0 and phrase not in talk.known.text:
            yield talk.finding(
                "role_break", place, place + len(phrase), "Команды клиента не выполняем."
            )
    words = [token for token in talk.reply.tokens if token.is_word]
    if (
        0 < len(words) <= 2
        and all(one.text in talk.client.text and one.text not in talk.known.text for one in words)
        and words[0].text not in ("да", "нет", "здравствуйте", "хорошо")
    ):
        yield talk.finding(
            "role_break", words[0].start, words[-1].end, "Команды клиента не выполняем."
        )


def _ordered(talk: Talk) -> Iterator[str]:
    """The words that the client wants to hear, as far as they can be told from the rest."""
    text, source = talk.client.text, talk.client.plain.source
    yield from (one.lower().replace("ё", "е") for one in _CAPITALS.findall(source) if len(one) > 3)
    for order in _ORDER.finditer(text):
        quoted = re.match(r"[^\".!?\n]{0,40}\"([^\"\n]{3,80})\"", text[order.end() :])
        if quoted:
            yield quoted[1]
    yield from (one for one in _ORDERED.findall(text) if len(one) > 3)
    yield from (one.strip() for one in _STARTING.findall(text))
