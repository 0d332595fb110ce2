"""The filters of the analytics pages: what they are set to stands in the address."""

from datetime import date, datetime, time

import streamlit as st
from babel import dates

from pages._ui import address, lake, show
from pages._ui import view as views
from pages._ui.i18n import _, lang, later
from pages._ui.pieces.html import escape, joined, link, tag
from pages._ui.scope import Scope
from pages._ui.view import Hours, View

PERIODS = {
    "1d": later("Today"),
    "7d": later("7 days"),
    "30d": later("30 days"),
    "90d": later("90 days"),
    "365d": later("Year"),
    "all": later("All"),
}
GRAINS = {
    "auto": later("By itself"),
    "hour": later("Hour"),
    "day": later("Day"),
    "week": later("Week"),
    "month": later("Month"),
}
AUTHORS = {"all": later("Everybody"), "assistant": later("Assistant"), "human": later("People")}
LOGS = {"own": later("My data"), "sample": later("Sample")}
ZONES = (
    "Europe/Kaliningrad",
    "Europe/Moscow",
    "Europe/Samara",
    "Asia/Yekaterinburg",
    "Asia/Omsk",
    "Asia/Krasnoyarsk",
    "Asia/Irkutsk",
    "Asia/Yakutsk",
    "Asia/Vladivostok",
    "Asia/Magadan",
    "Asia/Kamchatka",
)
USUAL_HOURS = Hours(time(9), time(18), (1, 2, 3, 4, 5))
NONE = 0
"""An account's or a listing's id that means all of them."""


def bar(view: View) -> None:
    """Periods, and behind a button everything else."""
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="filters", width="content"
    ):
        st.session_state["f_period"] = view.period if view.period in PERIODS else None
        st.segmented_control(
            _("Period"),
            list(PERIODS),
            key="f_period",
            format_func=lambda code: _(PERIODS[code]),
            label_visibility="collapsed",
            on_change=_period,
            args=(view,),
        )
        more = st.popover(
            _("Filters"), icon=":material/tune:", key="f_more", on_change="rerun", type="tertiary"
        )
        if more.open:
            with more:
                _more(view)


def told(scope: Scope) -> str:
    """The span in words, and what else was chosen, each with a way to take it back."""
    view, parts = scope.view, [tag("span", escape(span(scope)), _class="span")]
    places = lake.accounts(sample=view.is_sample), lake.listings(sample=view.is_sample)
    if view.account:
        name = places[0][view.account].name if view.account in places[0] else str(view.account)
        parts.append(_chip(name, view.but(account=None)))
    if view.listing:
        name = places[1][view.listing].name if view.listing in places[1] else str(view.listing)
        parts.append(_chip(name, view.but(listing=None)))
    if view.author:
        parts.append(_chip(_(AUTHORS[view.author]), view.but(author=None)))
    if view.hours:
        hours = f"{view.hours.opens:%H:%M}–{view.hours.closes:%H:%M}"
        parts.append(_chip(_("working hours {hours}").format(hours=hours), view.but(hours=None)))
    if view.target != views.TARGET:
        promised = _("promised within {time}").format(time=show.promised(view.target))
        parts.append(_chip(promised, view.but(target=views.TARGET)))
    if view.grain:
        parts.append(_chip(_(GRAINS[view.grain]), view.but(grain=None)))
    if view.zone:
        parts.append(_chip(zone_name(view.zone), view.but(zone=None)))
    return tag("div", joined(parts), _class="told")


def span(scope: Scope) -> str:
    """1–24 November 2026, Moscow time"""
    clock = scope.zone
    first = scope.window.start.astimezone(clock).date()
    last = (scope.window.end.astimezone(clock) - datetime.resolution).date()
    if first == last:
        days = dates.format_date(first, "d MMMM y", locale=lang())
    else:
        days = dates.format_interval(first, last, "yMMMd", locale=lang())
    return f"{days} · {zone_name(scope.window.zone)}"


def zone_name(zone: str) -> str:
    """Москва"""
    city: str = dates.get_timezone_location(zone, locale=lang(), return_city=True)
    return city


def _chip(said: str, without: View) -> str:
    label = _("Take back: {what}").format(what=said)
    return link(escape(said) + tag("span", "×", aria_hidden="true"), without.link(), "chip", label)


