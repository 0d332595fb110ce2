"""What is imported before the first visitor comes, so that the garbage collector may forget it."""

import importlib
import pkgutil

import pages._ui

HEAVY = (
    "pandas",
    "plotly.graph_objects",
    "plotly.io",
    "duckdb",
    "pyarrow",
    "babel.dates",
    "altair",
)


def run() -> None:
    from pages._ui import i18n

    for name in (*HEAVY, *_rooms()):
        importlib.import_module(name)
    for language in i18n.LANGUAGES:
        i18n.catalogue(language)


def _rooms() -> list[str]:
    """Every module that a page may want; `main` is not imported but run."""
    found = pkgutil.walk_packages(pages._ui.__path__, f"{pages._ui.__name__}.")
    return [each.name for each in found if each.name != "pages._ui.main"]
