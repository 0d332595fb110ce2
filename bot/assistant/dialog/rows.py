"""Labelled dialogs, judged field by field."""

import re
from collections import Counter
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from bot.assistant.dialog.reading import Reading, read
from bot.assistant.dialog.talk import Said, Talk
from bot.assistant.evaluation import BadRow, Figures, Outcome, Row
from bot.model import LeadFields

_BY_SENSE = "clientComment"
"""Compared by sense, which code cannot: shown, not judged."""


def judge(row: Row) -> Outcome:
    """Runs the production reading over one dialog. Raises BadRow."""
    labels, id = row.get("labels"), row.get("id")
    if not isinstance(labels, dict) or not isinstance(id, str):
        raise BadRow("`id` or `labels` is missing")
    found = as_labels(read(talk_of(row)))
    expected, told = _flat(labels), _flat(found)
    kinds = sorted(set(expected) & set(told) - {_BY_SENSE})
    figures = {name: _compare(expected[name], told[name]) for name in kinds}
    return Outcome(id, [labels], [found], figures)


def lead_figures(labels: dict[str, Any], lead: LeadFields, wants_human: bool) -> dict[str, Figures]:
    """What is known of a lead, and whether a person is called, against the labels of the whole dialog."""
    expected = {**(labels.get("lead") or {}), "wants_human": labels.get("wants_human")}
    told = {**asdict(lead), "wants_human": wants_human}
    kinds = sorted(set(expected) & set(told) - {_BY_SENSE})
    return {name: _compare(expected[name], told[name]) for name in kinds}


def talk_of(row: Row) -> Talk:
    """The dialog of a row; `after_s` counts from the message before. Raises BadRow."""
    try:
        at = datetime.fromisoformat(row["started_at"])
        said = []
        for message in row["messages"]:
            at += timedelta(seconds=message.get("after_s") or 0)
            if message["author"] not in ("client", "seller"):
                raise BadRow("an author is neither client nor seller")
            said.append(Said(message["author"], str(message["text"]), at))
        about = row["listing"]
        return Talk(said, about["title"], about.get("price_rub"), about.get("description") or "")
    except (KeyError, TypeError, ValueError) as error:
        raise BadRow(f"not a dialog ({type(error).__name__}: {error})") from error


def as_labels(reading: Reading) -> dict[str, Any]:
    """A reading in the shape of the labels."""
    return {
        "topic": reading.topic,
        "wants_human": reading.wants_human,
        "lead_ready": reading.lead_ready,
        "lead": asdict(reading.lead),
        "offers": [{"by": one.by, "amount_rub": one.roubles} for one in reading.offers],
        "final_price_rub": reading.final_price,
        "outcome": reading.outcome,
        "language": reading.language,
    }


def _flat(labels: dict[str, Any]) -> dict[str, Any]:
    """The lead's fields beside the others; offers as pairs."""
    flat = {name: value for name, value in labels.items() if name not in ("lead", "offers")}
    offers = [(one["by"], one["amount_rub"]) for one in labels.get("offers") or []]
    return {**flat, **(labels.get("lead") or {}), "offers": offers}


def _compare(expected: Any, found: Any) -> Figures:
    """Lists by their members; what is null or false on both sides counts for nothing."""
    if isinstance(expected, list):
        right = sum((Counter(expected) & Counter(found)).values())
        return Figures(right, len(found) - right, len(expected) - right, right)
    says, tells = expected not in (None, False), found not in (None, False)
    right = int(says and tells and _plain(expected) == _plain(found))
    return Figures(right, int(tells) - right, int(says) - right, right)


def _plain(value: Any) -> Any:
    """Words without case and signs: «ул. Мира, 5» is «ул Мира 5»."""
    if not isinstance(value, str):
        return value
    return re.sub(r"\W+", " ", value.lower().replace("ё", "е")).strip()
