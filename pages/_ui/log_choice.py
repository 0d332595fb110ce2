"""Which log the numbers come from, and over which span."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import streamlit as st

from pages._ui import lake, show, source
from pages._ui.i18n import _, later
from pipeline import Window

YOUNG_DAYS, HOURS = 3, 24
OWN, SAMPLE = "own", "sample"
NAMES = {OWN: later("My data"), SAMPLE: later("Sample")}


@dataclass(frozen=True)
class Choice:
    """What the person chose: the sample or their own log, and how many days of it."""

    is_sample: bool
    days: int


@dataclass(frozen=True)
class Log:
    """A log and a window on it; `edition` changes whenever the log does.

    A young log has no two whole days yet: its course is told by the hour.
    """

    window: Window
    edition: int
    is_sample: bool
    is_young: bool = False

    @property
    def course(self) -> Window:
        """What lines and bars are drawn over."""
        if not self.is_young:
            return self.window
        start = self.window.end - timedelta(hours=HOURS)
        return Window(start, self.window.end, zone=self.window.zone, grain="hour")

    @property
    def before(self) -> Window:
        """The span of the same length before the window."""
        now = self.course
        return Window(now.start - (now.end - now.start), now.start, zone=now.zone, grain=now.grain)


def switch() -> bool:
    """A switch between the two when both are there; whether the sample is wanted."""
    if not lake.sample_is_there():
        return False
    wanted = st.segmented_control(
        _("Data"),
        [OWN, SAMPLE],
        key="log",
        default=OWN,
        required=True,
        format_func=lambda code: _(NAMES[code]),
        label_visibility="collapsed",
    )
    return wanted == SAMPLE


def chosen(choice: Choice) -> Log | None:
    """The log to show; None when the seller's own has nothing in it yet."""
    is_sample = choice.is_sample
    con = lake.cursor(sample=is_sample)
    if con is None:
        return None
    row = con.execute('SELECT min("at"), max("at") FROM messages').fetchone()
    if row is None or row[0] is None:
        return None
    first, last = (moment.replace(tzinfo=UTC) for moment in row)
    now = last + timedelta(hours=1) if is_sample else datetime.now(UTC)
    window = Window.last(choice.days, now=now, zone=str(show.zone()))
    edition = lake.edition(sample=is_sample)
    return Log(window, edition, is_sample, is_young=now - first < timedelta(days=YOUNG_DAYS))


def badge(log: Log) -> None:
    """Nobody may take the sample for their own numbers."""
    if log.is_sample:
        st.warning(
            _("**This is a sample**: made-up clients, to show what the page will look like."),
            icon=":material/science:",
        )


def nothing_yet() -> None:
    """Says what to do while there are no numbers."""
    with st.container(border=True, key="card_no_numbers"):
        st.subheader(_("No numbers yet"), anchor=False)
        st.markdown(
            _(
                "They come with the first client who writes. Connect an account and switch listings on."
            )
            if not source.accounts()
            else _("They come with the first client who writes.")
        )
        if lake.sample_is_there():
            st.button(
                _("Show a sample: a month of history"),
                icon=":material/science:",
                type="primary",
                key="show_sample",
                on_click=lambda: st.session_state.update(log=SAMPLE),
            )
        else:
            st.caption(_("To see a sample, make one: `.venv/bin/python -m pipeline sample`"))
