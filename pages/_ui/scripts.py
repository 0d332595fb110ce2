"""Which of Streamlit's scripts a page wants, so that they are there before their elements come.

An element whose script has not been read yet is drawn as a grey bar of another height, and what is
below it jumps when the script has come.
"""

import functools
import re
from pathlib import Path

import streamlit

EVERYWHERE = ("Html", "PageLink", "Checkbox", "ButtonGroup", "Button", "styled-components")
"""Elements that every page shows, by the names of their scripts without the mark of the content. One
that another version of Streamlit does not have is left out."""

ON_PAGE = {
    "chats": ("TextInput", "BidiComponent"),
    "instructions": ("Selectbox",),
    "playground": ("Selectbox",),
    "budget": ("NumberInput",),
    "listings": ("TextInput", "Pagination"),
    "connection": ("LinkButton",),
    "health": ("Metric",),
}

_FOLDER = Path(streamlit.__file__).parent / "static/static/js"
_NEED = re.compile(r'(?:from|import)"\./([\w.-]+\.js)"')


@functools.cache
def tags(page: str) -> str:
    """Elements for the head of the empty page; they come after Streamlit's own script."""
    elements = [*_files(EVERYWHERE), *_files(ON_PAGE.get(page, ()))]
    needed: dict[str, None] = {}
    for each in elements:
        _gather(each, needed)
    links = "".join(
        f'<link rel="modulepreload" crossorigin href="/static/js/{name}">' for name in needed
    )
    read = "".join(f'import "/static/js/{name}";' for name in elements)
    return f'{links}<script type="module">{read}</script>'


def _files(names: tuple[str, ...]) -> list[str]:
    return [file.name for name in names for file in sorted(_FOLDER.glob(f"{name}.*.js"))]


def _gather(name: str, found: dict[str, None]) -> None:
    """Adds the script and what it imports beyond what Streamlit's page begins with; scripts may import each other."""
    found[name] = None
    for need in _needs(name):
        if need not in found and need not in _begins_with():
            _gather(need, found)


@functools.cache
def _needs(name: str) -> tuple[str, ...]:
    return tuple(_NEED.findall((_FOLDER / name).read_text(encoding="utf-8")))


@functools.cache
def _begins_with() -> frozenset[str]:
    page = _FOLDER.parent.parent / "index.html"
    return frozenset(re.findall(r"static/js/([\w.-]+\.js)", page.read_text(encoding="utf-8")))
