"""One chat's messages and replies, told as bubbles."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from bot.client import Chat, Message, Reply
from pages._ui import show, words
from pages._ui.elements.bubbles import Bubble
from pages._ui.i18n import _
from pages._ui.words import word

SIDES = {
    "client": "client",
    "assistant": "assistant",
    "human_app": "human",
    "human_dashboard": "human",
    "avito": "avito",
}
CALM = ("answered", "merged")


def lines(chat: Chat) -> list[Bubble]:
    """The bubbles, oldest first: a line per day, the messages, then replies still on their way."""
    replies = {reply.id: reply for reply in chat.replies}
    told: list[Bubble] = []
    for day, messages in groupby(chat.messages, key=lambda message: show.day(message.at)):
        told.append({"id": f"day-{day}", "side": "day", "text": day})
        told += [_line(message, replies) for message in messages]
    return told + list(_on_their_way(chat))


def _line(message: Message, replies: Mapping[str, Reply]) -> Bubble:
    side = SIDES.get(message.author, "avito")
    reply = replies.get(message.reply_id or "")
    line: Bubble = {"id": message.id, "side": side, "text": message.text or ""}
    if message.kind not in {"text", "system"}:
        line["kind"] = word(words.KINDS, message.kind)
    if message.image_url:
        line["link"], line["linkText"] = message.image_url, _("open")
    if side == "avito":
        line["text"] = line["text"] or word(words.KINDS, message.kind)
    elif side == "client":
        line["meta"] = " · ".join(filter(None, (show.clock(message.at), _verdict(message, reply))))
        if message.verdict and message.verdict not in CALM:
            line["tone"] = "red" if message.verdict == "failed" else "orange"
    else:
        line["meta"] = f"{word(words.AUTHORS, message.author)} · {show.clock(message.at)}"
        if side == "assistant" and reply:
            line["more"], line["facts"] = _("what it was thinking"), _thoughts(reply)
    return line


def from_log(row: Mapping[str, Any]) -> Bubble:
    """A bubble from the log: text masked, and the verdict beside a client's message."""
    message = Message(
        id=row["message_id"],
        at=row["at"],
        author=row["author"],
        kind=row["kind"],
        text=row["text"],
        verdict=row["verdict"],
        verdict_reason=row["reason"],
    )
    return _line(message, {})


def _verdict(message: Message, reply: Reply | None) -> str:
    """What became of a client's message, and why if it was not answered."""
    if not message.verdict:
        return ""
    said = word(words.VERDICTS, message.verdict)
    if message.verdict in CALM:
        took = reply and reply.sent_at and (reply.sent_at - message.at).total_seconds()
        return _("{what} in {time}").format(what=said, time=show.span(took)) if took else said
    reason = word(words.REASONS, message.verdict_reason)
    return (
        f"{said}: {reason}" if reason and reason != said and message.verdict != "not_text" else said
    )


def _on_their_way(chat: Chat) -> Iterator[Bubble]:
    here = {message.id for message in chat.messages}
    for reply in chat.replies:
        if reply.state in {"sent", "dropped"} and (reply.sent_message_id in here or not reply.text):
            continue
        if reply.state == "sent" and not reply.text:
            continue
        yield {
            "id": reply.id,
            "side": "assistant" if reply.author == "assistant" else "human",
            "text": reply.text or "…",
            "meta": word(words.REPLY_STATES, reply.state),
            "tone": "red" if reply.state in {"unknown", "dropped"} else "",
            "more": _("what it was thinking"),
            "facts": _thoughts(reply) if reply.author == "assistant" else [],
        }


def _thoughts(reply: Reply) -> list[tuple[str, str]]:
    tokens = reply.tokens_in is not None and _("{read} read, {written} written").format(
        read=show.number(reply.tokens_in), written=show.number(reply.tokens_out)
    )
    latency = None if reply.latency_ms is None else show.span(reply.latency_ms / 1000)
    facts = (
        (_("The client wants"), word(words.INTENTS, reply.intent)),
        (_("Answers"), show.messages(len(reply.covers)) if reply.covers else None),
        (_("State"), word(words.REPLY_STATES, reply.state)),
        (_("Prompt"), reply.prompt_version),
        (_("Model"), reply.model),
        (_("Tokens"), tokens or None),
        (_("Cost"), None if reply.cost_rub is None else show.money(reply.cost_rub, 3)),
        (_("Thought for"), latency),
        (_("Attempts"), show.number(reply.attempts) if reply.attempts > 1 else None),
        (_("Trouble"), reply.error),
    )
    return [(name, value) for name, value in facts if value]
