"""What the owner tells the assistant about an account."""

import streamlit as st
from babel.dates import get_timezone_location

from bot.client import Account, BotError
from pages._ui import source, trouble
from pages._ui.control.words import title
from pages._ui.i18n import _, lang

MOST = 4000
ZONES = (
    "Europe/Kaliningrad",
    "Europe/Moscow",
    "Europe/Samara",
    "Asia/Yekaterinburg",
    "Asia/Omsk",
    "Asia/Novosibirsk",
    "Asia/Krasnoyarsk",
    "Asia/Irkutsk",
    "Asia/Yakutsk",
    "Asia/Vladivostok",
    "Asia/Magadan",
    "Asia/Kamchatka",
)


def ask(account: Account) -> None:
    """A dialog; what is in it goes to the bot when it is saved, and not before."""

    @st.dialog(account.name, width="medium")
    def dialog() -> None:
        facts = st.text_area(
            _("What the assistant should know"),
            account.facts,
            max_chars=MOST,
            height=220,
            key="facts",
            placeholder=_(
                "Prices, working hours, guarantee, where you go, what you never promise."
            ),
        )
        st.caption(
            _(
                "The same as “{field}” on the page Instructions, for all listings. Saved here it holds at once, as a new version; "
                "there when you publish. The one that was published last wins, and a listing's own instructions win over both."
            ).format(field=title("about"))
        )
        zones = ZONES if account.zone in (*ZONES, None) else (str(account.zone), *ZONES)
        zone = st.selectbox(
            _("Time zone"),
            zones,
            index=zones.index(account.zone or "Europe/Moscow"),
            format_func=lambda name: get_timezone_location(name, locale=lang(), return_city=True),
            key="zone",
        )
        if st.button(_("Save"), type="primary", key="save_account"):
            _save(account, facts, zone)

    dialog()


def _save(account: Account, facts: str, zone: str) -> None:
    try:
        source.bot().edit_account(account.id, zone=zone, facts=facts)
    except BotError as error:
        st.error(trouble.said(error))
        return
    source.forget_accounts()
    st.rerun()
