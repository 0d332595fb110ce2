"""The head of an SQL file: words in comments that say what the question means."""

import re

_LINE = re.compile(r"-- (?P<key>\w+): (?P<text>.*)|--   (?P<more>.*)")


def read_header(text: str) -> tuple[dict[str, str], str]:
    """The words by name, and what follows them. A line that begins deeper goes on with the word
    before; the head ends with the first line that is neither."""
    words: dict[str, str] = {}
    lines = text.splitlines()
    for number, line in enumerate(lines):
        found = _LINE.fullmatch(line)
        if found is None:
            return words, "\n".join(lines[number:]).strip()
        if found["key"]:
            words[found["key"]] = found["text"].strip()
        elif words:
            last = next(reversed(words))
            words[last] = f"{words[last]} {found['more'].strip()}"
    return words, ""
