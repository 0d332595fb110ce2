"""What this process knows about its own health, for the health routes and the metrics; nothing here is kept."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

MAY_BE_LATE = 0.001
"""Share of webhook calls that may be answered after more than 2 s: Avito may take those for lost."""


@dataclass
class Beat:
    """How one part of the service did when it last ran."""

    at: datetime
    ok: bool
    detail: str


@dataclass
class Pulse:
    """Written by the parts, read by the health routes."""

    started_at: datetime
    parts: dict[str, Beat] = field(default_factory=dict)
    acks_ms: deque[float] = field(default_factory=lambda: deque(maxlen=10_000))
    acks: int = 0
    acks_over_2s: int = 0

    @property
    def budget_left(self) -> float | None:
        """What is left of the calls that may take longer than Avito waits: 1 to 0, None before the first call."""
        if not self.acks:
            return None
        return max(0.0, 1 - self.acks_over_2s / (self.acks * MAY_BE_LATE))

    def beat(self, part: str, at: datetime, *, ok: bool = True, detail: str = "") -> None:
        self.parts[part] = Beat(at, ok, detail)

    def acknowledged(self, milliseconds: float) -> None:
        self.acks += 1
        self.acks_over_2s += milliseconds > 2000
        self.acks_ms.append(milliseconds)
