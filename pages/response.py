"""How long clients wait for an answer, and who answers."""

from pages._ui import frame, response_cards
from pages._ui.i18n import _

frame.page(
    "response",
    _("Response"),
    _("How long do clients wait for an answer, and who never gets one?"),
    response_cards.body,
)
