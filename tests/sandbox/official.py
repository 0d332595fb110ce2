"""Avito's own OpenAPI documents, as schemas that answers can be held against."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

DOCUMENTS = Path(__file__).parents[1] / "avito_spec"


def problems(document: str, method: str, path: str, status: str, body: Any) -> list[str]:
    """What an answer has that the document does not allow."""
    pointer = "/".join(
        part.replace("~", "~0").replace("/", "~1")
        for part in ("paths", path, method, "responses", status, "content")
    )
    return _problems(document, f"{pointer}/application~1json/schema", body)


def component_problems(document: str, name: str, body: Any) -> list[str]:
    """What a value has that the named schema does not allow."""
    return _problems(document, f"components/schemas/{name}", body)


def example(document: str, schema: Any) -> Any:
    """The value that a schema's own examples make."""
    if "$ref" in schema:
        return example(document, _at(_loaded(document), schema["$ref"].removeprefix("#/")))
    if "properties" in schema:
        return {name: example(document, part) for name, part in schema["properties"].items()}
    if "items" in schema:
        return [example(document, schema["items"])]
    return schema.get("example", schema.get("enum", ["abc"])[0])


def at(document: str, pointer: str) -> Any:
    """A part of a document, by a JSON pointer without its first slash."""
    return _at(_loaded(document), pointer)


def _problems(document: str, pointer: str, body: Any) -> list[str]:
    schema = {"$ref": f"avito:{document}#/{pointer}"}
    validator = Draft202012Validator(schema, registry=_registry(document))
    return [f"{list(error.path)}: {error.message[:200]}" for error in validator.iter_errors(body)]


@cache
def _registry(document: str) -> Registry[Any]:
    resource = Resource.from_contents(_strict(_loaded(document)), DRAFT202012)
    registry: Registry[Any] = Registry()
    found: Registry[Any] = registry.with_resource(f"avito:{document}", resource)
    return found


@cache
def _loaded(document: str) -> Any:
    return json.loads((DOCUMENTS / f"{document}.json").read_text(encoding="utf-8"))


def _strict(part: Any) -> Any:
    """OpenAPI's `nullable` as JSON Schema says it, and no property that is not named."""
    if isinstance(part, list):
        return [_strict(inner) for inner in part]
    if not isinstance(part, dict):
        return part
    found = {name: _strict(inner) for name, inner in part.items()}
    if found.get("nullable") is True and isinstance(found.get("type"), str):
        found["type"] = [found["type"], "null"]
        if isinstance(found.get("enum"), list):
            found["enum"] = [*found["enum"], None]
    if isinstance(found.get("properties"), dict) and found.get("type") == "object":
        found.setdefault("additionalProperties", False)
    return found


def _at(document: Any, pointer: str) -> Any:
    for part in pointer.split("/"):
        document = document[part.replace("~1", "/").replace("~0", "~")]
    return document
