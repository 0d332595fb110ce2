"""How far a listing's price may come down: a dialog from its card. Asked of the bot only when it is opened."""

import re

import streamlit as st

from bot.client import BotError, Haggling, Listing
from pages._ui import show, source, trouble
from pages._ui.i18n import _
from pages._ui.text import plain


def opener(listing: Listing) -> None:
    """The button on the card; a listing without a price has nothing to come down from."""
    if listing.price and st.button(
        _("Haggling"), icon=":material/handshake:", key=f"haggling-open-{listing.id}"
    ):
        st.dialog(_("Haggling"))(_editor)(listing)


def _editor(listing: Listing) -> None:
    try:
        now = source.bot().haggling(listing.id)
    except BotError as error:
        st.error(trouble.said(error))
        return
    st.markdown(f"**{plain(listing.title)}** · {show.money(listing.price)}")
    st.caption(
        _(
            "The assistant never names less than the lowest price, whatever the client or the model says. "
            "It comes down one step with each new bid. Clients and the model do not see these numbers."
        )
    )
    floor = st.number_input(
        _("Lowest price, ₽ (empty: no haggling)"),
        min_value=1,
        max_value=listing.price,
        value=now.floor,
        key=f"haggling-floor-{listing.id}",
    )
    steps = st.text_input(
        _("Steps down, ₽, separated by commas"),
        value=", ".join(str(step) for step in now.ladder),
        placeholder=_("for example: 18000, 17500"),
        key=f"haggling-steps-{listing.id}",
    )
    if st.button(_("Save"), type="primary", key=f"haggling-save-{listing.id}"):
        _save(now, None if floor is None else int(floor), steps)


def _save(now: Haggling, floor: int | None, steps: str) -> None:
    ladder = [
        int(re.sub(r"\D", "", part)) for part in re.split(r"[,;]", steps) if re.search(r"\d", part)
    ]
    try:
        source.bot().set_haggling(now.listing_id, floor, ladder if floor is not None else ())
    except BotError as error:
        st.error(trouble.said(error))
    else:
        st.rerun()
