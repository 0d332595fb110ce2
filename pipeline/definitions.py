"""How dialogs, waits, replies and leads follow from the events of their chats: SQL that is asked anew, or kept."""

import hashlib
import importlib.resources
import re
from datetime import timedelta

import duckdb

SILENCE = timedelta(hours=72)
"""After so much silence a dialog ends, unless the log says otherwise."""

STEPS = (
    "attributed",
    "prices",
    "chat_events",
    "replies",
    "leads",
    "told",
    "placed",
    "bursts",
    "waits",
    "dialogs",
    "corrected",
)
"""The definitions of `pipeline/sql/anew`, each after those that it asks."""

KEPT = ("dialogs", "waits", "replies", "leads")
"""Those whose rows the sink keeps, by chat."""

_SQL = importlib.resources.files("pipeline") / "sql"
_COMMENT = re.compile(r"--[^\n]*")
_ASKED = re.compile(rf"\b(FROM|JOIN) (source|grounds|{'|'.join(STEPS)})\b")


def sql_text(name: str) -> str:
    """The text of a file under `pipeline/sql`."""
    return (_SQL / name).read_text(encoding="utf-8")


def definition(name: str) -> str:
    """The SELECT that defines one of STEPS."""
    return sql_text(f"anew/{name}.sql")


def speak(con: duckdb.DuckDBPyConnection, silence: timedelta) -> None:
    """Creates the words that the definitions use."""
    con.execute(
        f"CREATE MACRO silence() AS to_microseconds({silence // timedelta(microseconds=1)})"
    )
    con.execute(sql_text("chat_words.sql"))


def define_anew(con: duckdb.DuckDBPyConnection) -> None:
    """The schema `anew`: views that compute every row from the events of the log that is attached as `lake`."""
    con.execute("CREATE SCHEMA anew")
    con.execute("CREATE VIEW anew.source AS FROM lake.main.event_log")
    con.execute("CREATE TABLE anew.grounds (chat_id VARCHAR, dialogs BIGINT)")
    for name in STEPS:
        con.execute(f"CREATE VIEW anew.{name} AS {anew(name)}")


def anew(name: str) -> str:
    """The definition of one of STEPS over the schema `anew`. Names in full: a temporary table of the same name, which
    anybody may make, would come first."""
    return _ASKED.sub(r"\1 anew.\2", definition(name))


def fingerprint() -> str:
    """Changes whenever a definition does: what was kept by another one must be computed anew."""
    texts = [sql_text("chat_words.sql"), *map(definition, STEPS)]
    said = " ".join(" ".join(_COMMENT.sub("", text).split()) for text in texts)
    return hashlib.sha256(said.encode()).hexdigest()[:16]
