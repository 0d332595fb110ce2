"""Which version of the service this is."""

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed


def version() -> str:
    try:
        return installed("avito-assistant")
    except PackageNotFoundError:  # run from a checkout
        return "0.1.0"
