"""What must be true when a day is over, whatever went wrong in it."""

import json
from collections import Counter
from collections.abc import Iterator
from math import inf
from typing import Any

from sqlalchemy import Row, select

from bot.model import SILENT
from bot.store.awaiting import LEFT
from bot.store.tables import chat as chat_table
from bot.store.tables import draft, event, lead, message, reply, spending
from tests.reliability.fake_avito import BEGIN, Line
from tests.reliability.fake_others import WORST
from tests.reliability.town import Town

AT_ONCE = 1e-6


def broken(town: Town) -> list[str]:
    """Every promise that this day broke, in words."""
    with town.engine.connect() as tx:
        day = Day(
            town,
            tx.execute(select(message)).all(),
            tx.execute(select(reply)).all(),
            tx.execute(select(event).order_by(event.c.no)).all(),
            tx.execute(select(lead)).all(),
            tx.execute(select(spending)).all(),
            tx.execute(select(chat_table)).all(),
            tx.execute(select(draft)).all(),
        )
    return [problem for promise in PROMISES for problem in promise(day)] + town.falls


class Day:
    """A day, looked back at."""

    def __init__(
        self,
        town: Town,
        messages: Any,
        replies: Any,
        events: Any,
        leads: Any,
        spending: Any,
        chats: Any,
        drafts: Any,
    ) -> None:
        self.town = town
        self.lines = [line for chat in town.avito.lines.values() for line in chat]
        self.messages: dict[str, Row[Any]] = {row.id: row for row in messages}
        self.replies: dict[str, Row[Any]] = {row.id: row for row in replies}
        self.leads = leads
        self.spending = spending
        self.chats = chats
        self.drafts = drafts
        self.events: list[tuple[Row[Any], dict[str, Any]]] = [
            (row, json.loads(row.body)) for row in events
        ]

    def told(self, kind: str) -> list[tuple[Row[Any], dict[str, Any]]]:
        return [(row, body) for row, body in self.events if row.kind == kind]

    def left(self, reply_id: str) -> list[Line]:
        """What of a reply is in the chat now."""
        return [line for line in self.lines if line.by == reply_id and not line.deleted]


def each_message_has_one_verdict(day: Day) -> Iterator[str]:
    given = Counter(row.message_id for row, _ in day.told("verdict.given"))
    for line in day.lines:
        if line.by != "client":
            continue
        row, wanted = day.messages.get(line.id), 0 if line.kind in SILENT else 1
        if row is None:
            yield f"never heard of {line}"
        elif (row.verdict is not None) != bool(wanted) or given[line.id] != wanted:
            yield f"verdict {row.verdict}, told {given[line.id]} times, of {line}"


def each_verdict_has_its_cause(day: Day) -> Iterator[str]:
    """Nothing is left to a person where there was none, and nothing is off where the assistant is on."""
    town = day.town
    for row in day.messages.values():
        persons = any(line.by == "person" for line in town.avito.lines[row.chat_id]) or any(
            reply.author == "human_dashboard" and reply.chat_id == row.chat_id
            for reply in day.replies.values()
        )
        handed_over = any(reply.hand_off for reply in day.replies.values())
        match row.verdict, row.verdict_reason:
            case "off", _:
                sound = row.chat_id in town.switched_off
            case _, "human_wrote":
                sound = persons
            case _, "too_old":
                age = (row.verdict_at - row.created_at).total_seconds()
                sound = age > town.plan.answer_within_minutes * 60
            case "left_to_human", "asked_for_human":
                sound = True
            case "left_to_human", "draft" | "draft_thrown_away":
                sound = town.plan.drafts
            case "left_to_human", reason:
                known = ("model_failed", "unknown_outcome", "too_many_replies")
                sound = reason in known or handed_over
            case _:
                sound = row.verdict != "failed" or row.verdict_reason == "reply_refused"
        if not sound:
            yield f"verdict {row.verdict}, {row.verdict_reason}, of {row.text} in {row.chat_id}"


def each_reply_came_to_its_end(day: Day) -> Iterator[str]:
    for row in day.replies.values():
        if row.state not in ("sent", "dropped") or row.next_at or row.audit_at:
            yield f"reply {row.id} is still {row.state}, audit {row.audit_at}"


def each_reply_is_in_the_chat_once(day: Day) -> Iterator[str]:
    for row in day.replies.values():
        left = day.left(row.id)
        if len(left) != (row.state == "sent"):
            yield f"{row.state} reply {row.id} of {row.attempts} attempts is there {len(left)} times"
        elif left and left[0].id != row.sent_message_id:
            yield f"reply {row.id} is {left[0].id}, not {row.sent_message_id}"


def no_message_is_answered_twice(day: Day) -> Iterator[str]:
    answers = Counter(id for line in day.lines if not line.deleted for id in line.covers)
    for message_id, times in answers.items():
        if times > 1:
            yield f"{times} replies answer {day.messages[message_id].text}"


