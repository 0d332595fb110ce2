"""Which account, and which of its listings, the seller writes or tries instructions for."""

from dataclasses import dataclass

import streamlit as st

from bot.client import Account, Listing
from pages._ui import source
from pages._ui.i18n import _

MOST = 100


@dataclass(frozen=True)
class Where:
    """An account, and one listing of it or None for all."""

    account: Account
    listing: Listing | None

    @property
    def listing_id(self) -> int | None:
        return self.listing.id if self.listing else None

    @property
    def code(self) -> str:
        return f"{self.account.id}-{self.listing_id or 'all'}"


def choose(key: str, whole: str) -> Where | None:
    """Two boxes; None and a word about what to do if no account is connected. `whole` names "no listing in particular"."""
    accounts = source.accounts()
    if not accounts:
        with st.container(border=True, key="card_no_account"):
            st.markdown(_("**No account is connected yet.** Instructions come with the account."))
        return None
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"{key}_where"):
        account = accounts[0]
        if len(accounts) > 1:
            account = st.selectbox(
                _("Account"), accounts, format_func=lambda one: one.name, key=f"{key}_account"
            )
        page = source.bot().listings(account_id=account.id, status="active", limit=MOST)
        listing = st.selectbox(
            _("Listing"),
            [None, *page.rows],
            format_func=lambda one: one.title if one else whole,
            key=f"{key}_listing_{account.id}",
            width=420,
        )
    return Where(account, listing)
