"""Running others down, or sending the client to them."""

import re
from collections.abc import Iterator

from bot.assistant.guard.kin import part
from bot.assistant.guard.reading import Clause
from bot.assistant.guard.talk import Finding, Talk

_OTHERS = re.compile(
    r"\b(?:конкурент\w*|други(?:е|х|м|ми)(?: фирм\w*| компан\w*| мастер\w*| продавц\w*| исполнител\w*)?|остальн\w+|у них|они|их|им|ними|там|те|тех|тот|та|такие|таких|такая|этот продавец|эти (?:ребята|люди|мастера)|"
    r"частник\w*|шарашк\w*|дешев(?:ые|ых|ая|ой|ым) (?:мастер\w*|фирм\w*|контор\w*|сервис\w*|бригад\w*)|контор\w*|соседн\w+ (?:карьер\w*|салон\w*|мастерск\w*|фирм\w*|магазин\w*)|за (?:такую цену|такие деньги|эти деньги|\d+|\w+сот) (?:вам|вас|вы|получите|будет)|"
    r"в (?:том|другом|другой|соседнем|соседней) \w+|этих|этой фирм\w*|эта фирм\w*|competitor\w*|they|them)\b"
)
_BAD = re.compile(
    r"\b(?:обман\w*|кида\w+|кинут|развод\w*|разведут|травят|халтур\w*|мошен\w+|жуль\w*|жулик\w*|врут|врет|лгут|разбавля\w+|поддел\w*|лев(?:ые|ых|ый|ая)\b|китайск\w+|некачествен\w+|"
    r"плох\w+|хуже\w*|ужасн\w*|недоуч\w*|неуч\w*|не уме\w+|не связывайтесь|не связывай\w*|пожале\w+|потеряете|потом переплат\w*|переплат\w+|брак\w*|бит(?:ая|ый|ые|ое)|отвал\w+|слома\w+|сломается|продува\w+|"
    r"без лицензи\w+|без документ\w*|недовес\w*|непрофесс\w*|дилетант\w*|ерунд\w*|дрян\w*|барахл\w*|хлам\w*|рискуете|опасно|опасны\w*|обсчит\w+|обвешива\w+|накрут\w*|накрутк\w*|студент\w*|неопытн\w+|пьян\w*|пьют|алкаш\w*|алкогол\w*|забулдыг\w*|бухар\w*|бухают|рукожоп\w*|криворук\w*|бестол\w*|дурак\w*|идиот\w*|ворюг\w*|ворь[её]\w*|воруют|хамы|хамят|без прав\b|"
    r"портят|испорт\w+|грязн\w*|прост(?:о|ая) вод(?:ой|а|у)|водичк\w*|толку (?:нет|не)|не работает|не помога\w+|не действу\w+|не держ\w+|тянут|пропада\w+|исчеза\w+|пропадут|не отвечают|не приезжают|опаздыва\w+|"
    r"ненадежн\w*|сомнительн\w*|фуфло|г[оа]вн\w*|шлак|второсорт\w*|дешевк\w*|самодел\w*|кустарн\w*|незаконн\w*|одни проблемы|проблем\w+ потом|передел\w+|недел\w+ ждать|нелегал\w*|без гаранти\w+|навар\w*|наживают\w*|грабят|дерут|завыша\w+|scam\w*|cheat\w*|bad|worse|fake)\b"
)
_SEND = re.compile(
    r"\b(?:идите|ступайте|обратитесь|обращайтесь|попробуйте|посмотрите|закажите|заказывайте|берите|покупайте|купите|звоните|сходите|езжайте|рекомендую|советую|лучше)\b[^.!?]{0,30}?"
    r"\b(?:к ним|у них|к другим|у других|в друг\w+|конкурент\w*|к конкурент\w*|туда)\b"
)
_CHEAPER = re.compile(
    r"\bу (?:них|других|конкурент\w*|соседей)\b[^.!?]{0,20}\b(?:дешевле|лучше|быстрее|выгоднее|качественнее)\b"
)
_GO = re.compile(
    r"\b(?:идите|обратитесь|обращайтесь|попробуйте|закажите|заказывайте|берите|купите|покупайте|звоните|езжайте|рекомендую|советую|сходите)\s+(?:\S+\s+){0,2}?(?:в|у|к|на)\s+(\S+)"
)
_QUOTED = re.compile(r"\"([^\"\n]{2,40})\"")
_TAKEN_BACK = re.compile(
    r"\b(?:не (?:знаю|скажу|комментир\w+|обсужда\w+|сравнива\w+|оценива\w+|могу|буду|станем|стану|берусь)|ничего не|промолч\w+|воздерж\w+)\b"
)


