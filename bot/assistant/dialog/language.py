"""Which language the client writes."""

import re

from bot.assistant.dialog.talk import Talk, words

_WORD = re.compile(r"[^\W\d_]+(?:['ʻʼ’`][^\W\d_]+)*")
_UZBEK = words(
    r"^(?:salom|assalomu|alaykum|rahmat|raxmat|qancha|qanday|narx\w*|bor\w*|bormi|kerak|kerakmi|xona\w*|uy\w*|kvartira\w*|qachon|bugun|ertaga|yaxshi|mayli|ha|yo[ʻ'’`]q|olaman|olib|ketaman|berasiz\w*"
    r"|bo[ʻ'’`]la\w*|o[ʻ'’`]ylab|ko[ʻ'’`]r\w*|ko[ʻ'’`]p|qiling|qilasiz\w*|mumkin\w*|kuni|shanba\w*|kelasiz\w*|keling\w*|telefon\w*|raqam\w*|ismim|men\w*|siz\w*|hamma|tarakan\w*lar\w*|suvarak\w*|sizda|bizda|iltimos|necha|so[ʻ'’`]m\w*"
    r"|тараканлар|канча|нарх\w*|керак\w*|рахмат|салом|бор|борми|хона\w*|яхши|майли|булади\w*|келасиз\w*|эртага|бугун|kravatka|aka\w*|opa)$"
)
_KAZAKH = words(
    r"^(?:салем|салеметсиз\w*|рахмет|канша|қанша|керек|бар|жок|жоқ|ертен|ертең|бугин|бүгін|пәтер\w*|патер\w*|уй\w*|үй\w*|бола\s?ма|болады|жаксы|жақсы|калай|қалай|кашан|қашан|багасы|бағасы|маған|сіз\w*|бе|ма)$"
)
_TATAR = words(
    r"^(?:исэнмесез|исәнмесез|рэхмэт|рәхмәт|күпме|купме|кирэк|кирәк|бармы|юк|иртэгэ|иртәгә|бугең|фатир\w*|өй\w*|әйе|эйе|ярый|хаклары|эшлисез\w*|сез\w*|мин\w*|бик|дип)$"
)
_ENGLISH = words(
    r"^(?:hi|hello|how|much|is|the|price|do|you|can|please|flat|apartment|room|ok|okay|thanks|thank|for|my|and|when|tomorrow|today|what|have|need|want|call|me|ants?|roach\w*|bugs?|mice|in|it|at|after|evening|morning|yes|no"
    r"|i|we|are|a|to|on|with|of|available|still|from|number|phone|will|be|this|there|good|will|name)$"
)
_KAZAKH_LETTERS = re.compile("[әғқңөұүһі]", re.IGNORECASE)
_TATAR_LETTERS = re.compile("[әөүҗңһ]", re.IGNORECASE)


def language(talk: Talk) -> str:
    """`ru`, `en`, `uz`, `kk`, `ru-uz`, `ru-tt` (mixed), or `ru-Latn` (Russian in Latin letters)."""
    text = "\n".join(
        re.sub(r"\[[^\]]*\]|https?://\S+|\S+@\S+|@\w+", " ", one.low) for one in talk.client
    )
    spoken = _WORD.findall(text)
    if not spoken:
        return "ru"
    cyrillic = [word for word in spoken if re.search("[а-яәғқңөұүһіҗ]", word)]
    uzbek, kazakh, tatar, english = (
        sum(bool(pattern.match(word)) for word in spoken)
        for pattern in (_UZBEK, _KAZAKH, _TATAR, _ENGLISH)
    )
    tatar += sum(
        bool(_TATAR_LETTERS.search(word)) and not bool(_KAZAKH_LETTERS.search(word))
        for word in spoken
    )
    russian = sum(
        not (_UZBEK.match(word) or _KAZAKH.match(word) or _TATAR.match(word)) for word in cyrillic
    )
    if len(cyrillic) < 0.5 * len(spoken):
        return _in_latin(len(spoken), uzbek, english)
    foreign = max((uzbek, "uz"), (kazakh, "kk"), (tatar, "tt"))
    return _mixed(foreign, russian, len(spoken), text)


def _in_latin(total: int, uzbek: int, english: int) -> str:
    if uzbek >= max(2, english) or (uzbek and uzbek >= 0.25 * total and uzbek >= english):
        return "uz"
    return "en" if english >= 0.3 * total else "ru-Latn"


def _mixed(foreign: tuple[int, str], russian: int, total: int, text: str) -> str:
    count, code = foreign
    if count < 2 and not (count and total <= 6):
        return "ru"
    if code == "kk" and not _KAZAKH_LETTERS.search(text) and count < 3:
        return "ru"
    if russian > count and code in ("uz", "tt"):
        return f"ru-{code}"
    return (
        "ru" if russian > 2 * count else "kk" if code == "kk" else code if code == "uz" else "ru-tt"
    )
