"""The strings that the dashboard shows, found in its source."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
MARKS = ("_", "later", "n_")


def strings() -> Iterator[tuple[str, ...]]:
    """Each string that goes through `_`, `later` or `n_` (its two forms), f-strings looked into."""
    for file in (ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in MARKS:
                count = 2 if _name(node.func) == "n_" else 1
                texts = [arg.value for arg in node.args[:count] if isinstance(arg, ast.Constant)]
                if len(texts) == count:
                    yield tuple(str(text) for text in texts)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""
