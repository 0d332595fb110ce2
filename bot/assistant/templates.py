"""Templates: the seller's words with variables in braces, «{имя}», that are filled in when they are used."""

import re
from collections.abc import Mapping

VARIABLES = {
    "имя": "name",
    "объявление": "title",
    "цена": "price",
    "адрес": "address",
    "часы": "hours",
    "телефон": "phone",
    "магазин": "shop",
}
"""What may stand in braces, and the same in English."""

_IN_BRACES = re.compile(r"\{([^{}]*)\}")
_CAN_GO = frozenset({"name", "shop"})
"""Without these a sentence still says the same: «Здравствуйте, {имя}!» becomes «Здравствуйте!»."""


def code(variable: str) -> str | None:
    """The English name of a variable in either language, in any letter case; None if there is no such variable."""
    word = variable.strip().lower()
    return VARIABLES.get(word) or (word if word in VARIABLES.values() else None)


def unknown(text: str) -> list[str]:
    """Variables in the text that do not exist, as they are written; a brace without its partner counts as one."""
    wrong = [f"{{{name}}}" for name in _IN_BRACES.findall(text) if code(name) is None]
    rest = _IN_BRACES.sub("", text)
    return wrong + [sign for sign in "{}" if sign in rest]


def fill(text: str, values: Mapping[str, str | None]) -> str | None:
    """The text with its variables filled in, by their English names; None if a value is missing that it cannot do without."""
    for name in _IN_BRACES.findall(text):
        known = code(name)
        if known is not None and known not in _CAN_GO and not values.get(known):
            return None
    return _IN_BRACES.sub(
        lambda found: values.get(code(found[1]) or "") or "", _without(text, values)
    )


def _without(text: str, values: Mapping[str, str | None]) -> str:
    """Takes out the variables that have no value, together with the comma or the blank before them."""

    def gone(found: re.Match[str]) -> str:
        name = code(found[1])
        return "" if name in _CAN_GO and not values.get(name) else found[0]

    return re.sub(r"(?:,\s*|\s+)?\{([^{}]*)\}", gone, text).strip()
