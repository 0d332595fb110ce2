"""How far the assistant may go: the mode of a listing, the working hours, and the switch that silences everything."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Mode = Literal["draft", "automatic", "unanswered", "off_hours"]
"""What the assistant does where it is on: writes drafts for a manager; answers; answers when no person has for so many
minutes; answers only outside working hours."""

MODES: tuple[Mode, ...] = ("draft", "automatic", "unanswered", "off_hours")
MINUTES = (1, 240)
"""The least and the most for which a person has the first word."""

May = Literal["nothing", "draft", "reply"]


@dataclass(frozen=True)
class Duty:
    """What the assistant may do about a listing at a moment.

    `reason` says why it may do nothing; `wait` is for how long a person has the first word.
    """

    may: May
    reason: str | None = None
    wait: timedelta = timedelta(0)

    @property
    def gives_way(self) -> bool:
        """Whether a person's words in a chat end with themselves: the assistant goes on with what is asked later."""
        return self.wait > timedelta(0)


def duty(
    *,
    has_listing: bool,
    is_on: bool,
    mode: Mode,
    minutes: int,
    is_silenced: bool,
    is_open: bool | None,
) -> Duty:
    """The seller's wishes, the strongest first. `is_open` is None when no working hours are set."""
    if not has_listing:
        return Duty("nothing", "no_listing")
    if not is_on:
        return Duty("nothing", "listing_off")
    if is_silenced:
        return Duty("nothing", "silenced")
    match mode:
        case "draft":
            return Duty("draft")
        case "off_hours" if is_open is not False:
            return Duty("nothing", "working_hours")
        case "unanswered":
            return Duty("reply", wait=timedelta(minutes=minutes))
    return Duty("reply")
