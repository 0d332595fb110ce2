"""How a talk ends: the sum that both agreed to, and whether it is a lead, lost, spam or still open."""

import re

from bot.assistant.dialog.sums import Offer
from bot.assistant.dialog.talk import Said, Talk, words
from bot.assistant.dialog.topics import is_spam
from bot.assistant.dialog.wishes import complains, wants_human

_YES = words(
    r"^\W*(?:(?:ну|да|тогда|эх|ох|ой|ага|угу|так)\b[\s,.]*){0,2}(?:ладно|ок|окей|okay|ok|хорошо|договорились|согласн\w*|ид[её]т|годится|по рукам|устраивает|устроит|подходит|беру|берем|заметано|давай(?:те)?|записывай(?:те)?|оформляй(?:те)?|olaman|mayli|yaxshi|deal|fine)\b"
)
_SIMPLY_YES = words(r"^\W*да\b(?! нет)")
_YES_ANYWHERE = words(
    r"\b(?:договорились|согласн\w*|по рукам|устраивает|беру|берем|olaman|yaxshi|годится|оформляй(?:те)?)\b(?!\?)"
)
_BUT_ASKS = words(r"\bбез\b|\bа если\b|\bесли засчит|\?\s*$")
_VARIANT_WORDS = words(r"\bгел[ьяе]м?\b|\bgel\b|\bтуман\w*|\bсамовывоз\w*|\bдоставк\w*|\bбарьер\w*")
_CHOOSES = words(r"\b(?:тогда|давайте|лучше|беру|хочу|выбираю|пусть будет|yaxshi|запишите)\b")
_SELLER_AGREES = words(
    r"\b(?:ок|окей|согласн\w*|договорились|ид[её]т|хорошо|по рукам|подходит|принято)\b"
)
_SELLER_NO = words(r"\bне (?:согласн|подходит)|\bнет\b")

