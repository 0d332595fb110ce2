"""What a clause of a reply is about, and whether the facts speak of it."""

import re

from bot.assistant.guard.kin import part
from bot.assistant.guard.plain_words import COURSE, TALK, TIME_AND_MEASURE
from bot.assistant.guard.rates import content
from bot.assistant.guard.reading import Clause
from bot.assistant.guard.small_talk import SMALL_TALK
from bot.assistant.guard.stems import stem, stems
from bot.assistant.guard.talk import Talk

EMPTIES = stems("""
актуально актуален актуальна продаете продается дата даты число числа вопрос вопросы возможность смысл опыт промежуток чек договор документ документы оплата карта отзыв отзывы время минутка минута идея вариант варианты
проблема проблемы цена скидка скидки гарантия гарантии доставка выезд запись место информация данные сведения номер телефон заявка что-нибудь кто-то связь акция нужда необходимость
желание пожелания ограничения правило условие условия разница причина способ человек люди помощник чат
""")


ABSTRACT = stems(f"{TALK} {COURSE} {TIME_AND_MEASURE}") - stems("окно окошко слот место запись")


def objects_of(talk: Talk, clause: Clause, verb: re.Match[str]) -> frozenset[str]:
    """What a clause is about, without its verb and without words of every day."""
    inside = {stem(word) for word in re.findall(r"[^\W\d_]+", verb.group())}
    inside |= {stem(word) for word in clause.words if part(word) not in ("thing", "quality")}
    inside |= {
        stem(talk.reply.tokens[place].text)
        for one in clause.amounts
        for place in range(one.first, one.last + 1)
    }
    return frozenset(
        one
        for one in content(clause.stems)
        if one not in inside
        and one not in EMPTIES
        and one not in SMALL_TALK
        and one not in TIME_WORDS
    )


def is_known(talk: Talk, one: str) -> bool:
    return one in talk.known.stems or any(
        other.startswith(one[:4]) for other in talk.known.stems if len(one) >= 5 and len(other) >= 4
    )


def unknown(talk: Talk, objects: frozenset[str]) -> frozenset[str]:
    return frozenset(one for one in objects if not is_known(talk, one))


def asked_things(talk: Talk) -> frozenset[str]:
    return frozenset(
        one for one in content(talk.asked.stems) if one not in EMPTIES and one not in SMALL_TALK
    )


TIME_WORDS = stems("""
понедельник вторник среда среду четверг пятница суббота воскресенье январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
утро вечер обед ночь полночь полдень неделя месяц год день сегодня завтра послезавтра час минута выходные будни течение срок
""")
