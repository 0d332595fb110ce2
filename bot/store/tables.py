"""The tables of the operational state. Moments are UTC without a zone in the database, with one in Python."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import DateTime, TypeDecorator


class Moment(TypeDecorator[datetime]):
    """A moment with a zone in Python, in UTC without one in the database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


# SQLite gives a growing number to INTEGER PRIMARY KEY only.
Serial = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

account = Table(
    "account",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("url", Text),
    Column("zone", Text, nullable=False),
    Column("state", Text, nullable=False),  # connected, needs_reconnect, no_messenger, removed
    Column("state_detail", Text),
    Column("scope", Text, nullable=False, server_default=""),
    Column("access_token", Text),  # sealed
    Column("refresh_token", Text),  # sealed
    Column("token_expires_at", Moment),
    Column("token_renewed_at", Moment),
    Column(
        "renewing_until", Moment
    ),  # lease of the process that exchanges the refresh token right now
    Column(
        "webhook_state", Text, nullable=False, server_default="unknown"
    ),  # subscribed, missing, taken, unknown
    Column("webhook_checked_at", Moment),
    Column("webhook_heard_at", Moment),
    Column("working_hours", JSON(none_as_null=True)),  # null: none were set
    Column(
        "follow_ups", JSON(none_as_null=True)
    ),  # the plan of bot.assistant.following; null: none
    Column("connected_by", Text, nullable=False),
    Column("connected_at", Moment, nullable=False),
    Column("listings_synced_at", Moment),
    Column(
        "sync_until", Moment
    ),  # a sync of listings runs until it clears this, or until it is over
    Column("sync_done", Integer, nullable=False, server_default="0"),
    Column("sync_total", Integer),
)

