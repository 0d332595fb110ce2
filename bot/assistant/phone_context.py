"""What the words around a number say about it: a phone, or an order, a price, a document."""

import re
from enum import Enum
from functools import lru_cache


class Hint(Enum):
    """What the words around a number call it."""

    PHONE = "phone"
    OTHER = "other"  # an order, an article, a price: grouped digits may still be a phone
    NEVER = "never"  # a taxpayer, a passport, pieces, kilometres
    NONE = "none"


class _Says(Enum):
    PHONE = "phone"
    NUMBER = "number"  # «номер», of whatever
    OTHER = "other"
    DOCUMENT = "document"
    NEUTRAL = "neutral"
    DIGITS = "digits"  # another number, which takes what stands before it
    NOTHING = "nothing"


# A star stands for any ending.
_PHONE = """
тел телефон* моб мобил* звон* звяк* позвон* перезвон* созвон* дозвон* прозвон* набер* набир* набрать ватсап* ватцап*
вацап* вотсап* вотцап* вайбер* вибер* viber whats* wa сотов* сот контакт* трубк* связь связи связаться свяжи*
городск* домашн* раб рабоч* phone* call* tel mobile сообщени* смс* смск* sms факс диктую запиш* запис* номерок
raqam* telefon* nomer* qongiroq нөмір* нөмер* мақс max мессендж*
"""
_OTHER = """
бик окпо карта карты карте карту картой заказ* заявк* объявлени* объява лот лота лоты артикул* арт трек трека трекер*
трек-код* счет* накладн* отправлени* посылк* код кода коды коду кодом ref контракт* товар* документ* реестр*
бланк* протокол* лицензи* карточк* договор* полис* штрих* сертификат* серийн* sn oem регистр* кадастр* квитанци*
чек чека чеку бронь брони бронирован* тикет* обращени* order* item sku article* лицевой абонент* деталь детали
запчаст* оем пробег* цена цены цене цену сумм* бюджет* стоит стоимость билет* купон* абонемент* талон* жетон*
пропуск* логин* парол* промокод* остаток скидк* габарит* размер* координат* модель модели аккаунт* пин пинкод ключ*
pin sim симк* iccid маркировк* партия партии инвентар* багаж* рейс* вагон* водительск* ву птс стс удостоверени*
свидетельств* окато октмо уин кбк постановлени* серия серии аукцион* ваучер* табельн* диплом* зачетк*
инв заводск* партномер* part шпи рпо ттн ячейк* ean upc barcode wifi вайфай* учетн* госномер* права правах баркод*
"""
_DOCUMENT = "инн огрн* кпп снилс* imei имей паспорт* vin вин id ид айди каталог* каталож* серийник* сериал* инвентарн* штрих*"
_NEUTRAL = """
ном мой моя моей моего наш наша нашей ваш ваше вашего вот это этот у за с на по организации компании фирмы ооо ип
юрлица юр лица физлица банка сбер сбера тинькофф есть будет был такой вроде сам сама под значит no это
"""
_UNIT_AFTER = re.compile(
    r"\s{0,2}(?:шт\w{0,3}\b|руб\w*|₽|р\.|р\b|км\b|тыс\w*|тысяч\w*|кг\b|мм\b|см\b|сум\b|тенге"
    r"|евро|долл\w*|\$|€"
    r"|(?:[-—–(,]\s?)?(?:это\s(?:мой\s|наш\s|ваш\s)?(?:номер\s)?|номер\s)"
    r"(?:заказ|объявлен|артикул|трек|инн\b|накладн|заявк|договор|код\b|счет|счёт|лот))",
    re.IGNORECASE,
)
_WORD_OR_NUMBER = re.compile(r"[^\W\d_]+|\d{4,}")
_SHORTENED = re.compile(r"\b([spлрк])/([nсn])\b|\b(инв|тел|моб|сер|арт|ном)\.\s", re.IGNORECASE)
_CLAUSE = re.compile(r"[!?;\n]|\.\s|,\s")
_REACH = 48


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile("|".join(word.replace("*", r"\w*") for word in words.split()))


_TELLING = (
    (re.compile(r"номер\w*|number|№"), _Says.NUMBER),
    (_pattern(_PHONE), _Says.PHONE),
    (_pattern(_DOCUMENT), _Says.DOCUMENT),
    (_pattern(_OTHER), _Says.OTHER),
    (_pattern(_NEUTRAL), _Says.NEUTRAL),
)


def hint_for(text: str, start: int, end: int) -> Hint:
    """What the words before and after the number at `start` to `end` make of it."""
    if _UNIT_AFTER.match(text, end, end + 40):
        return Hint.NEVER
    clause = _CLAUSE.split(_SHORTENED.sub(_whole, text[max(0, start - _REACH) : start]))[-1]
    return _hint([_heard(token) for token in _WORD_OR_NUMBER.findall(clause)])


def _whole(shortened: re.Match[str]) -> str:
    """A shortening without the signs that would end a clause or part a word: «s/n», «инв. »."""
    return "".join(part for part in shortened.groups() if part) + " "


def _heard(token: str) -> _Says:
    return _Says.DIGITS if token[0].isdigit() else _says(token)


@lru_cache(maxsize=4096)
def _says(word: str) -> _Says:
    plain = word.lower().replace("ё", "е")
    return next((says for one, says in _TELLING if one.fullmatch(plain)), _Says.NOTHING)


def _hint(words: list[_Says]) -> Hint:
    """The nearest telling word decides.

    One that names something else counts only if nothing stands between it and the
    number: in «заказ оформлен на 8916…» the number is a phone.
    """
    between = 0
    for word in reversed(words):
        if word is _Says.PHONE:
            return Hint.PHONE
        if word is _Says.DIGITS:
            return Hint.PHONE if _Says.PHONE in words else Hint.NONE
        if word is _Says.DOCUMENT:
            return Hint.NEVER if between <= 3 else Hint.NONE
        if word is _Says.OTHER:
            return Hint.OTHER if between == 0 else Hint.NONE
        between += word is _Says.NOTHING
    return Hint.PHONE if between == 0 and _Says.NUMBER in words else Hint.NONE
