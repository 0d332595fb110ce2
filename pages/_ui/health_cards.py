"""The parts of the health page."""

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape

import streamlit as st

from bot.client import Account, BotError, Check, Health, Job, Notice, State
from pages._ui import show, source, text, trouble, words
from pages._ui.i18n import _, later
from pages._ui.text import plain
from pages._ui.words import word

JOBS = {
    "token_renewal": later("Renewing access"),
    "listing_sync": later("Reading listings"),
    "webhook_check": later("Checking the webhook"),
    "statistics": later("Statistics from Avito"),
    "forgetting": later("Forgetting what is older than the retention says"),
    "resealing": later("Sealing secrets with the newest key"),
    "log_maintenance": later("Tidying the event log"),
    "data_checks": later("Checking that the event log is sound"),
    "budget_settling": later("Counting what the model cost"),
    "watching": later("Looking for troubles that last"),
    "sweep": later("Looking for missed messages"),
}


def verdict(health: Health, state: State) -> None:
    """One sentence on top: is it well, and since when."""
    since = ""
    if state.started_at:
        since = _("Version {version}, running for {time}.").format(
            version=state.version,
            time=show.span((datetime.now(UTC) - state.started_at).total_seconds()),
        )
    broken = [word(words.CHECKS, name) for name, check in health.checks.items() if not check.ok]
    if health.status == "ok":
        st.success(f"**{_('Everything works.')}** {since}", icon=":material/check_circle:")
    else:
        named = ", ".join(broken)
        said = _("Trouble with: {names}.").format(names=named)
        if health.status == "down":
            st.error(f"**{_('The assistant cannot work.')}** {said}", icon=":material/error:")
        else:
            st.warning(
                f"**{_('The assistant works with difficulty.')}** {said} {since}",
                icon=":material/warning:",
            )


def notices(state: State, *, may_dismiss: bool) -> None:
    """What somebody should know; each is dismissed on its own."""
    for notice in [n for n in state.notices if not n.seen]:
        with (
            st.container(border=True, key=f"card_notice_{notice.id}"),
            st.container(horizontal=True, vertical_alignment="center"),
        ):
            detail = f"  \n:small[:gray[{plain(notice.detail)}]]" if notice.detail else ""
            st.markdown(
                f":orange[:material/notifications:] **{word(words.NOTICES, notice.kind)}** "
                f":gray[{show.moment(notice.at)}]{detail}",
                width="stretch",
            )
            if may_dismiss:
                st.button(_("Seen"), key=f"seen-{notice.id}", on_click=_dismiss, args=(notice,))


def checks(health: Health) -> None:
    with st.grid("auto", min_column_width=160, gap="small", key="checks"):
        for name, check in health.checks.items():
            mark = ":green[:material/check_circle:]" if check.ok else ":red[:material/cancel:]"
            with st.container(
                border=True, key=f"card_check_{name}", gap="xxsmall", height="stretch"
            ):
                st.markdown(f"{mark} **{word(words.CHECKS, name)}**")
                st.caption(_check_in_words(check))


def _check_in_words(check: Check) -> str:
    """What works needs no words of the bot's; what does not is told as the bot tells it."""
    if check.ok:
        return _("not used yet") if check.detail == "not used yet" else _("works")
    return plain(check.detail or "") or _("broken")


def queues(state: State) -> None:
    about, ages = state.queues, state.ages
    lag = state.lake.lag_s
    with st.grid("auto", min_column_width=160, gap="small", key="queues"):
        _number(_("Chats that wait"), about.waiting_chats, ages.oldest_waiting_s)
        _number(_("Replies on their way"), about.open_replies, ages.oldest_open_reply_s)
        _number(_("Leads on their way"), about.open_leads, None)
        _number(
            _("Not in the log yet"),
            about.unpublished_events,
            ages.oldest_unpublished_event_s,
        )
        behind = _("up to date") if state.lake.ok and (lag or 0) < 5 else None
        st.metric(
            _("The log is behind by"),
            show.span(lag or 0),
            border=True,
            height="stretch",
            delta=behind or plain(state.lake.detail or "") or None,
            delta_color="green" if behind else "orange",
            delta_arrow="off",
        )


def replies(state: State) -> None:
    with st.container(border=True, key="card_replies", height="stretch"):
        st.subheader(_("Replies"), anchor=False)
        text.rows(
            [(word(words.REPLY_STATES, code), show.number(n)) for code, n in state.replies.items()]
        )


def ways_in(state: State) -> None:
    """How messages were found, and how fast Avito's calls are answered."""
    with st.container(border=True, key="card_ways", height="stretch"):
        st.subheader(_("Messages of the last 24 hours"), anchor=False)
        rows = [(word(words.FOUND_BY, way), show.number(n)) for way, n in state.found_24h.items()]
        hook = state.webhook
        if hook.acks and hook.p99_ms is not None:
            rows.append(
                (
                    _("webhook answered within (99 %)"),
                    _("{n} ms").format(n=show.number(hook.p99_ms)),
                )
            )
            rows.append((_("answers slower than 2 s"), show.number(hook.over_2s)))
        if hook.budget_left is not None:
            rows.append(
                (_("error budget left (1 of 1 000 may be slower)"), show.percent(hook.budget_left))
            )
        text.rows(rows)


def access(accounts: Sequence[Account]) -> None:
    """How old each account's key to Avito is, and for how long it still opens."""
    if not accounts:
        return
    with st.container(border=True, key="card_access"):
        st.subheader(_("Access to Avito"), anchor=False)
        text.rows([(account.name, _key_age(account)) for account in accounts])


def _key_age(account: Account) -> str:
    token = account.token
    if token.state != "valid" or token.expires_at is None or token.renewed_at is None:
        return word(words.NOTICES, "needs_reconnect")
    now = datetime.now(UTC)
    return _("renewed {age} ago, good for {left} more").format(
        age=show.span((now - token.renewed_at).total_seconds()),
        left=show.span(max((token.expires_at - now).total_seconds(), 0)),
    )


def jobs(state: State) -> None:
    with st.container(border=True, key="card_jobs"):
        st.subheader(_("Scheduled work"), anchor=False)
        heads = ("", _("Last"), _("Next"))
        head = "".join(
            f"<th{' class=wide' if n == 2 else ''}>{escape(h)}</th>" for n, h in enumerate(heads)
        )
        body = "".join(_job(job) for job in state.jobs)
        st.html(f'<table class="jobs"><tr>{head}</tr>{body}</table>')


def _job(job: Job) -> str:
    name = escape(word(JOBS, job.name))
    kind, mark = ("good", "✓") if job.ok else ("bad", "✕")
    if job.ok is None:
        kind, mark = "", "…"
    detail = f'<div class="bad">{escape(job.detail)}</div>' if job.detail and not job.ok else ""
    return (
        f'<tr><td><span class="{kind}">{mark}</span> {name}{detail}</td>'
        f"<td>{show.moment(job.last_run_at)}</td>"
        f'<td class="wide">{show.moment(job.next_run_at)}</td></tr>'
    )


def _number(label: str, count: int, oldest: float | None) -> None:
    st.metric(
        label,
        show.number(count),
        delta=_("oldest {time}").format(time=show.span(oldest)) if oldest else None,
        delta_color="off",
        delta_arrow="off",
        border=True,
        height="stretch",
    )


def _dismiss(notice: Notice) -> None:
    try:
        source.bot().notice_seen(notice.id)
    except BotError as error:
        trouble.toast(error)
