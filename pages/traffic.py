"""How many clients write, when, and how many come back."""

from pages._ui import frame, traffic_cards
from pages._ui.i18n import _

frame.page(
    "traffic",
    _("Traffic"),
    _("How many clients write, when, and do they come back?"),
    traffic_cards.body,
)