instructions = Table(
    "instructions",
    metadata,
    Column("no", Serial, primary_key=True),  # the version; a row is never changed
    Column("account_id", BigInteger, ForeignKey("account.id"), nullable=False),
    Column("listing_id", BigInteger),  # null: of the whole account
    Column("body", JSON, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("based_on", BigInteger),  # the version that it was made from
    Column("made_by", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Index(None, "account_id", "listing_id", "no"),
    sqlite_autoincrement=True,
)

publication = Table(
    "publication",
    metadata,
    Column("no", Serial, primary_key=True),  # the newest of an account or a listing holds
    Column("account_id", BigInteger, ForeignKey("account.id"), nullable=False),
    Column("listing_id", BigInteger),
    Column("instructions_no", BigInteger, ForeignKey("instructions.no"), nullable=False),
    Column("rolled_back", Boolean, nullable=False, server_default=text("false")),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "account_id", "listing_id", "no"),
    sqlite_autoincrement=True,
)

oauth_state = Table(
    "oauth_state",
    metadata,
    Column(
        "digest", Text, primary_key=True
    ),  # SHA-256 of the state: a copy of the database opens no door
    Column("subject", Text, nullable=False),
    Column("browser", Text),  # digest of the cookie of the browser that it is bound to
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

listing = Table(
    "listing",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("account_id", BigInteger, ForeignKey("account.id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("price", BigInteger),
    Column("status", Text, nullable=False),
    Column("category", Text),
    Column("address", Text),
    Column("url", Text),
    Column(
        "search", Text, nullable=False, server_default=""
    ),  # title and id, folded for the search
    Column("ai_enabled", Boolean, nullable=False, server_default=text("false")),
    Column(
        "mode", Text, nullable=False, server_default="automatic"
    ),  # what it does while it is on, or did last: draft, automatic, unanswered, off_hours
    Column("mode_minutes", Integer, nullable=False, server_default="10"),  # of `unanswered`
    Column("updated_at", Moment, nullable=False),
    Column("follow_ups", Boolean),  # null: as the account says
    Index(None, "account_id", "status"),
)

chat = Table(
    "chat",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account_id", BigInteger, ForeignKey("account.id"), nullable=False),
    Column("listing_id", BigInteger),  # may be unknown to us yet
    Column("listing_title", Text),  # as the chat tells it: the listing may be gone
    Column("listing_price", Text),
    Column("chat_type", Text, nullable=False),
    Column("client_name", Text),
    Column("search", Text, nullable=False, server_default=""),
    Column("described_at", Moment),  # when the client's name and the listing were read from Avito
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),  # moment of the newest message
    Column("dialog_no", Integer, nullable=False, server_default="1"),
    Column("owner", Text, nullable=False, server_default="assistant"),  # assistant, human
    Column("owner_until", Moment),  # null: until given back
    Column("owner_since", Moment),
    Column("owner_reason", Text),
    Column("handed_off_at", Moment),  # by the assistant, and no person has come since
    Column("settled_at", Moment),  # when a person last said that no answer is needed
    Column("follow_up_at", Moment),  # when a silent client may be written to again
    Column("follow_up_decided_at", Moment),  # when it was last decided that there is to be none
    Column("awaited_since", Moment),  # since when a person should look; null: nobody need
    Column(
        "waiting_since", Moment
    ),  # when the first message that has no verdict and no reply reached us
    Column("due_at", Moment),  # when somebody must look at this chat; null: nothing to do
    Column("working", Text),  # what is being done right now: answering, sending
    Column("lease_by", Text),
    Column("lease_until", Moment),
    Column("epoch", BigInteger, nullable=False, server_default="0"),
    Index(
        None,
        "due_at",
        postgresql_where=text("due_at IS NOT NULL"),
        sqlite_where=text("due_at IS NOT NULL"),
    ),
    Index(None, "account_id", "updated_at"),
    Index(None, "updated_at"),
    Index(
        None,
        "awaited_since",
        postgresql_where=text("awaited_since IS NOT NULL"),
        sqlite_where=text("awaited_since IS NOT NULL"),
    ),
)

inbox = Table(
    "inbox",
    metadata,
    Column("no", Serial, primary_key=True),
    Column("account_id", BigInteger, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("done_at", Moment),
    UniqueConstraint("account_id", "message_id"),
    Index(
        "ix_inbox_waiting",
        "no",
        postgresql_where=text("done_at IS NULL"),
        sqlite_where=text("done_at IS NULL"),
    ),
    sqlite_autoincrement=True,
)

message = Table(
    "message",
    metadata,
    Column("no", Serial, primary_key=True),  # order of arrival
    Column("id", Text, nullable=False),
    Column("account_id", BigInteger, ForeignKey("account.id"), nullable=False),
    Column("chat_id", Text, ForeignKey("chat.id"), nullable=False),
    Column("listing_id", BigInteger),
    Column("dialog_no", Integer, nullable=False),
    Column("author", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("text", Text),
    Column("content", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),  # Avito's
    Column("received_at", Moment, nullable=False),  # ours
    Column("found_by", Text, nullable=False),
    Column("deleted_at", Moment),
    Column(
        "reply_id", Text
    ),  # the reply that covers this client message, or that this own message is
    Column("verdict", Text),
    Column("verdict_reason", Text),
    Column("verdict_at", Moment),
    UniqueConstraint("account_id", "id"),
    Index(None, "chat_id", "no"),
    Index(None, "reply_id"),
    Index(
        "ix_message_open",
        "chat_id",
        postgresql_where=text("author = 'client' AND verdict IS NULL"),
        sqlite_where=text("author = 'client' AND verdict IS NULL"),
    ),
    sqlite_autoincrement=True,
)

reply = Table(
    "reply",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account_id", BigInteger, ForeignKey("account.id"), nullable=False),
    Column("chat_id", Text, ForeignKey("chat.id"), nullable=False),
    Column("listing_id", BigInteger),
    Column("author", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("kind", Text, nullable=False, server_default="reply"),  # reply, follow_up
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("refusals", Integer, nullable=False, server_default="0"),
    Column("clean_reads", Integer, nullable=False, server_default="0"),
    Column("next_at", Moment),  # when something must be done about it; null in the end states
    Column(
        "baseline", Text
    ),  # newest message in the chat before the first attempt; "" if there was none
    Column("started_at", Moment),  # of the latest attempt
    Column("audits", Integer, nullable=False, server_default="0"),
    Column("audit_at", Moment),  # when to look for a late twin
    Column("sent_message_id", Text),
    Column("sent_at", Moment),
    Column("error", Text),
    Column("hand_off", Text),  # the reason, if a person must go on after this reply
    Column("intent", Text),
    Column("prompt_version", Text),
    Column("model", Text),
    Column("tokens_in", Integer),
    Column("tokens_out", Integer),
    Column("cost_rub", Float),
    Column("latency_ms", Integer),
    Column("created_at", Moment, nullable=False),
    Column("created_by", Text),
    Index(None, "chat_id", "created_at"),
    Index(None, "account_id", "sent_message_id", unique=True),
    Index(
        "ix_reply_open",
        "chat_id",
        postgresql_where=text("state IN ('intended', 'sending', 'unknown')"),
        sqlite_where=text("state IN ('intended', 'sending', 'unknown')"),
    ),
)

draft = Table(
    "draft",
    metadata,
    Column("id", Text, primary_key=True),  # and of the reply that it becomes
    Column("account_id", BigInteger, ForeignKey("account.id"), nullable=False),
    Column("chat_id", Text, ForeignKey("chat.id"), nullable=False),
    Column("listing_id", BigInteger),
    Column("state", Text, nullable=False),  # waiting, sent, thrown_away, stale
    Column("text", Text, nullable=False),
    Column("covers", Integer, nullable=False),
    Column("due_at", Moment),  # until when its messages wait with it; null: they do not any more
    Column("hand_off", Text),
    Column("intent", Text),
    Column("prompt_version", Text),
    Column("model", Text),
    Column("tokens_in", Integer),
    Column("tokens_out", Integer),
    Column("cost_rub", Float),
    Column("latency_ms", Integer),
    Column("created_at", Moment, nullable=False),
    Column("decided_at", Moment),
    Column("decided_by", Text),
    Column("reason", Text),  # why it is stale
    Index(
        "ix_draft_waiting",
        "chat_id",
        unique=True,
        postgresql_where=text("state = 'waiting'"),
        sqlite_where=text("state = 'waiting'"),
    ),
    Index(
        "ix_draft_due",
        "chat_id",
        postgresql_where=text("due_at IS NOT NULL"),
        sqlite_where=text("due_at IS NOT NULL"),
    ),
)

silence = Table(
    "silence",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=False),  # one row
    Column("since", Moment),  # null: the assistant may speak
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

lead = Table(
    "lead",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account_id", BigInteger, ForeignKey("account.id"), nullable=False),
    Column("chat_id", Text, ForeignKey("chat.id"), nullable=False),
    Column("listing_id", BigInteger),
    Column("dialog_no", Integer, nullable=False),
    Column("idempotency_key", Text, nullable=False, unique=True),
    Column("crm", Text, nullable=False),
    Column("state", Text, nullable=False),  # new, sending, sent, unknown, failed
    Column("fields", JSON, nullable=False),
    Column("crm_lead_id", Text),
    Column("phone", Text),  # as in fields, to find a client by
    Column("earlier_lead_id", Text),  # the newest lead of the same phone that was there before
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", Moment),
    Column("error", Text),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("chat_id", "dialog_no"),
    Index(None, "account_id", "phone"),
    Index(
        None,
        "next_at",
        postgresql_where=text("next_at IS NOT NULL"),
        sqlite_where=text("next_at IS NOT NULL"),
    ),
)

lead_step = Table(
    "lead_step",
    metadata,
    Column("no", Serial, primary_key=True),
    Column("lead_id", Text, ForeignKey("lead.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("detail", Text),
    sqlite_autoincrement=True,
)

event = Table(
    "event",
    metadata,
    Column("no", Serial, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("kind", Text, nullable=False),
    Column("account_id", BigInteger),
    Column("listing_id", BigInteger),
    Column("chat_id", Text),
    Column("message_id", Text),
    Column("body", Text, nullable=False),
    Column("seq", BigInteger, unique=True),  # given by the sink: dense, in the order of the log
    Column("published", Boolean, nullable=False, server_default=text("false")),
    Index(
        "ix_event_unpublished",
        "no",
        postgresql_where=text("NOT published"),
        sqlite_where=text("NOT published"),
    ),
    sqlite_autoincrement=True,
)

notice = Table(
    "notice",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("kind", Text, nullable=False),
    Column("account_id", BigInteger),
    Column("detail", Text, nullable=False),
    Column("seen_at", Moment),
    Column("chat_id", Text),  # that needs a person, for `reason`
    Column("reason", Text),
    Column("queued_at", Moment),  # when it was put before the channels
    Index(
        "ix_notice_unqueued",
        "id",
        postgresql_where=text("queued_at IS NULL"),
        sqlite_where=text("queued_at IS NULL"),
    ),
    Index(
        "ix_notice_unseen",
        "chat_id",
        postgresql_where=text("seen_at IS NULL"),
        sqlite_where=text("seen_at IS NULL"),
    ),
    sqlite_autoincrement=True,
)

telling = Table(
    "telling",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("notice_id", Serial, ForeignKey("notice.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("state", Text, nullable=False),  # waiting, sending, sent, failed, unneeded
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", Moment),  # null in the end states
    Column("error", Text),
    Column("sent_at", Moment),
    UniqueConstraint("notice_id", "channel"),
    Index(
        None,
        "next_at",
        postgresql_where=text("next_at IS NOT NULL"),
        sqlite_where=text("next_at IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

budget = Table(
    "budget",
    metadata,
    Column(
        "account_id", BigInteger, ForeignKey("account.id"), primary_key=True, autoincrement=False
    ),
    Column("day_micro", BigInteger),  # millionths of a rouble; null: no limit
    Column("month_micro", BigInteger),
    Column("day_tokens", BigInteger),
    Column("month_tokens", BigInteger),
    Column("set_by", Text, nullable=False),
    Column("set_at", Moment, nullable=False),
)

spending = Table(
    "spending",
    metadata,
    Column(
        "account_id", BigInteger, ForeignKey("account.id"), primary_key=True, autoincrement=False
    ),
    Column("period", Text, primary_key=True),  # 2026-11-24 or 2026-11, in the account's zone
    Column("micro", BigInteger, nullable=False, server_default="0"),  # spent for certain
    Column("tokens", BigInteger, nullable=False, server_default="0"),
    Column("held_micro", BigInteger, nullable=False, server_default="0"),  # reserved, not settled
    Column("held_tokens", BigInteger, nullable=False, server_default="0"),
    Column("calls", BigInteger, nullable=False, server_default="0"),
    Column("refused", BigInteger, nullable=False, server_default="0"),
    Column("told", Text, nullable=False, server_default="full"),  # the farthest step that was told
    Column("latest", Text, nullable=False, server_default="full"),  # the step of the last call
)

reservation = Table(
    "reservation",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account_id", BigInteger, ForeignKey("account.id"), nullable=False),
    Column("day", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("micro", BigInteger, nullable=False),
    Column("tokens", BigInteger, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
)

job = Table(
    "job",
    metadata,
    Column(
        "name", Text, primary_key=True
    ),  # of a scheduled job, or of a cursor such as "stats:94235311"
    Column("last_run_at", Moment),
    Column("ok", Boolean),
    Column("detail", Text),
    Column("cursor", Text),
)

haggling = Table(
    "haggling",
    metadata,
    Column(
        "listing_id", BigInteger, ForeignKey("listing.id"), primary_key=True, autoincrement=False
    ),
    Column("floor", BigInteger, nullable=False),  # roubles below which nothing may be said
    Column(
        "ladder", JSON, nullable=False
    ),  # sums to come down by, one for each bid, none below the floor
    Column("set_by", Text, nullable=False),
    Column("set_at", Moment, nullable=False),
)

offer = Table(
    "offer",
    metadata,
    Column("no", Serial, primary_key=True),
    Column("chat_id", Text, ForeignKey("chat.id"), nullable=False),
    Column("dialog_no", Integer, nullable=False),
    Column("side", Text, nullable=False),  # client, seller
    Column("roubles", BigInteger, nullable=False),
    Column("state", Text, nullable=False),  # made, accepted
    Column("at", Moment, nullable=False),
    UniqueConstraint("chat_id", "dialog_no", "side", "roubles"),
    sqlite_autoincrement=True,
)