def each_answer_was_written_with_the_question_in_view(day: Day) -> Iterator[str]:
    drafted = {row.id: row.model for row in day.drafts}  # a mended draft is a person's reply
    for row in day.messages.values():
        if row.verdict in ("answered", "merged") and row.kind == "text":
            by = day.replies[row.reply_id].model or drafted[row.reply_id]
            prompt = day.town.model.prompts[by]
            if row.text[:11] not in prompt:
                yield f"{row.reply_id} answers {row.text}, which the model never saw"


def nobody_is_talked_over(day: Day) -> Iterator[str]:
    """No attempt of the assistant's is committed after the bot could know of a person's words in the chat."""
    attempts = [(row, float(row.at.timestamp() - BEGIN)) for row, _ in day.told("reply.attempted")]
    for line in day.lines:
        if (known_at := _person_known_at(day, line)) is None:
            continue
        until = _quiet_until(day, line, known_at)
        for row, at in attempts:
            theirs = day.replies[json.loads(row.body)["reply_id"]].author == "assistant"
            if theirs and row.chat_id == line.chat_id and known_at + AT_ONCE < at < until:
                yield f"{row.chat_id}: attempt at {at} after {line}"


def _person_known_at(day: Day, line: Line) -> float | None:
    """When the bot could know of a person's line; None if it is nobody's, or a mended draft: that takes no chat."""
    if any(line.by == row.id for row in day.drafts):
        return None
    if line.by in day.replies:
        row = day.replies[line.by]
        return row.created_at.timestamp() - BEGIN if row.author == "human_dashboard" else None
    return line.known_at if line.by == "person" else None


def _quiet_until(day: Day, line: Line, known_at: float) -> float:
    """When the assistant may speak again: the pause is over, or the chat was given back."""
    given_back = [
        float(row.at.timestamp() - BEGIN)
        for row, _ in day.told("chat.given_back")
        if row.chat_id == line.chat_id
    ]
    began = line.at if line.by == "person" else known_at
    pause = began + day.town.plan.pause_hours * 3600
    return min([pause, *(at for at in given_back if at > known_at)], default=inf)


def a_draft_is_said_only_on_a_managers_word(day: Day) -> Iterator[str]:
    """Each of the assistant's answers was a draft that somebody decided to send, and each of those became one."""
    if not day.town.plan.drafts:
        return
    sent = {row.id for row in day.drafts if row.state == "sent" and row.decided_by == "anna"}
    for row in day.replies.values():
        if row.author == "assistant" and row.kind != "follow_up" and row.id not in sent:
            yield f"reply {row.id} was no manager's wish"
    yield from (f"draft {id} was sent, and is no reply" for id in sent - day.replies.keys())
    undone = day.town.decided - {row.id for row in day.drafts if row.decided_by == "anna"}
    yield from (f"a manager's word about draft {id} was lost" for id in undone)


def nobody_repeats_what_a_person_has_answered(day: Day) -> Iterator[str]:
    """Not even when the chat was given back: the person's words were the answer to these questions."""
    at = {line.id: line.at for line in day.lines}
    for said in day.lines:
        if said.by not in day.replies or day.replies[said.by].author != "assistant":
            continue
        if not said.covers:
            continue  # a follow-up has a promise of its own
        asked = max(at[id] for id in said.covers)
        for line in day.town.avito.lines[said.chat_id]:
            known_at = _person_known_at(day, line)
            if known_at is None or known_at + AT_ONCE >= said.attempted_at:
                continue
            if (line.at if line.by == "person" else known_at) > asked + 1:
                yield f"{said} after {line}"


def nobody_elses_words_are_deleted(day: Day) -> Iterator[str]:
    for line in day.lines:
        if line.deleted and line.by not in day.replies:
            yield f"deleted {line}"


def each_author_is_known(day: Day) -> Iterator[str]:
    for line in day.lines:
        row = day.messages.get(line.id)
        if row is None:
            yield f"never heard of {line}"
            continue
        author = day.replies[line.by].author if line.by in day.replies else line.by
        if row.author != {"person": "human_app"}.get(author, author):
            yield f"{row.author} is said to have written {line}"


def replies_keep_their_order(day: Day) -> Iterator[str]:
    for chat in day.town.avito.lines.values():
        said = [line for line in chat if line.by in day.replies and not line.deleted]
        made = [day.replies[line.by].created_at for line in said]
        if made != sorted(made):
            yield f"replies out of order in {chat[0].chat_id}"


def events_agree_with_the_tables(day: Day) -> Iterator[str]:
    by_state = {
        "reply.intended": list(day.replies),
        "reply.sent": [row.id for row in day.replies.values() if row.state == "sent"],
        "reply.dropped": [row.id for row in day.replies.values() if row.state == "dropped"],
    }
    for kind, expected in by_state.items():
        told = sorted(body["reply_id"] for _, body in day.told(kind))
        if told != sorted(expected):
            yield f"{kind} tells of {told}, the table of {sorted(expected)}"
    for row, body in day.told("verdict.given"):
        if body["verdict"] != day.messages[row.message_id].verdict:
            yield f"verdict {body['verdict']} of {row.message_id} was told"
    heard = Counter(
        row.message_id for row, _ in day.told("message.received") + day.told("message.sent")
    )
    if heard != Counter(list(day.messages)):
        yield f"messages told more or less than once: {heard - Counter(list(day.messages))}"


