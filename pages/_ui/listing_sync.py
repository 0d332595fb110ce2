"""Reading the listings from Avito, with a bar that tells how far it is."""

import threading
from dataclasses import dataclass

import streamlit as st

from bot.client import BotClient, BotError, Synced
from pages._ui import show, source, trouble
from pages._ui.i18n import _, n_


@dataclass
class Job:
    """A sync under way in a thread of its own; the session keeps it until its end was told."""

    answer: Synced | None = None
    error: BotError | None = None
    ended: bool = False

    def run(self, bot: BotClient) -> None:
        try:
            self.answer = bot.sync_listings()
        except BotError as error:
            self.error = error
        finally:
            self.ended = True


def button() -> None:
    st.button(
        _("Sync with Avito"),
        key="sync",
        icon=":material/sync:",
        on_click=_start,
        disabled="sync_job" in st.session_state,
    )


def progress() -> None:
    """The bar while it runs; then its end in words, told by a run of the whole page: what a part of it
    says just before everything is drawn anew may never be seen."""
    if ended := st.session_state.pop("sync_ended", None):
        _tell(ended)
    if "sync_job" in st.session_state or any(a.sync.running for a in source.accounts()):
        _bar()


@st.fragment(run_every=0.7)
def _bar() -> None:
    job: Job | None = st.session_state.get("sync_job")
    source.forget_accounts()
    running = [account.sync for account in source.accounts() if account.sync.running]
    if (job is None or job.ended) and not running:
        st.session_state["sync_ended"] = st.session_state.pop("sync_job", None)
        st.rerun()
    done = sum(sync.done for sync in running)
    total = sum(sync.total or 0 for sync in running)
    if total:
        text = _("Reading listings: {done} of {total}").format(
            done=show.number(done), total=show.number(max(total, done))
        )
        st.progress(min(done / total, 1.0), text)
    else:
        text = _("Reading listings: {done} so far").format(done=show.number(done))
        st.progress(1 - 1 / (1 + done / 50), text)


def _start() -> None:
    job = Job()
    st.session_state["sync_job"] = job
    threading.Thread(target=job.run, args=(source.bot(),), daemon=True).start()


def _tell(job: Job) -> None:
    if job.error:
        trouble.toast(job.error)
    elif job.answer:
        said = n_("{n} listing read", "{n} listings read", job.answer.total)
        st.toast(said.format(n=show.number(job.answer.total)), icon=":material/check:")
