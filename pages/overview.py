"""The numbers of the morning, what changed, and what to do now."""

from pages._ui import frame, overview_cards
from pages._ui.i18n import _

frame.page(
    "overview",
    _("Overview"),
    _("How is it going, what changed, and what needs me now?"),
    overview_cards.body,
    without_log=overview_cards.without_log,
)
