"""Phones, cards, codes and electronic addresses in a reply: only what the facts hold may be given away."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.assistant.digits import pieces
from bot.assistant.guard.talk import Finding, Talk
from bot.assistant.phones import find_phones
from bot.assistant.web import find_web_addresses

Span = tuple[int, int]

_RUN = re.compile(r"(?<![\d.,])\+?\d(?:[\s\-().]{0,3}\d){5,}(?![\d.,]*\d)")
_LOCAL = re.compile(r"(?<![\d-])\d{2,3}[\s-]\d\d[\s-]\d\d(?![\d-])")
_CODE = re.compile(
    r"\b(?:код\w*|парол\w*|pin|пин\w*|смс|sms|password)\b[^.!?\d]{0,30}(\d[\d\s-]{2,10}\d)"
)
_DOT = r"(?:\s*[.(\[]?\s*(?:точка|тчк|dot)\s*[)\]]?\s*)"
_ZONE = r"(?:ру|рф|ком|нет|орг|su|ru|com|net|org|me|io|online|shop|site|store|pro|info)"
_SPOKEN_LINK = re.compile(
    rf"[\w-]{{2,40}}{_DOT}{_ZONE}\b(?:\s*/\s*\S+)?|\bt\s*[.,]\s*me\b\s*/?\s*\S*|\b(?:hxxps?|https?)\b\s*[:;]?\S*"
)
_SPOKEN_MAIL = re.compile(
    rf"[\w.+-]{{2,40}}\s*(?:\(|\[)?\s*(?:собака|собачка|@)\s*(?:\)|\])?\s*[\w-]{{1,30}}(?:{_DOT}|\.){_ZONE}\b"
)
_HANDLE = re.compile(
    r"\b(?:telegram|телеграм\w*|телег\w+|тг|tg|insta\w*|инст\w*|вк|vk|whats\s?app|ватсап\w*|вотсап\w*|вайбер\w*|viber|skype|скайп\w*|discord|ник\w*|аккаунт\w*)"
    r"\b[\s:,-]{1,3}(?:(?:это|ник|канал|бот|мой|наш|по|под|ником?|меня|нас|там|можно|найти|найдете)\s+){0,3}"
    r"(@?[a-z][a-z0-9_.]{3,31})\b"
)
_PLAIN_WORDS = frozenset(
    (
        "telegram",
        "whatsapp",
        "viber",
        "instagram",
        "avito",
        "bosch",
        "samsung",
        "miele",
        "iphone",
        "indesit",
    )
)


def digits_of(text: str) -> str:
    return "".join(piece.digits for piece in pieces(text))


def phone_spans(text: str) -> list[Span]:
    """Where a plain text has a phone, a card, or another long number that is dialled or entered."""
    spans = [(one.start, one.end) for one in find_phones(text)]
    for pattern in (_RUN, _LOCAL):
        for one in pattern.finditer(text):
            if not any(
                start < one.end() and one.start() < end for start, end in spans
            ) and _is_dialled(text, one):
                spans.append(one.span())
    spans += [one.span(1) for one in _CODE.finditer(text)]
    return sorted(spans)


def _is_dialled(text: str, found: re.Match[str]) -> bool:
    """Not a sum, a size, an article number or a date."""
    said = found.group()
    after = text[found.end() : found.end() + 8].lstrip()
    before = text[max(found.start() - 14, 0) : found.start()]
    if re.match(r"(?:р\b|руб|₽|км|тыс|шт|мм|м2|кв)", after) or re.search(
        r"(?:артикул|заказ\w*|договор\w*|№|модел\w+)\W*$", before
    ):
        return False
    if re.search(r"\bпо $", before) and " - " in said:
        return False  # «два по 5000 - 22 000»
    if re.fullmatch(r"\d{1,3}(?:[ .]\d{3})+", said) or re.fullmatch(r"\d{4}\s?-\s?\d{4}", said):
        return False
    if all(re.fullmatch(r"\d{1,3}(?: \d{3})*", part) for part in re.split(r" [-+] ", said)) and (
        " - " in said or " + " in said
    ):
        return False
    if re.fullmatch(r"\d\d?\.\d\d\.\d{2,4}", said) or re.search(r"\d{3,5}\s-\s\d{3,5}", said):
        return False
    groups = re.findall(r"\d+", said)
    return len(groups) < 8 or all(len(one) == 1 for one in groups) or len("".join(groups)) >= 16


def link_spans(text: str) -> list[Span]:
    """Where a plain text has an address of a page, a mail address, a handle, also in disguise."""
    spans = [(one.start, one.end) for one in find_web_addresses(text)]
    for pattern in (_SPOKEN_MAIL, _SPOKEN_LINK):
        for one in pattern.finditer(text):
            if not any(start < one.end() and one.start() < end for start, end in spans):
                spans.append(one.span())
    for one in _HANDLE.finditer(text):
        if one[1].lstrip("@") not in _PLAIN_WORDS and not any(
            start < one.end(1) and one.start(1) < end for start, end in spans
        ):
            spans.append(one.span(1))
    return sorted(spans)


def phones(talk: Talk, spans: Sequence[Span]) -> Iterator[Finding]:
    """Numbers that are neither the seller's nor the client's own."""
    if not spans:
        return
    sellers, clients = _digits(talk.known.text), _digits(talk.client.text)
    for start, end in spans:
        said = digits_of(talk.reply.text[start:end])
        core = said[-10:] if len(said) in (10, 11) else said
        if core in sellers or (len(said) < 12 and core in clients):
            continue  # a client's phone may be repeated, a card never
        yield talk.finding("phone", start, end, "Такого номера нет в сведениях о продавце.")


@lru_cache(maxsize=512)
def _digits(flat: str) -> str:
    """The digits of each line and each phone of a plain text, bars between."""
    found = ["".join(re.findall(r"\d", line)) for line in flat.split("\n")]
    return "|".join([*found, *(one.e164 for one in find_phones(flat))])


def links(talk: Talk, spans: Sequence[Span]) -> Iterator[Finding]:
    """Electronic addresses that the facts do not hold; the client's own mail address may be repeated."""
    if not spans:
        return
    known = _bare(talk.known.text)
    theirs = " ".join(
        _bare(talk.client.text[one.start : one.end])
        for one in find_web_addresses(talk.client.text)
        if one.kind == "email"
    )
    for start, end in spans:
        said = _bare(talk.reply.text[start:end])
        if said and (said in known or said in theirs):
            continue
        yield talk.finding(
            "link", start, end, "Такой ссылки или адреса в сети нет в сведениях о продавце."
        )


@lru_cache(maxsize=512)
def _bare(text: str) -> str:
    flat = re.sub(r"https?://|www\.|\s", "", text)
    return flat.rstrip("/.,;!?")
