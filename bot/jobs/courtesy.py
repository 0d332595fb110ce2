"""A kind request to write, to voice or a picture alone; once a dialog, and only where the seller wants it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from bot.model import Draft, LeadFields

VERSION = "courtesy-1"
"""Stands in the place of a prompt's version: no model wrote these words."""

_VOICE = "Здравствуйте! Голосовые сообщения я прослушать не могу. Напишите, пожалуйста, текстом — сразу отвечу."
_PICTURE = "Здравствуйте! Фото я, к сожалению, не вижу. Напишите, пожалуйста, словами, что на нём и чем помочь."
_OTHER = "Здравствуйте! Вложение у меня не открывается. Напишите, пожалуйста, словами, чем помочь."
_ALL = (_VOICE, _PICTURE, _OTHER)


def is_due(lines: Sequence[Row[Any]]) -> bool:
    """Whether it was not asked yet in this dialog."""
    return not any(row.author != "client" and row.text in _ALL for row in lines)


def draft(burst: Sequence[Row[Any]]) -> Draft:
    """The request that fits what came last."""
    kind = burst[-1].kind
    text = {"voice": _VOICE, "image": _PICTURE}.get(kind, _OTHER)
    return Draft(text, "other", LeadFields(), False, None, "", 0, 0, 0.0, 0)
