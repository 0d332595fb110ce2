"""Bits of HTML; whatever others wrote goes through `escape`."""

from collections.abc import Iterable, Mapping
from html import escape

__all__ = ["escape", "joined", "link", "style", "tag"]


def tag(name: str, inside: str = "", **attributes: str | None) -> str:
    """An element with ready HTML inside; `_class` becomes class, `aria_label` aria-label."""
    told = "".join(
        f' {key.strip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{told}>{inside}</{name}>"


def link(
    inside: str, href: str | None, kind: str = "", label: str | None = None, **more: str
) -> str:
    """A link that stays in the dashboard; without an address a plain span. `label` is what it is
    called where its text alone would not say."""
    if href is None:
        return tag("span", inside, _class=kind or None, **more)
    kinds = f"in {kind}".strip()
    return tag("a", inside, _class=kinds, href=href, target="_self", aria_label=label, **more)


def joined(parts: Iterable[str]) -> str:
    return "".join(parts)


def style(**values: str) -> str:
    """Values for a piece's CSS, as custom properties: `style(share="40%")`."""
    told: Mapping[str, str] = values
    return ";".join(f"--{name}:{value}" for name, value in told.items())
