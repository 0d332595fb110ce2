"""Chat histories from elsewhere become a log, or nothing does."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline import Lake, connect

Command = Callable[..., tuple[int, str, str]]

GOOD = {
    "message_id": "m1",
    "at": "2026-05-12T09:00:00+03:00",
    "account_id": 1,
    "listing_id": 7,
    "chat_id": "a",
    "author": "client",
    "kind": "text",
    "text": "Сколько стоит?",
}


def lines(*rows: Any) -> str:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n"


def test_messages_come_back_as_they_were(command: Command, tmp_path: Path) -> None:
    """
    What one log shows as `messages` another one takes, in any order of lines; the moments become UTC.
    """
    answer = GOOD | {
        "message_id": "m2",
        "at": "2026-05-12T06:00:30Z",
        "author": "human_app",
        "text": None,
    }
    notice = {"message_id": "m3", "at": "2026-05-12T06:01:00", "chat_id": "a", "author": "avito"}
    (tmp_path / "chats.jsonl").write_text(lines(notice, answer, GOOD) + "\n", encoding="utf-8")

    code, out, _ = command("load", tmp_path / "chats.jsonl", "--out", tmp_path / "log")
    lake = Lake.in_folder(tmp_path / "log")
    _, found, _ = command("query", 'FROM messages ORDER BY "at"', "--format", "json", lake=lake)

    assert (0, "3 messages") == (code, out[:10])
    assert [
        GOOD | {"at": "2026-05-12T06:00:00Z"},
        answer,
        notice
        | {
            "at": "2026-05-12T06:01:00Z",
            "account_id": None,
            "listing_id": None,
            "kind": "text",
            "text": None,
        },
    ] == json.loads(found)


def test_metrics_work_on_what_was_loaded(command: Command, tmp_path: Path) -> None:
    """
    A golden story in a file gives the number that was computed by hand.
    """
    answer = GOOD | {"message_id": "m2", "at": "2026-05-12T06:00:30Z", "author": "assistant"}
    (tmp_path / "chats.jsonl").write_text(lines(GOOD, answer), encoding="utf-8")
    command("load", tmp_path / "chats.jsonl", "--out", tmp_path / "log")

    _, out, _ = command(
        "metric", "first_response", "--format", "json", lake=Lake.in_folder(tmp_path / "log")
    )

    assert [(None, "all", 30.0), (None, "assistant", 30.0)] == [
        (row["period"], row["answered_by"], row["median_seconds"]) for row in json.loads(out)[:2]
    ]
    assert "2026-05-12T00:00:00+03:00" == json.loads(out)[2]["period"]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("{", "not JSON"),
        ("[1]", "not an object"),
        (lines(GOOD | {"chat_id": None}), "chat_id missing"),
        (lines({"text": "x"}), "message_id, at, chat_id, author missing"),
        (lines(GOOD | {"message_id": "m9", "at": "yesterday"}), "a moment like"),
        (lines(GOOD | {"message_id": "m9", "at": "0001-01-01T00:00:00+14:00"}), "a moment like"),
        (lines(GOOD | {"message_id": "m9", "author": "buyer"}), "author must be one of client"),
        (lines(GOOD | {"message_id": "m9", "listing_id": "7"}), 'listing_id cannot be "7"'),
        (lines(GOOD | {"message_id": "m9", "listing_id": True}), "listing_id cannot be true"),
        (lines(GOOD | {"message_id": "m9", "listing_id": 2**63}), "listing_id is too large"),
        (lines(GOOD | {"message_id": "m9", "txt": "x"}), "'txt' is no column"),
        (lines(GOOD), "that of line 1 too"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_written(
    command: Command, tmp_path: Path, bad: str, why: str
) -> None:
    """
    The second line is wrong: one line says so and why, and there is no log.
    """
    (tmp_path / "chats.jsonl").write_text(lines(GOOD) + bad, encoding="utf-8")

    code, out, err = command("load", tmp_path / "chats.jsonl", "--out", tmp_path / "log")

    assert (1, "") == (code, out)
    assert err.startswith("line 2: ")
    assert why in err
    assert 1 == len(err.splitlines())
    assert ["chats.jsonl"] == [each.name for each in tmp_path.iterdir()]


def test_an_empty_file_is_an_empty_log(command: Command, tmp_path: Path) -> None:
    """
    No chats are no error, and every question has an answer.
    """
    (tmp_path / "chats.jsonl").write_text("", encoding="utf-8")

    assert 0 == command("load", tmp_path / "chats.jsonl", "--out", tmp_path / "log")[0]
    assert [] == connect(Lake.in_folder(tmp_path / "log")).execute("FROM messages").fetchall()


def test_a_missing_file_is_one_line(command: Command, tmp_path: Path) -> None:
    """
    Not a traceback.
    """
    code, _, err = command("load", tmp_path / "none.jsonl", "--out", tmp_path / "log")

    assert 1 == code
    assert "none.jsonl" in err
    assert 1 == len(err.splitlines())