_LOST = words(
    r"\bне (?:надо|нужно|нужна|нужен|подходит|подойд[её]т|устраивает|будем|актуально|хочу|доверяю|верю)\b|\bоткажусь\b|\bотказываюсь\b|\bотмен(?:а|яю|ите|яем)\b|\bпередумал\w*|\bнаш[её]?л\w* (?:дешевле|друг\w*|в другом|уже|поближе|ближе)|\bуже (?:нашли|нашел|нашла|купил\w*|заказал\w*|сделали|вызвал\w*|не надо)"
    r"|\bтогда нет\b|\bсам[аи]? (?:\w+\s)?(?:посмотрю|помою|сделаю|куплю|справ\w+|разбер\w+|вывезу|потрав\w+)|\bкуплю в\b|\bпойду к другим\b|\bищ(?:ем|у) дальше\b|\bищите дурака\b|\bпошли вы\b|\bсидите с\b|\bдалеко\b|\bне по карману\b|\bдороговато\b|\bобойд[уе]м?\w*|\bне то\b|\bмимо\b|\bвызвал\w* друг\w*|\bхозя(?:ин|йка) (?:сам|не)\b|\bне даст\b|\bобратимся в друг\w*|\bдругих найд\w*|\bоригинал ищу\b|\bя пас\b|\bno thanks\b|\bтоо expensive\b|\bkerak emas\b|\bтогда без вас\b|\bвсе,? не (?:надо|актуально)|\bне буду\b(?! дома)|^\W*поздно\b|\bвсего (?:доброго|хорошего)\b|\bдо свидания\b"
    r"|\bсам[аи]?\b[^.?!\n]{0,20}\b(?:пройдусь|обработаю|почищу|отмою|починю|поменяю|потравлю|перевезу|выведу|доеду|отвезу|найду)\b"
)
_FAREWELL = words(
    r"^\W*(?:ну\s)?(?:ок|окей|ясно|понятно|понял\w*|поняла|жаль|жалко|до свидания|всего доброго|всего хорошего|спасибо(?:, понял\w*)?|нет|нет спасибо|нет, спасибо|эх|печально|понятно, спасибо|спасибо, до свидания|понял\w*,? до свидания|тогда ладно)\W*$"
)
_SELLER_REFUSES = words(
    r"\bнет\b|\bне (?:планировали|берем|возим|отдам|продаю|работаем|обслуживаем|делаем|могу|можем|сможем|отправляем|занимаемся|выйдет|выезжаем)\b|\bтолько (?:капот|квартир|серы|вс)|\bвыходной\b|\bк сожалению\b|\bменьше\b|\bот двух часов\b|\bминимум\b|\bдешевле\b|\bбез скидк|\bпоследн\w+"
)
_OPEN = words(
    r"\bподума\w*|\bпозже\b|\bпотом\b|\bнапишу\b|\bпозвоню\b|\bнаберу\b|\bобсуд\w*|\bпосовет\w*|\bспрошу\b|\bвернусь\b|\bрешим\b|\bрешу\b|\bпока (?:копл|думаю|не знаю)|\bждем\b|\bгляну\b|\bузнаю\b|\bко(?:гда|ли) появится|\bo[ʻ'’`]ylab\b|\bсвяжусь\b|\bжду\b|\bуточните\b"
)
_PUTS_OFF = words(
    r"\bподума\w*|\bпозже\b|\bпотом\b|\bпозвоню\b|\bнаберу\b|\bобсуд\w*|\bпосовет\w*|\bспрошу\b|\bгляну\b"
)
_TOO_DEAR = words(r"\bдорог(?:о|овато)\b|\bкосмос\b|\bне потян\w*|\bперебор\b")
_SAYS_NO = words(r"^\W*(?:нет|не|нее+|неа)\b[,.\s]")
_REFUSES_BID = words(
    r"^\W*нет\b(?!,? (?:в продаже|доступн|в наличии|еще есть|не продан))|\bне (?:сможем|смогу|могу|отдам|выйдет|берем|получится|возим|планировали)\b|\bдешевле (?:не|нельзя)|\bменьше (?:не|\d|никак)|\bк сожалению\b|\bскидок? нет|\bнет скидок|\bцена (?:одна|фиксир)\w*|\bесли передумаете\b|\bзанято\b"
)
_TAKEN_BACK = words(
    r"\bотмена\b|\bотменя\w+|\bне приезжайте\b|\bне надо (?:приез|мастер|уже)\w*|\bпередумал\w*|\bоткаж\w*|\bхозя(?:ин|йка) сам\w*|\bуже не (?:надо|нужно|актуально)|\bне актуально\b|\bне звоните\b|\bнашли других\b|\bудалите (?:мой )?номер\b"
)


def final_price(talk: Talk, made: list[Offer]) -> int | None:
    """The sum that the other side expressly agreed to; None if nobody said yes to one."""
    agreed: int | None = None
    for at, said in enumerate(talk.said):
        on_table = [one for one in made if one.at < at]
        if said.by == "client":
            bids = any(one.at == at and one.by == "client" for one in made)
            agreed = (None if bids else _client_agrees(talk, said, at, on_table)) or agreed
        elif (theirs := _last(on_table, "client")) and _seller_agrees(said, theirs):
            agreed = theirs.roubles
    return agreed


def _client_agrees(talk: Talk, said: Said, at: int, on_table: list[Offer]) -> int | None:
    own = [one for one in on_table if one.by == "seller"]
    if _PUTS_OFF.search(said.low):
        return None
    if not own or (_BUT_ASKS.search(said.low) and not _YES.search(said.low)):
        return None
    named = [one for one in own if str(one.roubles) in said.low.replace(" ", "")]
    yes = _YES.search(said.low) or _YES_ANYWHERE.search(said.low)
    if yes and named:
        return named[-1].roubles
    if chosen := _variant(said, own):
        return (
            chosen.roubles
            if yes or _CHOOSES.search(said.low) or len(said.low.split()) <= 4
            else None
        )
    before = _before(talk, at)
    fresh = [one for one in own if one.at in before]
    confirmed = any(
        str(one.roubles) in talk.said[n].low.replace(" ", "") for one in own for n in before
    )
    simply = _SIMPLY_YES.search(said.low) and not any("?" in talk.said[n].text for n in before)
    if (yes or simply) and (fresh or confirmed) and len({one.roubles for one in fresh}) < 2:
        return (fresh or own)[-1].roubles
    return None


