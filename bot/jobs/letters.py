"""What managers read in a notice: what is the matter, where, and the way there; nobody's phone or address."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Row

from bot.assistant.masking import mask
from bot.model import Letter

WORDS = 160
"""Characters of the client's last words that are shown at most."""

MATTERS = {
    "hand_off": "Нужен человек",
    "needs_reconnect": "Аккаунт надо подключить заново",
    "no_messenger": "У аккаунта нет доступа к мессенджеру",
    "webhook_taken": "Другой сервис забирал сообщения",
    "lead_failed": "Заявка не попала в CRM",
    "reply_refused": "Авито не принял ответ",
    "unknown_reply": "Неизвестно, дошёл ли ответ",
    "budget_spent": "Бюджет на модель исчерпан",
    "avito_down": "Авито не отвечает",
    "model_down": "Языковая модель не отвечает",
    "crm_down": "CRM не отвечает",
    "log_stuck": "Журнал событий не пишется",
}
REASONS = {
    "asked_for_human": "клиент просит человека",
    "complaint": "клиент жалуется",
    "angry": "клиент сердится",
    "money_back": "клиент просит вернуть деньги",
    "client_asks": "клиент просит человека",
    "unsure": "ассистент не уверен в ответе",
    "policy": "по правилам отвечает человек",
    "model_hand_off": "ассистент решил, что ответит человек",
    "not_text": "клиент прислал не текст",
    "model_failed": "языковая модель не дала ответа",
    "too_old": "сообщение пришло, пока ассистент не работал",
    "unknown_outcome": "неизвестно, дошёл ли ответ",
    "reply_refused": "Авито не принял ответ",
    "account_unusable": "аккаунт надо подключить заново",
    "budget": "бюджет на модель исчерпан",
    "draft_waits": "черновик ответа ждёт решения",
    "draft": "черновик никто не отправил",
    "too_many_replies": "слишком много ответов за час",
}

_LINK = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:ru|com|рф|net|org|me|info)\b\S*", re.I)


@dataclass(frozen=True)
class Desk:
    """Where managers look further: the dashboard's address, without a slash at the end."""

    dashboard: str

    def chat(self, chat_id: str) -> str:
        return f"{self.dashboard}/chats?{urlencode({'chat': chat_id})}"

    def page(self, name: str) -> str:
        return f"{self.dashboard}/{name}"


def letter(rows: Sequence[Row[Any]], said: Mapping[str, str], desk: Desk) -> Letter:
    """One letter about these notices. `said` has the client's last words by chat, for those that may be shown."""
    told = [_one(row, said.get(row.chat_id), desk) for row in rows]
    subject = _title(rows[0])
    if len(rows) > 1:
        subject = f"{subject} и ещё {len(rows) - 1}"
    return Letter(_key(rows), subject, "\n\n".join(told))


def _one(row: Row[Any], said: str | None, desk: Desk) -> str:
    lines = [_title(row)]
    if row.listing_title:
        lines.append(f"Объявление: {row.listing_title}")
    if said:
        lines.append(f"Клиент: «{shown(said)}»")
    if row.detail:
        lines.append(mask(row.detail)[:400])
    if row.account_name:
        lines.append(f"Аккаунт: {row.account_name}")
    lines.append(desk.chat(row.chat_id) if row.chat_id else desk.page("notices"))
    return "\n".join(lines)


def _title(row: Row[Any]) -> str:
    matter = MATTERS.get(row.kind, row.kind)
    return f"{matter}: {_why(row.reason)}" if row.reason else matter


def _why(reason: str) -> str:
    if reason.startswith("guard:"):
        return "ответ не прошёл проверку фактов"
    return REASONS.get(reason, reason)


def shown(said: str) -> str:
    """The client's words without personal data and without links that a manager might follow."""
    words = _LINK.sub("[ссылка]", " ".join(mask(said).split()))
    return words if len(words) <= WORDS else words[: WORDS - 1] + "…"


def _key(rows: Sequence[Row[Any]]) -> str:
    """The same for the same notices, whoever tells them again."""
    named = ",".join(str(row.notice_id) for row in rows)
    return "notice-" + hashlib.sha256(f"{rows[0].at} {named}".encode()).hexdigest()[:24]