def each_lead_is_at_the_crm_once(day: Day) -> Iterator[str]:
    for row in day.leads:
        if row.state not in ("sent", "failed"):
            yield f"lead {row.id} is {row.state}"
        elif row.state == "sent" and day.town.crm.leads.get(row.idempotency_key) != row.crm_lead_id:
            yield f"lead {row.id} is not at the CRM"


def a_follow_up_is_wanted_and_said_once(day: Day) -> Iterator[str]:
    """At most two to one silence, by day, each tried once whatever came of it; never after words that the bot could know of."""
    since_the_client: Counter[tuple[str, float]] = Counter()
    for row in (one for one in day.replies.values() if one.kind == "follow_up"):
        chat = day.town.avito.lines[row.chat_id]
        if row.attempts > 1:
            yield f"follow-up {row.id} was tried {row.attempts} times"
        if not row.attempts:
            continue
        tried = row.started_at.timestamp() - BEGIN
        known = [one for one in chat if one.at < tried - AT_ONCE and one.known_at + AT_ONCE < tried]
        spoken = [one for one in known if one.kind not in SILENT]
        asked = max((one.at for one in spoken if one.by == "client"), default=0.0)
        late = [one for one in spoken if one.by == "person" and one.at > asked]
        ours = [one.at for one in chat if one.by in day.replies and one.by != row.id]
        if late or not any(moment > asked - 1 for moment in ours):
            yield f"follow-up {row.id} after {late or asked}"
        if not 7 <= (BEGIN + tried) / 3600 % 24 < 17:  # 10 to 20 o'clock in Moscow
            yield f"follow-up {row.id} at {tried}, when people sleep"
        since_the_client[row.chat_id, asked] += 1
    for silence, times in since_the_client.items():
        if times > 2:
            yield f"{times} follow-ups to the silence {silence}"


def who_waits_for_a_person_is_known(day: Day) -> Iterator[str]:
    """A chat is on the list exactly while words that were left to a person have no answer, or a hand-off is not taken."""
    for chat in day.chats:
        said = [line for line in day.town.avito.lines.get(chat.id, []) if not line.deleted]
        at = {line.id: line.at for line in said}
        own = [line.at for line in said if line.by != "client" and line.kind not in SILENT]
        left = [
            at[row.id]
            for row in day.messages.values()
            if row.chat_id == chat.id and row.verdict in LEFT and row.id in at
        ]
        waits = any(moment > max(own, default=-inf) + 1 for moment in left)
        done = all(moment < max(own, default=-inf) - 1 for moment in left)
        if (waits or chat.handed_off_at) and chat.awaited_since is None:
            yield f"{chat.id} waits for a person, and nobody knows"
        if done and not chat.handed_off_at and chat.awaited_since is not None:
            yield f"{chat.id} is said to wait since {chat.awaited_since}"


def no_chat_hears_too_much_in_an_hour(day: Day) -> Iterator[str]:
    for chat in day.town.avito.lines.values():
        said = [
            line.attempted_at
            for line in chat
            if line.by in day.replies and day.replies[line.by].author == "assistant"
        ]
        most = day.town.plan.replies_per_hour
        for first, later in zip(said, said[most:], strict=False):
            if later - first < 3600:
                yield f"{chat[0].chat_id}: more than {most} replies from {first} to {later}"


def what_the_model_cost_is_counted(day: Day) -> Iterator[str]:
    """Never less than it was, and never more than each call may have cost, whoever died on the way."""
    counted = sum(row.micro + row.held_micro for row in day.spending if len(row.period) == 7)
    calls = sum(row.calls for row in day.spending if len(row.period) == 7)
    if not day.town.model.cost <= counted <= calls * WORST.micro:
        yield f"{counted} counted for {calls} calls that cost {day.town.model.cost}"


PROMISES = (
    each_message_has_one_verdict,
    each_verdict_has_its_cause,
    each_reply_came_to_its_end,
    each_reply_is_in_the_chat_once,
    no_message_is_answered_twice,
    each_answer_was_written_with_the_question_in_view,
    nobody_is_talked_over,
    a_draft_is_said_only_on_a_managers_word,
    nobody_repeats_what_a_person_has_answered,
    nobody_elses_words_are_deleted,
    each_author_is_known,
    replies_keep_their_order,
    events_agree_with_the_tables,
    each_lead_is_at_the_crm_once,
    a_follow_up_is_wanted_and_said_once,
    who_waits_for_a_person_is_known,
    no_chat_hears_too_much_in_an_hour,
    what_the_model_cost_is_counted,
)
