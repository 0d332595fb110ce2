"""What the words around a number say about it: a phone, or an order, a price, a document."""

import re
from enum import Enum

_SAYS_PHONE = (
    r"тел(?:ефон\w*|\b)|\bмоб(?:ильн\w*|\b)|звон\w*|набер\w*|набир\w*|набрать|ватс?ап\w*|вотс?ап\w*|вацап\w*"
    r"|вайбер\w*|viber|whats\w*|\bwa\b|сотов\w*|\bсот\b|контакт\w*|трубк\w*|связ[иьа]\w*|городск\w*|домашн\w*"
    r"|\bраб\b|рабоч\w*|\bphone|\bcall|\btel\b|\bnumber|смс\w*|sms|пишите на|факс"
    r"|диктую|запиши\w*|номерок|номер\w*|\braqam\w*|tel\w* nomer\w*|нөмір\w*"
)
_SAYS_OTHER = (
    r"\bинн\b|\bогрн\w*|\bкпп\b|\bбик\b|\bснилс\w*|\bокпо\b|паспорт\w*|\bсери[яию]\b|\bкарт[аыуеой]+\b"
    r"|заказ\w*|заявк\w*|объявлени\w*|лот\w*|артикул\w*|\bарт\b|\bтрек\w*|\bимей\w*|imei|\bvin\b|\bвин\b"
    r"|сч[её]т\w*|\bр/с|накладн\w*|отправлени\w*|посылк\w*|\bкод\w*|\bid\b|\bайди\b|\bref\b|катало[гж]\w*|контракт\w*|товар\w*|документ\w*|реестр\w*|бланк\w*|протокол\w*|лицензи\w*|карточк\w*"
    r"|договор\w*|полис\w*|штрих\w*|сертификат\w*|серийн\w*|\bsn\b|\bs/n|\boem\b|\bрегистр\w*|\bкадастр\w*"
    r"|квитанци\w*|\bчек[ауе]?\b|бронь|брони|бронирован\w*|тикет\w*|обращени\w*|order|\bitem\b|\bsku\b|\barticle"
    r"|лицевой|абонент\w*|деталь|детали|запчаст\w*|оем|пробег\w*|цен[аыуе]\b|\bсумм\w*|бюджет\w*|стоит|стоимость"
    r"|билет\w*|купон\w*|абонемент\w*|талон\w*|жетон\w*|пропуск\w*|логин\w*|парол\w*|промокод\w*|остаток|скидк\w*|габарит\w*|размер\w*|координат\w*|модел\w*|аккаунт\w*|профил\w* id|пин\w*|ключ\w*"
    r"|\bpin\b|\bsim\b|iccid|маркировк\w*|парти[яи]\b|инвентар\w*|\bбагаж\w*|рейс\w*|вагон\w*|водительск\w*|\bву\b"
    r"|\bптс\b|\bстс\b|удостоверени\w*|свидетельств\w*|\bокато\b|\bоктмо\b|\bуин\b|\bкбк\b|постановлени\w*"
)


class Hint(Enum):
    """What the words around a number call it."""

    PHONE = "phone"
    OTHER = "other"  # an order, an article, a price: grouped digits may still be a phone
    NEVER = "never"  # a taxpayer, a passport, pieces, kilometres
    NONE = "none"


_WORDS = re.compile(f"(?P<phone>{_SAYS_PHONE})|(?P<other>{_SAYS_OTHER})|(?P<word>[^\\W\\d_]+)", re.I)
_NEUTRAL = frozenset(
    "номер номера номером ном мой моя моей моего наш наша нашей ваш ваше вашего вот это этот у за с на по "
    "организации компании фирмы ооо ип юрлица юр лица физлица банка сбер сбера тинькофф товара товар "
    "есть будет был такой вроде сам сама под значит no number".split()
)
_DOCUMENT = re.compile(r"\b(?:инн|огрн\w*|кпп|снилс\w*|imei|имей|паспорт\w*|vin|id|айди|каталог\w*)\b", re.I)
_CLAUSE = re.compile(r"[!?;\n]|\.\s|,\s")
_UNIT_AFTER = re.compile(
    r"\s{0,2}(?:шт\w{0,3}\b|руб\w*|₽|р\.|р\b|км\b|тыс\w*|тысяч\w*|кг\b|мм\b|см\b|сум\b|тенге|евро|долл\w*|\$|€"
    r"|(?:[-—–(,]\s?)?(?:это\s(?:мой\s|наш\s|ваш\s)?(?:номер\s)?|номер\s)(?:заказ|объявлен|артикул|трек|инн\b|накладн|заявк|договор|код\b|счет|счёт|лот))",
    re.I,
)
_REACH = 48


def hint_for(text: str, start: int, end: int) -> Hint:
    """What the words before and after the number at `start` to `end` make of it."""
    if _UNIT_AFTER.match(text, end, end + 40):
        return Hint.NEVER
    return _hint_before(text[max(0, start - _REACH) : start])


def _hint_before(before: str) -> Hint:
    """The nearest telling word of the clause decides.

    One that names something else counts only if hardly anything stands between it
    and the number: in «заказ оформлен на 8916…» the number is a phone.
    """
    words = list(_WORDS.finditer(_CLAUSE.split(before)[-1]))
    between = 0
    for word in reversed(words):
        said = word.group().lower()
        if word["phone"] and not said.startswith("номер"):
            return Hint.PHONE
        if word["other"]:
            if _DOCUMENT.fullmatch(said):
                return Hint.NEVER if between <= 3 else Hint.NONE
            return Hint.OTHER if between == 0 else Hint.NONE
        between += said not in _NEUTRAL and not word["phone"]
    named = between == 0 and any(word["phone"] for word in words)
    return Hint.PHONE if named else Hint.NONE
