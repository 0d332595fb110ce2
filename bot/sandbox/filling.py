"""Fills whatever JSON schema it is given with what is known, and with fitting blanks."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.writer import Draft

Schema = Mapping[str, Any]

# The form that is meant when a prompt only describes it in words.
LEAD_FIELDS = (
    "name", "phone", "pestType", "objectType", "rooms", "infestation", "previousTreatment",
    "address", "expectedDate", "clientComment",
)  # fmt: skip


def known(draft: Draft) -> dict[str, Any]:
    """What the draft can say, by the names of the form."""
    return {
        "reply": draft.reply,
        "intent": draft.intent,
        "lead": {name: draft.lead.get(name) for name in LEAD_FIELDS},
        "hand_off": draft.hand_off_reason is not None,
        "hand_off_reason": draft.hand_off_reason,
    }


def fill(schema: Schema, value: Any, root: Schema | None = None) -> Any:
    """A document that fits the schema, with `value` wherever it fits too."""
    root = schema if root is None else root
    schema = _resolved(schema, root)
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return _any_of(options, value, root)
    types = schema.get("type")
    kinds = list(types) if isinstance(types, list) else [types] if types else []
    if "enum" in schema:
        return _of_enum(schema["enum"], value)
    if "properties" in schema and (value is not None or "null" not in kinds):
        inner = value if isinstance(value, Mapping) else {}
        props = schema["properties"]
        return {name: fill(part, inner.get(name), root) for name, part in props.items()}
    if not kinds or any(_fits(value, kind) for kind in kinds):
        return value
    return None if "null" in kinds else _BLANKS.get(kinds[0])


_BLANKS: dict[str, Any] = {
    "string": "", "boolean": False, "integer": 0, "number": 0, "array": [], "object": {},
}  # fmt: skip
_KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,), "boolean": (bool,), "integer": (int,), "number": (int, float),
    "array": (list,), "object": (dict,), "null": (type(None),),
}  # fmt: skip


def _resolved(schema: Schema, root: Schema) -> Schema:
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return schema
    found: Any = root
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return _resolved(found, root)


def _any_of(options: list[Schema], value: Any, root: Schema) -> Any:
    plain = [_resolved(option, root) for option in options]
    nullable = any(option.get("type") == "null" for option in plain)
    if value is None and nullable:
        return None
    return fill(next(o for o in plain if o.get("type") != "null"), value, root)


def _of_enum(words: list[Any], value: Any) -> Any:
    if value in words:
        return value
    return None if None in words else "other" if "other" in words else words[0]


def _fits(value: Any, kind: str) -> bool:
    if isinstance(value, bool) and kind != "boolean":
        return False
    return isinstance(value, _KINDS.get(kind, ()))
