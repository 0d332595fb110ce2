"""Choose the listings that the assistant answers for, and see what each brings."""

from pages._ui import frame, listing_list, listing_numbers
from pages._ui.i18n import _

frame.page(
    "listings",
    _("Listings"),
    _("Which listings bring clients, and for which does the assistant answer?"),
    listing_numbers.top,
    controls=listing_list.controls,
    work=listing_list.show,
)
