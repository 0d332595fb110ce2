"""The API's description of itself, with refusals as they really look."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI

from bot.api.problems import MEDIA_TYPE, ProblemDocument

REFUSALS = {"4XX": "Refused, in words to act on", "5XX": "Not possible now"}
_PROBLEM = {"$ref": "#/components/schemas/ProblemDocument"}


def described(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """The framework describes errors of its own shape; every one of ours is a problem document."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _correct(plain())
        return app.openapi_schema or {}

    return openapi


def _correct(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["ProblemDocument"] = ProblemDocument.model_json_schema()
    for ways in document["paths"].values():
        for about in ways.values():
            about["responses"].pop("422", None)
            for status, words in REFUSALS.items():
                content = {MEDIA_TYPE: {"schema": _PROBLEM}}
                about["responses"][status] = {"description": words, "content": content}
