"""When a silent client may be written to once more, and in which words: rules without a clock or a database."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from bot.assistant.instructions import Templates, Used

MOST = 2
"""Follow-ups to one silence, whatever is set."""

LATE = timedelta(hours=24)
"""So long after its moment a follow-up is stale: after an outage nobody is written to about last week."""

VERSION = "follow-up-1"
"""Stands in the place of a prompt's version, before that of the instructions: no model wrote these words."""

WORDS = (
    "Здравствуйте! Подскажите, вопрос ещё актуален? Если удобно, подберём время и ответим на всё, что осталось.",
    "Добрый день! Если решите вернуться к вопросу, просто напишите сюда — поможем.",
)
"""Said where the seller's instructions have no words for it."""


@dataclass(frozen=True)
class Plan:
    """The seller's wish. `after` says how long after the last words each follow-up comes.

    Between `opens` and `closes`, by the client's region's clock, people are awake. `after_lead`: also when a phone is known.
    """

    after: tuple[timedelta, ...]
    opens: time = time(10)
    closes: time = time(20)
    after_lead: bool = False

    def is_awake(self, here: datetime) -> bool:
        return self.opens <= here.time() < self.closes

    def due(self, number: int, since: datetime) -> datetime:
        """When the follow-up of this number comes after words of that moment, both by the region's clock."""
        return self.awake(since + self.after[number])

    def awake(self, moment: datetime) -> datetime:
        """The moment, or the next one at which people are awake."""
        if moment.time() < self.opens:
            return moment.replace(
                hour=self.opens.hour, minute=self.opens.minute, second=0, microsecond=0
            )
        if moment.time() >= self.closes:
            tomorrow = moment + timedelta(days=1)
            return tomorrow.replace(
                hour=self.opens.hour, minute=self.opens.minute, second=0, microsecond=0
            )
        return moment


USUAL = Plan(after=(timedelta(hours=24),))
"""For a listing that is to have follow-ups in an account that has no plan: one, after a day."""


def words(said: Templates, number: int) -> str:
    """What the follow-up of this number (from 0) says, by the instructions that hold; variables are not filled in yet."""
    own = (said.follow_up, said.follow_up_again)
    return own[number] or WORDS[number]


def prompt_version(used: Used) -> str:
    """What a follow-up is made with, by name: `follow-up-1/i17`."""
    return "/".join(filter(None, (VERSION, used.version)))


def read(kept: Mapping[str, Any] | None) -> Plan | None:
    """A plan as the database keeps it; None if there is none, or it asks for no follow-up."""
    if not kept or not kept.get("after_hours"):
        return None
    return Plan(
        after=tuple(timedelta(hours=hours) for hours in kept["after_hours"][:MOST]),
        opens=time.fromisoformat(kept.get("opens", "10:00")),
        closes=time.fromisoformat(kept.get("closes", "20:00")),
        after_lead=bool(kept.get("after_lead")),
    )


_REFUSED = re.compile(
    r"\bне\s?(?:надо|нужно|нужен|нужна|актуальн\w+|интересн\w+|интересует|пишите|беспокойте|звоните|подходит|хочу|буду)\b"
    r"|\bнеактуальн\w+|\bуже (?:нашл\w+|купил\w*|заказал\w*|сделал\w*|решил\w+|вызвал\w*|обработал\w*|не\b)"
    r"|\bнаш(?:ли|ел|ла) (?:друг|дешевле|в другом|уже|себе)|\bкупил\w* (?:в другом|у других|уже)|\bнашли\b\s*$"
    r"|\bстоп\b|\bstop\b|\bотпис\w+|\bотстан\w+|\bхватит\b|\bпередумал\w*|\bотказ(?:ываюсь|ываемся|\b)|\bоткажусь\b"
    r"|\bотбой\b|\bотмен(?:а|яю|ите|яем|яется)\b|\bнет,? спасибо|\bспасибо,? (?:не|нет)\b|\bобойд\w+"
    r"|\bбольше не\b|\bтогда нет\b|\bдорого\b[^.!?\n]{0,20}\bспасибо|\bне сейчас\b|\bвопрос (?:закрыт|решен|снят)"
    r"|\bпроблема (?:ушла|решена)|\bудал(?:ите|яйте)\b|\bпошли вы\b|\bno,? thanks|\bnot interested|\bkerak emas",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"^\W*(?:ок(?:ей)?|ok|хорошо|понял[аи]?|понятно|ясно|ладно|договорились|спасибо\w*|благодар\w+|спс|до (?:свидания|встречи"
    r"|завтра)|жду|ждем|ждём|отлично|супер|принято|всего доброго|пока|👍|🙏|да|нет)"
    r"(?:[\s,.!)🙏👍☺😊]+(?:\w+[\s,.!)🙏👍☺😊]*){0,4})?$",
    re.IGNORECASE,
)


def refused(said: Sequence[str]) -> bool:
    """Whether the client has said in this dialog that they want nothing more. In doubt yes: a follow-up less does no harm."""
    return any(_REFUSED.search(text[-500:].replace("ё", "е").replace("Ё", "Е")) for text in said)


def closed(last: str) -> bool:
    """Whether the client's last words end the talk by themselves: thanks, agreement, a good-bye."""
    return len(last) < 60 and "?" not in last and bool(_CLOSED.match(last.strip()))
