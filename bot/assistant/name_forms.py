"""The forms that names take in Russian: cases, patronymics, surnames, Latin letters."""

import re
from functools import cache

from bot.assistant.name_words import (
    DIMINUTIVES,
    FOREIGN,
    INDECLINABLE,
    IRREGULAR,
    MEN,
    SHORT_PATRONYMICS,
    SURNAMES,
    WOMEN,
)

_TRANSLIT = {
    **dict(zip("абвгдезийклмнопрстуфы", "abvgdeziyklmnoprstufy", strict=True)),
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "sch",
    "ь": "",
    "ъ": "",
    "э": "e",
    "ю": "yu",
    "я": "ya",
}
_SURNAME = re.compile(
    r"[а-я]{2,}(?:(?:ов|ев|ин|ын)(?:а|у|ы|е|ой|ым|ых|ыми)?|(?:ск|цк)(?:ий|ая|ого|ой|ому|ую|им|ом)"
    r"|(?:енк|юк|ук|чук)(?:о|а|у|ом|е)?|як(?:а|у|ом)?|(?:ян|янц)(?:а|у|ом|е)?|дзе|швили|ых|их|заде|(?:ец|ич)(?:а|у|ем)?"
    r"|(?:ман|штейн|берг|баум)(?:а|у|ом)?|ко|ик(?:а|у|ом)?|бек|улы|кызы|оглы|ба(?:ев|ева))"
)
_PATRONYMIC = re.compile(
    r"[а-я]{3,}(?:(?:ович|евич|ьич)(?:а|у|ем|е)?|(?:овн|евн|иничн)(?:а|ы|е|у|ой|ою))|[а-я]{3,}(?:саныч|алыч|аныч|еич)(?:а|у|ем|е)?"
)
_EASTERN = re.compile(
    r"(?!эпизод|узбек|абзац)[а-я]{2,}(?:зод|жон|бек|[иу]ддин|улла|улло|шод|шох|мурод|мурад|нисо|ниса|гуль|нур|берди|хон)"
    r"(?:а|у|ом|е)?"
)
_PET_FORM = re.compile(
    r"([а-я]{2,}?)(?:[оеа](?:чк|ньк)|ушк|юшк|ул|юл|ун|юн|ик|чик|ок|ек|к)(?:а|я|и|ы|е|у|ю|ой|ей|ом)?"
)


def normal(word: str) -> str:
    """Lower case, е for ё."""
    return word.lower().replace("ё", "е")


@cache
def first_names() -> frozenset[str]:
    """All first names in all their cases, as `normal` writes them."""
    found: set[str] = set()
    for name in MEN | WOMEN | DIMINUTIVES:
        found.update(cases_of(normal(name), man=name in MEN))
    return frozenset(found)


def first_of(word: str) -> str | None:
    """The first form of a known name in any case; None for another word."""
    return _forms().get(word)


@cache
def _forms() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in sorted(MEN | WOMEN | DIMINUTIVES):
        for form in cases_of(normal(name), man=name in MEN):
            found.setdefault(form, normal(name))
    return found | {normal(name): normal(name) for name in MEN | WOMEN | DIMINUTIVES}


@cache
def latin_names() -> frozenset[str]:
    """First names in Latin letters, the usual spellings."""
    found: set[str] = {"alex", "alexander", "alexey", "mike", "max", "dmitri", *FOREIGN}
    for name in MEN | WOMEN | DIMINUTIVES:
        latin = "".join(_TRANSLIT.get(sign, sign) for sign in normal(name))
        if len(latin) > 3:
            found.update(
                {
                    latin,
                    latin.replace("iy", "y"),
                    latin.replace("kh", "h"),
                    latin.replace("ks", "x"),
                }
            )
            found.add(latin.replace("iya", "ia"))
    return frozenset(found - {"roman", "mira", "mark", "roza", "lada", "nika", "vera"}) | {"yan"}


