"""What the client raises."""

from bot.assistant.dialog import pests
from bot.assistant.dialog.sums import Offer
from bot.assistant.dialog.talk import Talk, words
from bot.assistant.dialog.wishes import asks_for_human, complains

_TOPICS = {
    "price": words(
        r"\bсколько\b(?! (?:лет|этаж|хранит|ждать|времени|по времени|вас|сохнет))|\bскок\b|\bпочем\b|\bцен[аыуе]\b|\bценник\w*|\bстоит\b|\bстоимость\b|\bпрайс\w*|\bрасценк\w*|\bво сколько обойд\w*|\bсчита(?:ете|ется)\b|\bдорого\b|\bбюджет\w*"
        r"|\bhow much\b|\bprice\b|\bnarx\w*|\bqancha\b|\bskolko\b|\bкупме\b|\bканша\b|\bплатн\w+|\bпо деньгам\b|\bтариф\w*"
    ),
    "availability": words(
        r"\bактуальн\w*|\bв наличии\b|\bсвободе?н\w*|\b(?:еще|ещё) (?:есть|прода\w+|не продал\w*)|\bне продал\w*|\bпродан\w*|\bпрода(?:ете|ется|ёте)\b|\bесть (?:ли )?(?:бежев|сер|у вас|так|перед|лев|прав)\w*|\b(?:есть|имеется)\s?\?|\bвозьм(?:е|ё)тесь\b|\bвзялись\b"
        r"|\bработаете\b|\bзанимаетесь\b|\bперевез[её]те\b|\bсдаете\b|\bbormi\b|\bподойд[её]т\b|\bоригинал\w*|\bочередь\b|\bесть$|\bесть левая|\bпо воскресеньям\b"
    ),
    "address": words(
        r"\bгде (?:вы|забрать|посмотреть|находит\w+|вас найти|обитаете|смотреть|можно)\b|\bкуда (?:ехать|подъехать|приехать|подъезжать)\b|\bваш адрес\b|\bадрес склада\b|\bсклад\w* где\b|\bкак (?:вас найти|проехать|добраться)\b|\bкакой район\b|\bлично приехать\b|\bприду на место\b"
    ),
    "timing": words(
        r"\bкогда (?:можно|сможете|приед\w+|удобно|ближайш\w+|свободн\w+|будет|бежевый)\b|\bво сколько\b|\bдо скольки\b|\bсрочно\b|\bуспеете\b|\bбыстрее\b|\bчерез час\b|\bсегодня (?:можно|приед\w+|сможете|успеете)|\bможно (?:сегодня|завтра|в субботу|послезавтра|в пять|на завтра|утром)|\bзавтра (?:\S+\s){0,3}(?:можно|сможете|реально|придете|успеете)"
        r"|\bсегодня можете\b|\bприезжайте сегодня\b|\bзаписывайте на\b|\bзапишите на завтра\b|\bпо воскресеньям\b|\bторопитесь\b|\bпораньше\b|\bдо пятницы\b|\bчем раньше\b|\bжду сегодня\b|\bна выходных\b|\bкак быстро\b|\bсколько ждать\b|\bвечером лучше\b|\bevening\b|\bрано утром\b|\bпосле работы\b|\bк 11\b"
    ),
    "guarantee": words(
        r"\bгаранти\w*|\bа если не поможет\b|\bточно (?:помож|убь)\w*|\bесли вернутся\b|\bguarantee\b|\bесли снова\b"
    ),
    "delivery": words(
        r"\bдостав(?:к|ит|ля|ьте)\w*|\bотправ(?:ите|ляете|ка|ить|ьте)\b|\bсдэк\w*|\bпочт(?:ой|у) росси\w*|\bсамовывоз\w*|\bпривез[её]те\b|\bпересыл\w*|\bтранспортн\w+ компани\w*|\bпвз\b|\bподъ[её]мник\w*|\bналоженн\w+|\bв другой город\b"
    ),
    "safety": words(
        r"\bреб[её]н\w*|\bдет(?:и|ям|ей|ьми)\b|\bмладен\w*|\bмалыш\w*|\bгрудн\w*|\bбеременн\w*|\bсобак\w*|\bкошк\w*|\bкот(?:а|у|ик|ы|ом)?\b|\bщен\w+|\bпопуга\w*|\bаквариум\w*|\bхомя\w*|\bживотн\w*|\bаллерги\w*|\bвредн\w*|\bопасн\w*|\bбезопасн\w*|\bяд[аоуы]?\b|\bвоняет\b|\bвонюч\w*|\bзапах\w*|\bастм\w*|\bголова болит\b|\bдышать\b|\bхими[яейи]\b"
    ),
    "documents": words(
        r"\bдоговор(?:а|у|ом|ы|е|ов)?\b|\bакт(?:ы|а|ов)?\b|\bчек\b|\bчеки\b|\bсч[её]т\b(?! прош)|\bсертификат\w*|\bлицензи\w*|\bдокумент\w*|\bсэс\b|\bроспотребнадзор\w*|\bмаршрутн\w+ карт\w*|\bгарантийн\w+ талон\w*|\bна фирму\b|\bюр\s?лиц\w*|\bпрайс на обслуживание\b|\bзакрывающ\w*|\bбумажн\w+"
    ),
    "payment": words(
        r"\bоплат\w*|\bпредоплат\w*|\bналичн\w*|\bналожен\w+|\bкартой\b|\bбезнал\w*|\bпереводом\b|\bрассрочк\w*|\bкредит\w*|\bкуда переводить\b|\bреквизит\w*|\bзалог\b|\bденьги\b|\bсбп\b"
    ),
    "method": words(
        r"\bчем (?:травите|обрабатываете|морите|опрыск|отличаются)\w*|\bкак (?:вообще )?(?:проходит|обрабатываете|травите|готовить)\w*|\bчто (?:надежнее|лучше|эффективнее|за средство|за препарат)\b|\bбез химии\b|\bнародн\w+|\bкак(?:им|ое) (?:средств|препарат)\w*|\bгел(?:ь|ем) или\b|\bкак действует\b|\bчто можно сделать\b|\bчто или\b|\bв чем разниц\w*|\bразница\b"
    ),
}
_HAGGLE = words(
    r"\bскид\w*|\bдешевле\b|\bуступ\w*|\bторг\w*|\bскин(?:ете|ешь|уть|ь)\b|\bподвин\w*|\bсойд[её]мся\b|\bпенсионер\w*|\bбесплатно\?|\bмногодетн\w*|\bза объ?[её]м\b|\bза опт\b|\bbir oz arzon|\barzonroq"
)
_SPAM = words(
    r"\bзаработ(?:ок|ай|ка|ать)\b|\bпродвижени\w*|\bраскрут\w*|\bотзыв\w* (?:за|шту|\d|нужн)|\bнужны отзывы\b|\bштук за \d|\bнакрут\w*|\bкрипт\w*|\bказино\b|\bинвестици\w*|\bдоход от\b|\bseo\b|\bподписчик\w*|\bпереход(?:и|ите)\b(?=\W|$)(?! на)|\bоплачен\b[^\n]{0,60}\bссылк\w*"
    r"|\bполучите (?:деньги|оплату|перевод)\b|\bпо ссылке\b[^\n]{0,40}\b(?:оплат|получ|подтверд|деньг)\w*|\bоформить (?:безопасную )?(?:доставку|сделку) по ссылке|\bподтвердите карту\b|\bкод из смс\b|\bработа на дому\b|\bвакансия?\b[^\n]{0,40}\bот \d|\bпредлагаем (?:услуги|сотрудничество|продвиж|рекламу|базу)\w*|\bреклам[ау] (?:на|в|ваш)\w*|\bзаявок за\b|\bкредит(?:ы)? (?:без|под)\b|\bпассивн\w+ доход\w*"
)