def rivals(talk: Talk) -> Iterator[Finding]:
    """Bad words about others, and advice to go to them."""
    names = _names(talk)
    for sentence in talk.reply.sentences:
        text = talk.reply.text[sentence[0].start : sentence[-1].end]
        if _TAKEN_BACK.search(text) and not _BAD.search(text):
            continue
        others = _mentions(talk, text, names)
        if not others:
            continue
        bad = next((one for one in sentence if _BAD.search(one.text) and not _own_fault(one)), None)
        if bad:
            first = next(one for one in sentence if _mentions(talk, one.text, names) or one is bad)
            yield talk.finding(
                "competitor",
                min(first.start, bad.start),
                sentence[-1].end,
                "Плохо говорить о других продавцах нельзя.",
            )
        elif _judges(talk, text, names):
            yield talk.finding(
                "competitor", sentence[0].start, sentence[-1].end, "О других продавцах не судим."
            )
        elif _SEND.search(text) or _CHEAPER.search(text) or _sends_to(text, names):
            yield talk.finding(
                "competitor",
                sentence[0].start,
                sentence[-1].end,
                "К другим продавцам клиента не отправляем.",
            )


_OTHERS_DO = re.compile(
    r"\b(?!(?:стоит|подойдет|есть|будет|хочет|может|скажет|ответит|решает|берет|бывает|предлагает|зависит|отличается|называет|считает|обещает)\b)[а-я]{3,}(?:ит|ет|ят|ют|ут|ат|ют)\b"
)
_NEUTRAL = re.compile(
    r"\b(?:понима\w+|разн\w+|сво[иейю]\w*|не (?:знаю|скажу|комментир\w+|сравнива\w+|обсужда\w+|оценива\w+|отвеча\w+)|сравнит\w+|сравнива\w+|выбира\w+|решать вам|ваш\w* (?:выбор|право)|уважа\w+)\b"
)


def _judges(talk: Talk, text: str, names: frozenset[str]) -> bool:
    """Whether a sentence tells what another seller does, of whom the client spoke: «Климат-Юг сверлит криво»."""
    if _NEUTRAL.search(text) or (
        not _COMPARES.search(talk.client.text) and not _QUOTED.search(talk.client.text)
    ):
        return False
    subject = any(text.lstrip('" ').startswith(name) for name in names) or re.match(
        r"(?:они|там|те|эти|у них|такие)\b", text
    )
    return bool(subject and _OTHERS_DO.search(text))


_COMPARES = re.compile(
    r"\b(?:дешевле|конкурент\w*|друг(?:ой|ие|их|ом|ая|ую)\b|у других|там|они|у них|сосед\w*|обеща\w+|сказали|предлага\w+|нашел|нашла|видел\w*|ставит|дела(?:ет|ют)|лучше|хуже|чем)\b"
)


def _own_fault(clause: Clause) -> bool:
    """Whether the bad word is about the client's own trouble, or about us, and not about others."""
    return bool(
        re.search(r"\b(?:у вас|ваш\w*|у нас|наш\w*|мы|машин\w+ слома|стирал\w+)\b", clause.text)
    ) and not re.search(r"\b(?:они|у них|их|там)\b", clause.text)


def _mentions(talk: Talk, text: str, names: frozenset[str]) -> bool:
    return bool(_OTHERS.search(text)) or any(name in text for name in names)


def _sends_to(text: str, names: frozenset[str]) -> bool:
    found = _GO.search(text)
    return bool(found and any(name in text[found.start() :] for name in names))


def _names(talk: Talk) -> frozenset[str]:
    """Names of other sellers that the client brought up: in quotes, or with a capital, and not in the facts."""
    found = {one[1] for one in _QUOTED.finditer(talk.client.text)}
    source = talk.client.plain
    for clause in talk.client.clauses:
        for place in range(clause.first, clause.last + 1):
            token = talk.client.tokens[place]
            before = talk.client.tokens[place - 1].text if place else ""
            capital = source.words(token.start, token.end)[:1].isupper() and place > clause.first
            if (
                token.is_word
                and len(token.text) > 3
                and part(token.text) in ("thing", "")
                and (capital or before in ("чем", "у", "в", "от"))
            ):
                found.add(token.text[:6])
    for one in _QUOTED.finditer(talk.reply.text):
        found.add(one[1])
    return frozenset(
        one
        for one in found
        if one[:5] not in talk.known.text and len(one) > 2 and one not in ("нибудь",)
    )
