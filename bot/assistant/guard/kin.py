"""Whether a word is of the facts: the same word in another form, of the same root, of the same meaning, or its genus."""

import re
from functools import cache, lru_cache

from bot.assistant import morphology
from bot.assistant.guard.stems import stem

_PREFIXES = re.compile(
    r"^(?:не)?(?:при|пере|под|раз|рас|воз|вос|обо|ото|от|об|вы|за|на|по|до|из|ис|про|с|у|о|в|)(?=[^\W\d_]{4,})"
)

_SAME = """
окрас расцветка цвет масть трехцветный рыжий
снимок фото фотография кадр карточка
пробный попробовать проба испробовать
поднять поднимать подъем занести
вода утонуть утопить тонуть намокнуть залить промокнуть влага мокрый
диагностика диагностировать продиагностировать осмотр осмотреть посмотреть проверить проверка
шина колесо покрышка резина
собрать собирать сборка сборщик разобрать разбирать разборка
чинить починить ремонт ремонтировать отремонтировать починка исправить
установить устанавливать установка поставить ставить монтаж монтировать смонтировать повесить вешать навесить
заменить заменять замена менять поменять сменить новый обновить
перевозка перевозить перевезти грузоперевозка переезд переезжать переехать
мыть помыть отмыть вымыть мойка мытье уборка убирать убрать чистить почистить чистка химчистка моющий прибрать
аренда прокат сдать сдавать арендовать снять напрокат
стричь стрижка подстричь
учить занятие урок заниматься преподавать преподаватель преподавание учитель репетитор обучение обучать обучаться учеба
печь испечь выпечка торт
шить сшить пошив
машина авто автомобиль стиралка
автомобиль авто машина автомобильный
ребенок детский дети малыш
пахнуть запах
погрузка грузить погрузить грузчик загрузить загрузка погрузчик
подарить подарок дарить
квартира однушка двушка трешка студия
трещина треснуть треснутый лопнуть
возить везти увезти увозить отвезти привезти привозить довезти доставка доставить доставлять вывезти вывозить отвозить
ехать ездить выезд выезжать приехать приезжать поездка
дом домой коттедж
пес собака собачий
кот кошка котенок кошачий
работать работа рабочий исправный исправно функционировать действующий
купить покупка покупатель
сделать делать изготовить изготовление изготавливать производство производить
снимать съемка снять съемочный
фото фотография снимок фотограф кадр
лекарство препарат средство химия состав
насекомое клоп таракан муравей блоха клещ
дверь дверца дверной
окно оконный створка остекление
холодильник холодить охлаждать морозить холод
тк транспортный
морозить морозилка морозильный заморозка
хранить хранение передержка
кормить корм еда кормление питание
жить ночевать переночевать проживание передержка содержание
владелец хозяин собственник
б/у подержанный пользованный
телефон смартфон айфон
ноутбук компьютер ноут
ванна ванная санузел
онлайн дистанционно удаленно zoom зум
домашний дома дом
царапина потертость царапать
ключ ключи
размер габарит габариты
дневной день
ндс безнал безналичный счет юрлицо
половина 50
вечер вечерний
часть частично
срок длительность продолжительность
чистый чистота
""".strip().splitlines()
"""Words of one meaning whose roots do not look alike."""

