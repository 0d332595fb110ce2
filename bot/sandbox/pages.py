"""The pages that a person sees in the sandbox's Avito."""

from collections.abc import Mapping, Sequence
from html import escape

from bot.sandbox.records import Account

_RIGHTS = {
    "messenger:read": "Читать сообщения",
    "messenger:write": "Отправлять сообщения",
    "user:read": "Видеть профиль",
    "user_balance:read": "Видеть баланс",
    "user_operations:read": "Видеть историю операций",
    "items:info": "Видеть объявления",
    "items:apply_vas": "Подключать услуги продвижения",
    "stats:read": "Видеть статистику объявлений",
    "ratings:read": "Видеть рейтинг и отзывы",
    "ratings:write": "Отвечать на отзывы",
}

_STYLE = """
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#5b6570;--line:#e3e6ea;--card:#fff;--back:#f3f4f6;
--go:#0077c2;--go-ink:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#f2f4f6;--soft:#a2acb7;--line:#343a41;--card:#1e2227;
--back:#14171a}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;padding:16px;
background:var(--back);color:var(--ink);font:16px/1.5 system-ui,"Segoe UI",Roboto,Arial,sans-serif}
main{width:100%;max-width:440px;background:var(--card);border:1px solid var(--line);
border-radius:16px;padding:32px}
h1{font-size:24px;line-height:1.25;margin:0 0 8px}p{margin:0 0 20px;color:var(--soft)}
h2{font-size:14px;margin:24px 0 8px;color:var(--soft);font-weight:600}
ul{margin:0;padding:0;list-style:none}li{padding:4px 0 4px 26px;position:relative}
li:before{content:"✓";position:absolute;left:2px;color:var(--go);font-weight:700}
fieldset{border:0;padding:0;margin:0}
label{display:flex;gap:12px;align-items:center;border:1px solid var(--line);border-radius:10px;
padding:12px 14px;margin-bottom:8px;cursor:pointer}label:has(:checked){border-color:var(--go)}
label small{display:block;color:var(--soft)}input{accent-color:var(--go);width:18px;height:18px}
.row{display:flex;gap:12px;margin-top:28px}
button{flex:1;font:inherit;font-weight:600;border-radius:10px;padding:12px;cursor:pointer;
border:1px solid var(--line);background:transparent;color:var(--ink)}
button.go{background:var(--go);border-color:var(--go);color:var(--go-ink)}
footer{margin-top:20px;font-size:13px;color:var(--soft)}
"""


def consent_page(asked: Mapping[str, str], accounts: Sequence[Account]) -> str:
    """The page that asks the owner; the question's parameters travel in hidden fields."""
    kept = ("response_type", "client_id", "scope", "state", "redirect_uri")
    hidden = "".join(_hidden(name, asked[name]) for name in kept if name in asked)
    scopes = asked.get("scope", "").replace(" ", ",").split(",")
    rights = "".join(f"<li>{escape(_RIGHTS.get(scope, scope))}</li>" for scope in scopes if scope)
    choices = "".join(_choice(account, first=n == 0) for n, account in enumerate(accounts))
    return _page(
        "Доступ к аккаунту Авито",
        f"""<h1>Приложение просит доступ к вашему аккаунту</h1>
<p>Разрешите доступ, если доверяете приложению. Отозвать его можно в любой момент.</p>
<form method="post" action="/oauth">{hidden}
<h2>Аккаунт</h2><fieldset>{choices}</fieldset>
<h2>Приложение сможет</h2><ul>{rights}</ul>
<div class="row"><button class="go" name="decision" value="allow">Разрешить</button>
<button name="decision" value="deny">Отказать</button></div></form>""",
    )


def error_page(text: str) -> str:
    """The page for a question that cannot be asked; `text` is HTML already."""
    return _page("Ошибка авторизации", f"<h1>Не получилось войти</h1><p>{text}</p>")


def _page(title: str, body: str) -> str:
    note = "<footer>Это песочница, а не настоящий Авито.</footer>"
    return (
        f'<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main>{body}{note}</main></body></html>"
    )


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value, quote=True)}">'


def _choice(account: Account, *, first: bool) -> str:
    return (
        f'<label><input type="radio" name="account_id" value="{account.id}"'
        f"{' checked' if first else ''}><span>{escape(account.name)}"
        f"<small>{escape(account.email)}</small></span></label>"
    )
