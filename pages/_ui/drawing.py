"""How charts are drawn in the browser: Plotly's small bundle, and our script that calls it.

Streamlit's own chart element loads all of Plotly, four times as much, of which we use bars and lines.
"""

import functools
import re
from html import escape
from pathlib import Path

from starlette.responses import FileResponse
from starlette.routing import Route

from pages._ui.address import WITH_VIEW

_HERE = Path(__file__).parent
LIBRARY = _HERE / "static/plotly/plotly-basic.min.js"
"""`npm pack plotly.js-basic-dist-min@VERSION`, the version that the Python package speaks to."""


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
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Route(
        address(),
        lambda _request: FileResponse(LIBRARY, media_type="text/javascript", headers=headers),
        methods=["GET"],
    )


@functools.cache
def script() -> str:
    """Ours, as an element of the empty page. Pages of numbers fetch the library before the first chart."""
    code = (_HERE / "charts.js").read_text(encoding="utf-8")
    told = f'data-library="{escape(address())}" data-pages="{" ".join(WITH_VIEW)}"'
    return f"<script {told}>{code}</script>"