def _before(talk: Talk, at: int) -> list[int]:
    """The places of the seller's messages right before a client's, those of the client's own burst skipped."""
    n = at - 1
    while n >= 0 and talk.said[n].by == "client":
        n -= 1
    found = []
    while n >= 0 and talk.said[n].by == "seller":
        found.append(n)
        n -= 1
    return found


def _variant(said: Said, own: list[Offer]) -> Offer | None:
    """The offer whose words the client repeats: «тогда гель», «самовывоз беру»."""
    for match in _VARIANT_WORDS.finditer(said.low):
        stem = {"gel": "гел"}.get(match.group(), match.group()[:4].rstrip("ь"))
        stem = stem[:3] if stem.startswith("гел") else stem
        fitting = [one for one in own if stem in one.variant]
        if fitting and len({one.roubles for one in own}) > 1:
            return fitting[-1]
    return None


def _seller_agrees(said: Said, theirs: Offer) -> bool:
    named = str(theirs.roubles) in said.low.replace(" ", "")
    return bool(named and _SELLER_AGREES.search(said.low) and not _SELLER_NO.search(said.low))


def _last(made: list[Offer], by: str) -> Offer | None:
    return next((one for one in reversed(made) if one.by == by), None)


def outcome(talk: Talk, phone: str | None, agreed: int | None) -> str:
    """`lead`, `lost`, `spam` or `no_lead`; `agreed` is the final price.

    A number makes a lead unless the deal is expressly off, or it is about earlier work.
    """
    if is_spam(talk):
        return "spam"
    if phone:
        if any(_TAKEN_BACK.search(one.low) for one in talk.client[-2:]):
            return "lost"
        early = Talk(talk.said[: _place_of_phone(talk)], talk.title, talk.price, talk.description)
        return "no_lead" if complains(early) and not _new_deal(talk) else "lead"
    if wants_human(talk):
        return "no_lead"
    return "lost" if _is_off(talk, agreed=agreed is not None) else "no_lead"


def _place_of_phone(talk: Talk) -> int:
    """How many messages there are up to the one with a number."""
    digits = [sum(sign.isdigit() for sign in one.text) for one in talk.said]
    with_number = [n for n, one in enumerate(talk.said) if one.by == "client" and digits[n] >= 7]
    return (with_number[-1] + 1) if with_number else len(talk.said)


def _new_deal(talk: Talk) -> bool:
    return bool(
        words(r"\bеще (?:одну|раз обработ)|\bнов(?:ый|ую) (?:заказ|заявк|обработк)").search(
            talk.client_text
        )
    )


def _is_off(talk: Talk, *, agreed: bool) -> bool:
    last = talk.bursts[-1] if talk.bursts else []
    if last and last[0].by == "seller" and len(talk.bursts) > 1:
        last = talk.bursts[-2]
    if not last or last[0].by != "client":
        return False
    said = "\n".join(one.low for one in last)
    if _OPEN.search(said) and not words(r"\bне (?:надо|подходит|нужно)\b|\bкуплю в\b").search(said):
        return False
    asked = talk.before(last)
    if _LOST.search(said) or (
        _SAYS_NO.search(said) and "?" not in asked and re.search(r"\d{3}", asked)
    ):
        return True
    if "?" not in said and (_TOO_DEAR.search(said) or (_REFUSES_BID.search(asked) and not agreed)):
        return True
    if any(_LOST.search(one.low) for one in talk.client[-3:]) and _FAREWELL.search(said):
        return True
    if words(r"^\W*нет\W*$").search(said) and words(
        r"могу записать|подойдет|удобно|устроит"
    ).search(asked):
        return True
    return bool(_FAREWELL.search(said) and _SELLER_REFUSES.search(asked))