@cache
def patronymics() -> frozenset[str]:
    """Patronymics of the known names in all cases, the spoken short ones too."""
    found: set[str] = set()
    for name in MEN:
        for father, daughter in _of_father(name):
            found.update(father + end for end in ("", "а", "у", "ем", "е"))
            found.update(daughter + end for end in ("а", "ы", "е", "у", "ой", "ою"))
    for short in SHORT_PATRONYMICS:
        found.update(short + end for end in ("", "а", "у", "ем", "е"))
    return frozenset(found)


@cache
def common_surnames() -> frozenset[str]:
    """The commonest surnames in all cases, men's, women's and families'."""
    ends = ("", "а", "у", "ым", "е", "ой", "ы", "ых")
    return frozenset(name + end for name in SURNAMES for end in ends)


def is_patronymic(word: str) -> bool:
    """Whether a word with a capital reads as a patronymic, known or not."""
    return word in patronymics() or bool(_PATRONYMIC.fullmatch(word))


@cache
def _stems() -> frozenset[str]:
    return frozenset(normal(name)[:-1] for name in WOMEN | DIMINUTIVES | MEN if len(name) > 2)


def is_pet_form(word: str) -> bool:
    """Whether a word with a capital is a known name made tender: Юлечка, Дашуля, Колюня."""
    match = _PET_FORM.fullmatch(word)
    return match is not None and (match[1] in _stems() or match[1] + "а" in first_names())


def reads_foreign(word: str) -> bool:
    """Whether a word with a capital ends as only names of the east do: Шахзод, Мавлюда, Бахриддин."""
    return _EASTERN.fullmatch(word) is not None


def looks_like_surname(word: str) -> bool:
    """Whether a word with a capital beside a first name reads as a surname."""
    return len(word) > 3 and (word in common_surnames() or bool(_SURNAME.fullmatch(word)))


def cases_of(name: str, *, man: bool) -> set[str]:
    if name in IRREGULAR:
        return {name, *IRREGULAR[name].split()}
    if name in INDECLINABLE:
        return {name}
    stem, last = name[:-1], name[-1]
    if last == "а":
        hard = "и" if stem[-1] in "гкхжчшщ" else "ы"
        ends = (hard, "е", "у", "ой", "ою", *(("ей",) if stem[-1] in "жчшщц" else ()))
    elif name.endswith("ия"):
        ends = ("и", "ю", "ей")
    elif last == "я":
        ends = ("и", "е", "ю", "ей")
    elif last == "й":
        ends = ("я", "ю", "ем", "и" if name.endswith("ий") else "е")
    elif last == "ь":
        ends = ("я", "ю", "ем", "е") if man else ("и", "ью")
    elif last in "оеиуэ":
        ends = ()
    else:
        return {name, *(name + end for end in ("а", "у", "ом", "ем", "е"))}
    return {name, *(stem + end for end in ends)}


def _of_father(name: str) -> list[tuple[str, str]]:
    special = {
        "лев": [("львович", "львовн")],
        "павел": [("павлович", "павловн")],
        "петр": [("петрович", "петровн")],
        "илья": [("ильич", "ильиничн")],
        "никита": [("никитич", "никитичн")],
        "лука": [("лукич", "лукиничн")],
        "яков": [("яковлевич", "яковлевн")],
        "михаил": [("михайлович", "михайловн")],
        "муса": [("мусаевич", "мусаевн")],
        "данила": [("данилович", "даниловн")],
    }
    if name in special:
        return special[name]
    if name.endswith("ий"):
        soft = name[:-2] + "ь"
        return [(soft + "евич", soft + "евн"), (name[:-1] + "евич", name[:-1] + "евн")]
    if name[-1] in "йь":
        return [(name[:-1] + "евич", name[:-1] + "евн")]
    return [(name + "ович", name + "овн"), (name + "евич", name + "евн")]
