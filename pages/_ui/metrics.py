"""Answers of the metrics, kept for as long as the log does not change."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from pages._ui import lake
from pages._ui.log_choice import Log
from pipeline import Window, catalog


def answer(name: str, log: Log, window: Window | None = None) -> pd.DataFrame:
    """The metric over the log's window, or over another one."""
    return _answer(name, window or log.window, log.is_sample, log.edition)


def whole(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows for the whole window."""
    return frame[frame["period"].isna()]


def full_days(frame: pd.DataFrame, window: Window) -> pd.DataFrame:
    """The rows of whole days: a line that falls because today is young would tell a lie."""
    days = with_today(frame, window)
    if window.grain != "day":
        return days
    return days[days["period"] < _midnight(window.end, window)]


def with_today(frame: pd.DataFrame, window: Window) -> pd.DataFrame:
    """The rows per day, without the first when the window began in the middle of it."""
    days = frame.dropna(subset="period")
    if window.grain != "day":
        return days
    first = _midnight(window.start, window)
    is_whole = first == pd.Timestamp(window.start.astimezone(ZoneInfo(window.zone))).tz_localize(
        None
    )
    return days[days["period"] >= first] if is_whole else days[days["period"] > first]


def _midnight(moment: datetime, window: Window) -> pd.Timestamp:
    """The beginning of the moment's day on the window's clock, without a zone."""
    local = pd.Timestamp(moment.astimezone(ZoneInfo(window.zone))).tz_localize(None)
    return local.normalize()


@st.cache_data(show_spinner=False, max_entries=256)
def _answer(name: str, window: Window, is_sample: bool, edition: int) -> pd.DataFrame:
    con = lake.cursor(sample=is_sample)
    if con is None:
        raise LookupError(f"no log for edition {edition}")
    return catalog()[name].run(con, window)
