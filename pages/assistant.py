"""What the assistant takes on, where it gives up, and what it costs."""

from pages._ui import assistant_cards, frame
from pages._ui.i18n import _

frame.page(
    "assistant",
    _("Assistant"),
    _("How much does the assistant take on, where does it give up, what does it cost?"),
    assistant_cards.body,
)
