"""Lines of chats, and what became of each client message."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, literal_column, select, update

from bot.model import SILENT, WireMessage
from bot.store import awaiting, journal, notices
from bot.store.tables import message
from bot.store.upsert import insert_new
from pipeline.events import MessageDeleted, MessageTranscribed, Verdict, VerdictGiven

BY_A_PERSON = frozenset(
    {"human_wrote", "taken", "given_back", "no_answer_needed", "draft_thrown_away"}
)
"""Why messages are left to a person who knows of them."""

# Constants stand in the text of a statement: SQLite uses a partial index only where it reads its condition there.
# Statements of the hot path are built once: building one costs several times as much as running it.
OPEN = (message.c.author == literal_column("'client'")) & message.c.verdict.is_(None)
"""Client messages of which nobody knows yet what becomes of them."""

SPEAKS = message.c.kind.not_in([literal_column(f"'{kind}'") for kind in sorted(SILENT)])
"""Messages with something to answer in them."""

WAITS = OPEN & SPEAKS

_ONE = select(message).where(
    message.c.account_id == bindparam("account"), message.c.id == bindparam("message")
)
_OPEN_IN = (
    select(message)
    .where(message.c.chat_id == bindparam("chat"), WAITS)
    .order_by(message.c.created_at, message.c.no)
)
_OF_DIALOG = (
    select(message)
    .where(message.c.chat_id == bindparam("chat"), message.c.dialog_no == bindparam("dialog"))
    .order_by(message.c.created_at.desc(), message.c.no.desc())
    .limit(bindparam("most"))
)
_ATTRIBUTE = (
    update(message)
    .where(message.c.account_id == bindparam("account"), message.c.id == bindparam("message"))
    .values(author=bindparam("by"), reply_id=bindparam("reply"))
)
_COVERED_BY = (
    select(message)
    .where(message.c.reply_id == bindparam("reply"), OPEN)
    .order_by(message.c.created_at, message.c.no)
)
_JUDGE = (
    update(message)
    .where(message.c.no == bindparam("the_no"), OPEN)
    .values(
        verdict=bindparam("is"),
        verdict_reason=bindparam("why"),
        verdict_at=bindparam("now"),
        reply_id=bindparam("reply"),
    )
)


def add(
    tx: Connection,
    news: WireMessage,
    where: Row[Any],
    *,
    author: str,
    found_by: str,
    received_at: datetime,
) -> bool:
    """Takes a message of this chat in; False if it was known, and then nothing is changed."""
    row = {
        "id": news.id,
        "account_id": news.account_id,
        "chat_id": news.chat_id,
        "listing_id": news.listing_id or where.listing_id,
        "dialog_no": where.dialog_no,
        "author": author,
        "kind": news.kind,
        "text": news.text,
        "content": dict(news.content),
        "created_at": news.created_at,
        "received_at": received_at,
        "found_by": found_by,
    }
    return insert_new(tx, message, row)


def one(tx: Connection, account_id: int, message_id: str) -> Row[Any] | None:
    return tx.execute(_ONE, {"account": account_id, "message": message_id}).one_or_none()


def known(tx: Connection, account_id: int, ids: Sequence[str]) -> set[str]:
    """Those of `ids` that we have."""
    rows = tx.scalars(
        select(message.c.id).where(message.c.account_id == account_id, message.c.id.in_(ids))
    )
    return set(rows)


def open_in(tx: Connection, chat_id: str) -> list[Row[Any]]:
    """Client messages that wait for a verdict, oldest first; those that a reply covers already are among them."""
    return list(tx.execute(_OPEN_IN, {"chat": chat_id}))


def of_dialog(tx: Connection, chat_id: str, dialog_no: int, limit: int = 200) -> list[Row[Any]]:
    """The newest lines of one dialog, oldest first."""
    newest = tx.execute(_OF_DIALOG, {"chat": chat_id, "dialog": dialog_no, "most": limit})
    return list(newest)[::-1]


def attribute(
    tx: Connection, account_id: int, message_id: str, author: str, reply_id: str | None
) -> bool:
    """Says who wrote an own message; False if we do not have it."""
    who = {"account": account_id, "message": message_id, "by": author, "reply": reply_id}
    return tx.execute(_ATTRIBUTE, who).rowcount == 1


def deleted(tx: Connection, known_message: Row[Any], by: str, now: datetime) -> None:
    """Notes that a message was taken back."""
    if known_message.deleted_at is None:
        tx.execute(update(message).where(message.c.no == known_message.no).values(deleted_at=now))
        news = MessageDeleted(
            account_id=known_message.account_id,
            chat_id=known_message.chat_id,
            listing_id=known_message.listing_id,
            message_id=known_message.id,
            by=by,  # type: ignore[arg-type]  # the column holds authors only
        )
        journal.record(tx, news, at=now)


def cover(tx: Connection, numbers: Sequence[int], reply_id: str | None) -> None:
    """Says which reply will answer these messages, or that none will after all."""
    tx.execute(update(message).where(message.c.no.in_(numbers)).values(reply_id=reply_id))


def covered_by(tx: Connection, reply_id: str) -> list[Row[Any]]:
    """The open client messages that a reply answers, oldest first."""
    return list(tx.execute(_COVERED_BY, {"reply": reply_id}))


def judge(
    tx: Connection,
    rows: Sequence[Row[Any]],
    verdict: Verdict,
    reason: str | None,
    now: datetime,
    *,
    reply_id: str | None = None,
) -> int:
    """Gives the final verdict to those that have none yet; how many that were."""
    given, what = 0, {"is": verdict, "why": reason, "now": now, "reply": reply_id}
    for row in rows:
        if tx.execute(_JUDGE, {**what, "the_no": row.no}).rowcount:
            given += 1
            news = VerdictGiven(
                account_id=row.account_id,
                chat_id=row.chat_id,
                listing_id=row.listing_id,
                message_id=row.id,
                verdict=verdict,
                reason=reason,
                reply_id=reply_id,
                received_at=row.received_at,
            )
            journal.record(tx, news, at=now)
    if given and verdict in awaiting.LEFT:
        _call_person(tx, rows[-1].chat_id, verdict, reason, now)
    return given


def _call_person(
    tx: Connection, chat_id: str, verdict: str, reason: str | None, now: datetime
) -> None:
    """The messages wait for a person, who should hear of it unless it is a person who left them."""
    awaiting.recount(tx, chat_id)
    if verdict != "off_hours" and reason not in BY_A_PERSON:
        notices.call_person(tx, chat_id, reason or verdict, now)


def answered(tx: Connection, reply_id: str, now: datetime) -> int:
    """The newest message that a reply covers was answered, the older ones were merged into it."""
    rows = covered_by(tx, reply_id)
    judge(tx, rows[:-1], "merged", None, now, reply_id=reply_id)
    return judge(tx, rows[-1:], "answered", None, now, reply_id=reply_id) + len(rows[:-1])


def last_words(tx: Connection, chat_ids: Collection[str]) -> dict[str, str]:
    """What the client wrote last in each of these chats, where it has words."""
    newest = (
        select(func.max(message.c.no))
        .where(message.c.chat_id.in_(chat_ids), message.c.author == "client")
        .group_by(message.c.chat_id)
    )
    rows = tx.execute(select(message.c.chat_id, message.c.text).where(message.c.no.in_(newest)))
    return {row.chat_id: row.text for row in rows if row.text}


def found_since(tx: Connection, since: datetime) -> dict[str, int]:
    """How many client messages became known by which way."""
    rows = tx.execute(
        select(message.c.found_by, func.count())
        .where(message.c.author == "client", message.c.received_at >= since)
        .group_by(message.c.found_by)
    )
    return dict(rows.tuples().all())


def transcribed(tx: Connection, row: Row[Any], text: str, masked: str, now: datetime) -> None:
    """A voice message was put into words; from now on it is a part of the talk. The log has it `masked`."""
    changed = tx.execute(
        update(message)
        .where(message.c.no == row.no, message.c.text.is_(None))
        .values(text=text[:LONGEST_TRANSCRIPT])
    )
    if changed.rowcount:
        news = MessageTranscribed(
            account_id=row.account_id,
            listing_id=row.listing_id,
            chat_id=row.chat_id,
            message_id=row.id,
            text=masked,
        )
        journal.record(tx, news, at=now)


def said_nothing(tx: Connection, row: Row[Any]) -> None:
    """A voice message was listened to, and holds no words: remembered as the text "", so that nobody pays for it again."""
    tx.execute(
        update(message).where(message.c.no == row.no, message.c.text.is_(None)).values(text="")
    )


LONGEST_TRANSCRIPT = 4000
"""Characters of a transcript that are kept."""