_GENERA = """
машина автомобиль авто: пробег вариатор двигатель кузов капот
топливо горючее: бензин солярка дизель газ
кузов фургон: газель машина самосвал
бумага документ: паспорт метрика ветпаспорт договор акт талон чек
питомец любимец животное зверь постоялец: кот кошка котенок собака пес щенок кролик попугай птица
средство препарат состав: химия гель туман дезинфекция инсектицид шампунь
инвентарь принадлежность: химия тряпка пылесос швабра
техника прибор аппарат агрегат устройство: стиральный холодильник кондиционер машина ноутбук телефон плита телевизор котел сплит генератор принтер
изделие: стол диван шкаф кровать кухня торт окно дверь украшение
мебель: диван стол шкаф кровать комод кухня стул кресло
транспорт транспортный: машина газель мотоцикл велосипед автомобиль манипулятор грузовик
материал: доска брус песок щебень кирпич плитка ткань краска бетон
вредитель: клоп таракан мышь крыса муравей комар клещ моль
запчасть деталь: колодка фильтр двигатель мотор фара капот бампер
специалист мастер исполнитель: мастер монтажник электрик сантехник репетитор фотограф сборщик грузчик водитель
учащийся ученик школьник: занятие урок егэ огэ
обработка процедура: дезинсекция уничтожение чистка
рейс ходка: доставка самосвал миксер газель перевозка
услуга работа: установка ремонт чистка уборка перевозка съемка
жилье жилой: квартира дом комната
выпечка десерт: торт капкейк пирожное
""".strip().splitlines()
"""A general word, and the particular ones that it may stand for: where the facts have one of these, it says nothing new."""


VERBS = frozenset(("deed", "past", "state"))


def _first_forms(word: str) -> list[str]:
    return [one.lemma for one in morphology.readings(word)]


@lru_cache(maxsize=8192)
def part(word: str) -> str:
    """What a word may claim: a thing, a quality, a deed of ours, a state, something past; advice claims nothing."""
    if word.isascii():
        return "thing"
    tag = morphology.tag(word)
    match tag.POS:
        case "NOUN":
            return "thing"
        case "ADJS" if any(one.endswith("ть") for one in _first_forms(word)):
            return "deed"  # «приложим», «делим»
        case "ADJF" | "ADJS" | "PRTF" | "PRTS" | "COMP":
            return "" if {"Apro", "Anum"} & set(tag.grammemes) else "quality"
        case "VERB" if tag.mood == "impr" or tag.person == "2per":
            return "advice"
        case "VERB" if tag.tense == "past":
            return "past"
        case "VERB" if tag.person == "1per":
            return "deed"
        case "VERB":
            return "state"
    return ""


@lru_cache(maxsize=8192)
def first_form(word: str) -> str:
    return morphology.lemma(word).replace("ё", "е")


@lru_cache(maxsize=8192)
def root(word: str) -> str:
    """The first letters of a word without its prefix."""
    return _PREFIXES.sub("", first_form(word))[:4]


@cache
def _same() -> dict[str, tuple[int, ...]]:
    """The groups of words of one meaning that a first form is in."""
    found: dict[str, tuple[int, ...]] = {}
    for place, line in enumerate(_SAME):
        for one in line.split():
            found[one] = (*found.get(one, ()), place)
    return found


@cache
def _kinds() -> dict[str, frozenset[str]]:
    """The particular words by their general one."""
    pairs = [line.split(": ") for line in _GENERA]
    return {one: frozenset(kinds.split()) for whole, kinds in pairs for one in whole.split()}


@lru_cache(maxsize=512)
def _vocabulary(words: frozenset[str]) -> frozenset[str]:
    """Everything by which a word may be known: itself, its stem, first form, root, and the groups it is in."""
    found = set(words)
    for one in words:
        if len(one) > 2 and one.isalpha():
            form = first_form(one)
            found.update((stem(one), form, "~" + root(one), "~" + form[:4]))
        else:
            form = one
        found.update(f"={place}" for place in _same().get(form, ()))
    return frozenset(found)


def akin(word: str, words: frozenset[str], *, closely: bool = False) -> bool:
    """Whether `words` have this word, in another form, of the same root or meaning, or one of its kinds.

    `closely`: four letters in common are not enough («гараж», «гарантия»).
    """
    known = _vocabulary(words)
    form = first_form(word)
    if word in known or stem(word) in known or form in known:
        return True
    if any(f"={place}" in known for place in _same().get(form, ())):
        return True
    if _kinds().get(form, frozenset()) & known:
        return True
    return not closely and len(word) > 4 and bool({"~" + root(word), "~" + form[:4]} & known)
