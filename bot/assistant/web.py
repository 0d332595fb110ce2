"""Electronic addresses in a text: mail, pages, Telegram."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WebAddress:
    """Where an electronic address stands; kind is email, telegram or link."""

    start: int
    end: int
    kind: str


_ZONES = (
    "ru|com|net|org|su|info|biz|pro|shop|store|site|online|app|dev|io|me|ua|by|kz|uz|kg|am|az|ge|tv"
    "|cc|ly|to|gl|link|page|club|moscow|tech|cloud|xyz|top|space|live|chat|de|uk|eu|us|cn|gg|ai|co|be|msk|im|ws|in|fm|pw|one|market|blog|company|center|agency|expert|group|life|today|world|рф"
)
_LINK = re.compile(
    r"(?:https?://|www\.|tg://|viber://|whatsapp://)[^\s<>\"«»]{1,2000}"
    rf"|(?<![\w@.-])(?:[a-z0-9][a-z0-9-]{{0,62}}\.){{1,5}}(?:{_ZONES})(?![\w-])(?:[/?#][^\s<>\"«»]{{0,2000}})?"
    r"|(?<![\w@.-])[а-яё0-9][а-яё0-9-]{1,62}\.рф(?!\w)(?:/[^\s<>\"«»]{0,2000})?",
    re.IGNORECASE,
)
_TELEGRAM_PAGE = re.compile(
    r"(?:https?://)?(?:www\.)?(?:t\.me|telegram\.me|telegram\.dog)/|tg://", re.IGNORECASE
)
_HANDLE = re.compile(r"(?<![\w.@+-])@[A-Za-z][A-Za-z0-9_]{2,31}(?![\w@])(?!\.[a-z]{2,3}\b)")

_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[a-zа-яё]{2,10}(?![\w])",
    re.IGNORECASE,
)
_AT = r"(?:\s{0,3}@\s{0,3}|\s{0,3}[(\[{]\s?(?:собака|собачка|at|dog|@)\s?[)\]}]\s{0,3}|\s{1,3}(?:собака|собачка|dog|at)\s{1,3})"
_DOT = (
    r"(?:\s{0,2}\.\s{0,2}|\s{0,2}[(\[]\s?(?:точка|dot)\s?[)\]]\s{0,2}|\s{1,3}(?:точка|dot)\s{1,3})"
)
_HOST = (
    r"(?:mail|gmail|yandex|ya|bk|list|inbox|rambler|icloud|hotmail|outlook|yahoo|proton|protonmail|vk"
    r"|мэйл|мейл|майл|маил|емейл|гмейл|гмайл|гмаил|джимейл|джимайл|джимэйл|яндекс|яндэкс|я|бк|лист|инбокс"
    r"|рамблер|айклауд|аутлук|хотмейл|яху)"
)
_ZONE = r"(?:ru|com|ua|by|kz|net|org|me|ру|ком|бай|кз|нет)"
_JOIN = rf"(?:{_DOT}|\s{{1,2}}(?:подч[её]ркивание|нижнее\s(?:подч[её]ркивание|тире)|тире|дефис|минус|плюс)\s{{1,2}})"
_SPELLED_MAIL = re.compile(
    rf"(?<![\w.+-])[\w.+-]{{1,64}}(?:{_JOIN}[\w+-]{{1,30}}){{0,4}}{_AT}"
    rf"(?:[\w-]{{1,40}}{_DOT}{_ZONE}|{_HOST}(?:{_DOT}|\s{{1,2}}){_ZONE})(?!\w)",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?)]}'*»…"


def find_web_addresses(text: str) -> list[WebAddress]:
    """All electronic addresses in order, without overlaps."""
    lowered = text.lower()
    found = [*_mail(text, lowered), *_handles(text), *_links(text)]
    kept: list[WebAddress] = []
    for address in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or address.start >= kept[-1].end:
            kept.append(address)
    return kept


def carries_contact(address: str) -> bool:
    """Whether a page's address is a person's own: WhatsApp with a number, Telegram, Viber."""
    return bool(
        re.search(r"wa\.me/|whatsapp|tg://|viber://|t\.me/|telegram\.me/", address, re.IGNORECASE)
    )


def _mail(text: str, lowered: str) -> list[WebAddress]:
    found = []
    if "@" in text:
        found = [WebAddress(*one.span(), "email") for one in _MAIL.finditer(text)]
    if not found and any(sign in lowered for sign in ("@", "собак", "собач", "dog", "at")):
        found = [WebAddress(*one.span(), "email") for one in _SPELLED_MAIL.finditer(text)]
    return found


def _handles(text: str) -> list[WebAddress]:
    if "@" not in text:
        return []
    return [WebAddress(*one.span(), "telegram") for one in _HANDLE.finditer(text)]


def _links(text: str) -> list[WebAddress]:
    if "." not in text and "://" not in text:
        return []
    found = []
    for one in _LINK.finditer(text):
        end = one.start() + len(one.group().rstrip(_TRAILING))
        kind = "telegram" if _TELEGRAM_PAGE.match(one.group()) else "link"
        found.append(WebAddress(one.start(), end, kind))
    return found
