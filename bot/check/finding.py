"""What one try has shown, in a line."""

from dataclasses import dataclass

PATIENCE = 15.0
"""Seconds in which a service outside should have answered."""


@dataclass(frozen=True)
class Finding:
    """What one try has shown. `todo` only if something is wrong."""

    name: str
    said: str
    todo: str | None = None

    def __str__(self) -> str:
        mark = "problem" if self.todo else "ok"
        advice = f"\n{'':20}→ {self.todo}" if self.todo else ""
        return f"{mark:8}{self.name:12}{self.said}{advice}"
