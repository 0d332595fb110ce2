"""How many clients leave a phone, and how their leads reach the CRM."""

from pages._ui import frame, lead_list, lead_numbers
from pages._ui.i18n import _

frame.page(
    "leads",
    _("Leads"),
    _("How many clients leave a phone number, and do their leads reach the CRM?"),
    lead_numbers.top,
    work=lead_list.show,
)