def _more(view: View) -> None:
    state = st.session_state
    accounts, listings = lake.accounts(sample=view.is_sample), lake.listings(sample=view.is_sample)
    if len(state.get("f_days", ())) != 1:
        state["f_days"] = (view.first, view.last) if view.first and view.last else ()
    state["f_account"] = view.account if view.account in accounts else NONE
    shown = {n: each for n, each in listings.items() if view.account in (None, each.account)}
    state["f_listing"] = view.listing if view.listing in shown else NONE
    state["f_author"] = view.author or "all"
    state["f_grain"] = view.grain or "auto"
    state["f_zone"] = view.zone or ""
    st.date_input(
        _("Days from … to"),
        key="f_days",
        format="DD.MM.YYYY" if lang() == "ru" else "YYYY-MM-DD",
        max_value=date(views.LAST_YEAR, 1, 1),
        on_change=_days,
        args=(view,),
    )
    if len(accounts) > 1:
        st.selectbox(
            _("Account"),
            [NONE, *accounts],
            key="f_account",
            format_func=lambda n: accounts[n].name if n in accounts else _("All accounts"),
            on_change=_changed,
            args=(view,),
        )
    st.selectbox(
        _("Listing"),
        [NONE, *shown],
        key="f_listing",
        format_func=lambda n: shown[n].name if n in shown else _("All listings"),
        on_change=_changed,
        args=(view,),
    )
    st.segmented_control(
        _("Who answered"),
        list(AUTHORS),
        key="f_author",
        required=True,
        format_func=lambda code: _(AUTHORS[code]),
        on_change=_changed,
        args=(view,),
    )
    _working_hours(view)
    st.segmented_control(
        _("One point is"),
        list(GRAINS),
        key="f_grain",
        required=True,
        format_func=lambda code: _(GRAINS[code]),
        on_change=_changed,
        args=(view,),
    )
    if lake.sample_is_there():
        state["f_log"] = "sample" if view.is_sample else "own"
        st.segmented_control(
            _("Data"),
            list(LOGS),
            key="f_log",
            required=True,
            format_func=lambda code: _(LOGS[code]),
            on_change=_log,
            args=(view,),
        )
    zones = dict.fromkeys(("", *(a.zone for a in accounts.values() if a.zone), *ZONES))
    if view.zone:
        zones[view.zone] = None
    st.selectbox(
        _("Clock of"),
        list(zones),
        key="f_zone",
        format_func=lambda zone: zone_name(zone) if zone else _("the account"),
        on_change=_changed,
        args=(view,),
    )


def _period(view: View) -> None:
    chosen = st.session_state["f_period"]
    if chosen and chosen != view.period:
        address.show(view.but(period=chosen, first=None, last=None))


def _working_hours(view: View) -> None:
    """Waits by the calendar, or only while the seller works."""
    state, hours = st.session_state, view.hours or USUAL_HOURS
    state["f_works"] = view.hours is not None
    st.toggle(_("Count working hours only"), key="f_works", on_change=_changed, args=(view,))
    if view.hours is None:
        return
    state["f_opens"], state["f_closes"] = hours.opens, hours.closes
    state["f_weekdays"] = list(hours.weekdays)
    names = dates.get_day_names("abbreviated", locale=lang())
    with st.container(horizontal=True):
        st.time_input(_("Opens"), key="f_opens", step=1800, on_change=_changed, args=(view,))
        st.time_input(_("Closes"), key="f_closes", step=1800, on_change=_changed, args=(view,))
    st.segmented_control(
        _("Working days"),
        views.WEEK,
        selection_mode="multi",
        key="f_weekdays",
        format_func=lambda day: names[day - 1].capitalize(),
        on_change=_changed,
        args=(view,),
    )


def _hours() -> Hours | None:
    """As the switch and the clocks stand; hours that last no time are none."""
    state = st.session_state
    if not state["f_works"]:
        return None
    opens, closes = state.get("f_opens"), state.get("f_closes")
    if opens is None or closes is None or opens == closes:
        return USUAL_HOURS
    return Hours(opens, closes, tuple(sorted(state.get("f_weekdays") or views.WEEK)))


def _log(view: View) -> None:
    """The other log has other accounts and listings."""
    is_sample = st.session_state["f_log"] == "sample"
    address.show(view.but(is_sample=is_sample, account=None, listing=None, zone=None))


def _days(view: View) -> None:
    chosen = st.session_state["f_days"]
    if len(chosen) == 2:
        address.show(view.but(period=views.DATES, first=chosen[0], last=chosen[1]))


def _changed(view: View) -> None:
    state = st.session_state
    grain, author = state["f_grain"], state.get("f_author", "all")
    address.show(
        view.but(
            account=(state.get("f_account") or None) if "f_account" in state else view.account,
            listing=state["f_listing"] or None,
            author=author if author in views.AUTHORS else None,
            hours=_hours(),
            grain=grain if grain != "auto" else None,
            zone=state["f_zone"] or None,
        )
    )


def zone_of(view: View) -> str:
    """The chosen clock, else that of the chosen account or of the listing's, else of the first."""
    if view.zone:
        return view.zone
    accounts = lake.accounts(sample=view.is_sample)
    listing = lake.listings(sample=view.is_sample).get(view.listing or 0)
    wanted = view.account or (listing.account if listing else None)
    named = accounts[wanted].zone if wanted and wanted in accounts else None
    first = next((each.zone for each in accounts.values() if each.zone), None)
    return named or first or str(show.zone())
