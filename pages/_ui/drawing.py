"""How charts are drawn in the browser: Plotly's small bundle, and our script that calls it.

Streamlit's own chart element loads all of Plotly, four times as much, of which we use bars and lines.
"""

import functools
import re
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages._ui.address import WITH_VIEW

_HERE = Path(__file__).parent
LIBRARY = _HERE / "static/plotly/plotly-basic.min.js"
"""`npm pack plotly.js-basic-dist-min@VERSION`, the version that the Python package speaks to."""

HINT = b"//# allFunctionsCalledOnLoad\n"
"""Chromium then compiles all of it beside the main thread. Else it parses the bundle three times on the
way to the first chart, 90 ms instead of 13 where the page is drawn; other browsers read a comment."""


@functools.cache
def version() -> str:
    """Of the bundle, as its own head says."""
    head = LIBRARY.read_text(encoding="utf-8")[:200]
    found = re.search(r"plotly\.js \(basic - minified\) v([\d.]+)", head)
    if not found:
        raise ValueError(f"{LIBRARY} does not begin like Plotly's basic bundle")
    return found[1]


def address() -> str:
    """Another version is another file: a browser keeps this one."""
    return f"/charts/plotly-basic-{version()}.min.js"


def route() -> Route:
    return Route(address(), _library, methods=["GET"])


def _library(_request: Request) -> Response:
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    code = HINT + LIBRARY.read_bytes()
    return Response(code, media_type="text/javascript", headers=headers)


@functools.cache
def script() -> str:
    """Ours, as an element of the empty page. Pages of numbers ask for the library at once."""
    code = (_HERE / "charts.js").read_text(encoding="utf-8")
    told = f'data-library="{escape(address())}" data-pages="{" ".join(WITH_VIEW)}"'
    return f"<script {told}>{code}</script>"