def is_spam(talk: Talk) -> bool:
    """Advertising or fraud: it offers or lures, and wants nothing that is sold here."""
    return any(_SPAM.search(one.low) for one in talk.client[:4]) and not pests.named(
        talk.client_text
    )


def topics(talk: Talk, offers: list[Offer]) -> list[str]:
    """In the order of the CRM's list; a bare description of the problem counts as price."""
    if is_spam(talk):
        return ["spam"]
    text = talk.client_text
    found = {name for name, pattern in _TOPICS.items() if pattern.search(text)}
    if _HAGGLE.search(text) or any(offer.by == "client" for offer in offers):
        found.add("haggle")
    if complains(talk):
        found.add("complaint")
    if asks_for_human(talk):
        found.add("human_request")
    if _APPOINTMENT.search(text) and "haggle" not in found:
        found.add("timing")
    if _raises_price(talk, offers, found):
        found.add("price")
    return [name for name in ORDER if name in found] or ["other"]


def _raises_price(talk: Talk, offers: list[Offer], found: set[str]) -> bool:
    """Whether the price is a subject although the client asked for none: the problem is told, or a sum is answered."""
    if found & {"complaint", "human_request"}:
        return False
    if any(offer.by == "seller" for offer in offers):
        return "haggle" not in found or not _is_goods(talk)
    opening = "\n".join(one.low for one in talk.bursts[0]) if talk.bursts else ""
    bare = not (found & {"timing", "availability"} and _QUESTION.search(opening))
    return bool(pests.named(talk.client_text) or _BREAKDOWN.search(talk.client_text)) and bare


def _is_goods(talk: Talk) -> bool:
    """Whether a thing is sold, not a service or a rental."""
    return not (
        pests.is_about_pests(talk) or _SERVICE.search(f"{talk.title} {talk.description}".lower())
    )


_SERVICE = words(
    r"ремонт|прокат|аренд|грузчик|переезд|уборк|сантехник|мастер|услуг|выезд|замена|установк|чистим|перевоз"
)
_QUESTION = words(
    r"\?|\bсрочно\b|\bво сколько\b|\bкогда\b|\bчерез час\b|\bзанимаетесь\b|\bвзялись\b"
)
_DAY = r"(?:сегодня|завтра|послезавтра|понедельник|вторник|сред[ау]|четверг|пятниц[ау]|суббот[ау]|воскресенье|пн|вт|ср|чт|пт|сб|вс|\d{1,2} (?:янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек)\w*)"
_APPOINTMENT = words(
    rf"\b{_DAY}\b,?\s(?:\S+\s)?(?:утр|вечер|днем|обед|после \d|после обеда|с \d|к \d|в \d|до \d|первой половин|часов)|\b(?:утр\w+|вечер\w+|до вечера|до обеда) {_DAY}\b"
)
_BREAKDOWN = words(
    r"\bне (?:морозит|сливает|отжимает|включается|греет|крутит|работает)\b|\bтеч[её]т\b|\bпоте[кч]\w*|\bшумит\b|\bошибк\w+|\bсломал\w*|\bпереезд\w*|\bперевезти\b|\bнужна? (?:газель|машин|грузчик)\w*|\bвывезти\b"
)
ORDER = [
    "price",
    "availability",
    "address",
    "timing",
    "guarantee",
    "haggle",
    "complaint",
    "human_request",
    "delivery",
    "safety",
    "documents",
    "payment",
    "method",
    "spam",
    "other",
]
"""The names that a topic may have."""
