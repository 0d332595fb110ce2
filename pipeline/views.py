"""The views that everyone asks, over what the sink keeps, or over what is computed where it keeps nothing."""

from datetime import timedelta

import duckdb

from pipeline.definitions import KEPT, SILENCE, define_anew, fingerprint, speak, sql_text

VIEWS = ("events", "messages", "verdicts", "replies", "leads")
"""The views that everyone may rely on."""

HELPERS = ("accounts", "listings", "known", "waits", "dialogs")
"""Views for the metrics; they may change with them."""

_OF_OPEN_CHATS = """
CREATE VIEW kept.{name} AS
FROM lake.main.settled_{name}
UNION ALL
SELECT unnest({name}, max_depth := 2) FROM lake.main.open_chats
"""
_CORRECTED = """
CREATE VIEW kept.corrected AS
SELECT seq, arg_max(author, by_seq) AS author, max(by_seq) AS by_seq FROM lake.main.corrected GROUP BY seq
"""


def create_views(con: duckdb.DuckDBPyConnection) -> None:
    """The views and macros of `pipeline/sql` over the log that is attached as `lake`.

    Those of the interface are in the main schema, and stand on the schema `kept`: the rows that the sink keeps. A log
    whose sink kept none, or by other definitions, is computed from its events: the same rows, slower.
    """
    about = told_about(con)
    speak(con, silence_of(about))
    con.execute(f"CREATE MACRO about_then() AS '{_shape(about)}'")
    if about.get("kept") == fingerprint():
        define_kept(con)
    else:
        define_anew(con)
        con.execute("CREATE SCHEMA kept")
        for name in (*KEPT, "corrected"):
            con.execute(f"CREATE VIEW kept.{name} AS FROM anew.{name}")
    con.execute(sql_text("macros.sql"))
    for name in VIEWS + HELPERS:
        con.execute(f"CREATE VIEW {name} AS {sql_text(f'views/{name}.sql')}")


def outlived(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the sink has begun to keep rows, or keeps them by other definitions, since these views were created: then a
    new connection sees more, or the same sooner."""
    [(then,)] = con.execute("SELECT about_then()").fetchall()
    return bool(then != _shape(told_about(con)))


def _shape(about: dict[str, str]) -> str:
    return f"{about.get('kept', '')} {about.get('silence_seconds', '')}"


def define_kept(con: duckdb.DuckDBPyConnection) -> None:
    """The schema `kept`: the rows that the sink keeps in the log that is attached as `lake`."""
    con.execute("CREATE SCHEMA kept")
    for name in KEPT:
        con.execute(_OF_OPEN_CHATS.format(name=name))
    con.execute(_CORRECTED)


def told_about(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What the log says of itself by name; nothing when it was made before logs did."""
    try:
        return dict(con.execute("SELECT name, value FROM lake.main.about").fetchall())
    except duckdb.CatalogException:
        return {}


def silence_of(about: dict[str, str]) -> timedelta:
    """After how much silence a dialog of this log ends."""
    seconds = about.get("silence_seconds")
    return SILENCE if seconds is None else timedelta(seconds=float(seconds))
