"""The page that everybody may see."""

import functools
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import quote

from pages._ui import i18n
from pages._ui.door.methods import Methods
from pages._ui.i18n import later
from pages._ui.settings import Settings

HOW_TO = {
    "JWT_SECRET": later("run `.venv/bin/python -m bot secrets` and copy the line into .env.avito"),
    "AVITO_API_URL": later("the address of the bot, like http://127.0.0.1:3001"),
    "DASHBOARD_PORT": later("a number, like 8501"),
}
TROUBLE = {
    "wrong": later("This password does not fit. Try again."),
    "too_many": later("Too many tries. Wait five minutes and try again."),
    "over": later("Your session is over. Log in again."),
    "provider": later("The login service did not confirm you. Try again."),
    "stranger": later("This address has no access here. Ask the owner to add it."),
}


@functools.cache
def _template() -> Template:
    return Template(Path(__file__).with_name("login.html").read_text(encoding="utf-8"))


def form(language: str, wanted: str, trouble: str, *, with_openid: bool) -> str:
    """The login page; `wanted` is the path to go to afterwards, `trouble` a key of TROUBLE."""
    _ = i18n.catalogue(language).gettext
    action = f"?next={quote(wanted)}" if wanted != "/" else ""
    said = _(TROUBLE[trouble]) if trouble in TROUBLE else ""
    alert = f'<p class="alert" role="alert">{escape(said)}</p>' if said else ""
    if with_openid:
        body = f'<a class="button" href="/login/openid{action}">{_("Log in with your account")}</a>'
    else:
        body = (
            f'<form method="post" action="/login{action}">'
            f'<label for="password">{_("Password")}</label>'
            '<input id="password" name="password" type="password" required autofocus'
            ' autocomplete="current-password">'
            f'<button type="submit">{_("Log in")}</button></form>'
        )
    return _page(
        language, _("Log in"), _("To your chats, listings and numbers"), alert + body, wanted
    )


def not_ready(language: str, settings: Settings, methods: Methods) -> str:
    """What to set before anybody can log in."""
    _ = i18n.catalogue(language).gettext
    if settings.problems:
        rows = "".join(
            f"<li><code>{name}</code>: {_code(_(HOW_TO[name]))}</li>" for name in settings.problems
        )
        lead = _(
            "These settings are missing or unusable. Set them in .env.avito beside app.py "
            "and start the dashboard again:"
        )
        body = f"<ul>{rows}</ul>"
    elif methods.problem:
        lead, body = _("The login is set up, but not usable:"), f"<p>{escape(methods.problem)}</p>"
    else:
        lead = _("No way to log in is set up yet. Make a password:")
        how = _(
            "Put the line that it prints into .env.avito as `DASHBOARD_PASSWORD_HASH` and "
            "start the dashboard again. Or set up OpenID Connect: a section `[auth]` in "
            ".streamlit/secrets.toml."
        )
        body = f"<pre>.venv/bin/python -m bot password</pre><p>{_code(how)}</p>"
    return _page(language, _("Almost ready"), lead, body, "/")


def _page(language: str, title: str, lead: str, body: str, wanted: str) -> str:
    _ = i18n.catalogue(language).gettext
    switch = "".join(
        f'<a href="?lang={code}{f"&amp;next={quote(wanted)}" if wanted != "/" else ""}"'
        f"{' aria-current=true' if code == language else ''}>{code.upper()}</a>"
        for code in i18n.LANGUAGES
    )
    return _template().substitute(
        lang=language,
        title=escape(title),
        lead=escape(lead),
        body=body,
        switch=switch,
        product=_("Assistant"),
        claim=_("Every client gets an answer"),
        claim_more=_(
            "The assistant answers on Avito day and night, asks for the phone number and "
            "calls a person when one is needed."
        ),
        question=_("Good evening! Can you come tomorrow?"),
        answer=_("Good evening! Yes, tomorrow from 10 to 18. What is your address?"),
        thanks=_("Great, writing it down"),
    )


def _code(text: str) -> str:
    """Backticks as <code>."""
    parts = escape(text).split("`")
    return "".join(f"<code>{p}</code>" if i % 2 else p for i, p in enumerate(parts))
