"""What is imported before the first visitor comes, so that the garbage collector may forget it."""

import importlib

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

    for name in HEAVY:
        importlib.import_module(name)
    for language in i18n.LANGUAGES:
        i18n.catalogue(language)
