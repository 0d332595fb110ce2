"""When the seller works: a dialog with a line for each weekday, holidays, and days that are unlike the others."""

import streamlit as st

from bot.client import Account, BotError, BotRefused, WorkingHours
from pages._ui import source, trouble
from pages._ui.control.words import DAYS
from pages._ui.i18n import _
from pages._ui.text import plain

USUAL = WorkingHours({day: ["09:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")})


def ask(account: Account) -> None:
    try:
        told = source.bot().hours(account.id)
    except BotError as error:
        trouble.toast(error)
        return
    known = told.hours or USUAL

    @st.dialog(_("Working hours: {name}").format(name=account.name), width="medium")
    def dialog() -> None:
        st.caption(
            _("By the clock of the account. Like 09:00-18:00, several with a comma; empty: closed.")
        )
        week = {
            day: st.text_input(
                _(title), ", ".join(known.week.get(day, ())), key=f"hours-{account.id}-{day}"
            )
            for day, title in DAYS.items()
        }
        holidays = st.checkbox(
            _("Closed on Russia's public holidays"), known.holidays, key=f"holidays-{account.id}"
        )
        days = st.text_area(
            _("Days that are unlike the others, one in each line"),
            "\n".join(f"{day} {', '.join(spans)}".strip() for day, spans in known.days.items()),
            placeholder=_("For example: {text}").format(text="2026-12-31 10:00-15:00\n2027-01-03"),
            key=f"days-{account.id}",
        )
        if st.button(_("Save"), type="primary", key="save_hours"):
            said = WorkingHours(
                {day: _spans(text) for day, text in week.items()}, holidays, _days(days)
            )
            _save(account, said)

    dialog()


def _spans(text: str) -> list[str]:
    """«9:00 – 18:00» is as good as 09:00-18:00."""
    plainly = text.replace("–", "-").replace("—", "-").replace(" ", "")
    return [_span(part) for part in plainly.split(",") if part]


def _span(text: str) -> str:
    return "-".join(part.zfill(5) if ":" in part else part for part in text.split("-"))


def _days(text: str) -> dict[str, list[str]]:
    lines = [line.strip().partition(" ") for line in text.split("\n") if line.strip()]
    return {day: _spans(rest) for day, _blank, rest in lines}


def _save(account: Account, said: WorkingHours) -> None:
    try:
        source.bot().set_hours(account.id, said)
    except BotRefused as error:
        if error.code == "bad_hours":
            st.error(_("This cannot be understood: {what}").format(what=plain(error.detail)))
        else:
            st.error(trouble.said(error))
    except BotError as error:
        st.error(trouble.said(error))
    else:
        st.rerun()
