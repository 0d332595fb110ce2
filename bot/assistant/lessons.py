"""What a manager changed in a draft, word by word."""

import re
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|[^\s]+")


def diff(before: str, after: str) -> str:
    """Both texts in one: `[-what went-]` and `{+what came+}` stand among the words that stayed."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    parts = []
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, came = "".join(old[i:j]), "".join(new[k:m])
        if what == "equal":
            parts.append(gone)
            continue
        parts += [f"[-{gone}-]"] if gone else []
        parts += [f"{{+{came}+}}"] if came else []
    return "".join(parts)
