"""Whether the numbers can be trusted."""

from pages._ui import frame, quality_cards
from pages._ui.i18n import _

frame.page(
    "quality",
    _("Data quality"),
    _("Is the log sound, and did everything arrive?"),
    quality_cards.body,
)
