"""Promises of the evaluation over labelled rows."""

import json
from pathlib import Path

import pytest

from bot.assistant.evaluating import main
from bot.assistant.evaluation import BadRow, Figures, Outcome, evaluate, register

PHONE = "+79163302714"


def phone_row(text: str, *phones: str) -> dict[str, object]:
    return {"id": "one", "text": text, "phones": list(phones)}


def test_phones_are_counted_as_right_surplus_and_missed() -> None:
    """Precision and recall come from numbers, not from rows."""
    rows = [
        phone_row("89163302714", PHONE),
        phone_row("89163302715"),
        phone_row("без номера", "+79163302716"),
    ]

    result = evaluate("phones", rows)

    assert Figures(right=1, surplus=1, missed=1, exact=1) == result.total
    assert (0.5, 0.5) == (result.precision, result.recall)
    assert [True, False, False] == [outcome.ok for outcome in result.outcomes]


def test_a_span_counts_when_it_covers_half_of_both() -> None:
    """Masking is judged by overlap and kind; exact hits are counted besides."""
    rows = [
        {"id": "near", "text": "зовут Анна Ивановна", "spans": [[10, 19, "name"]]},
        {"id": "far", "text": "зовут Анна Ивановна", "spans": [[6, 8, "name"]]},
        {"id": "other", "text": "зовут Анна", "spans": [[6, 10, "address"]]},
    ]

    result = evaluate("masking", rows)

    assert Figures(right=1, surplus=2, missed=1, exact=0) == result.by_kind["name"]
    assert Figures(missed=1) == result.by_kind["address"]


def test_the_figures_of_nothing_are_perfect() -> None:
    """Without labels and findings there is nothing to reproach."""
    result = evaluate("phones", [phone_row("привет")])

    assert (1.0, 1.0) == (result.precision, result.recall)


def test_json_holds_figures_and_each_outcome() -> None:
    """What a machine reads is complete and can be dumped."""
    told = json.loads(json.dumps(evaluate("phones", [phone_row("89163302714", PHONE)]).as_json()))

    assert (1, 1, 1.0, 1.0) == (told["rows"], told["rows_ok"], told["precision"], told["recall"])
    assert [{"id": "one", "ok": True, "expected": [PHONE], "found": [PHONE]}] == told["outcomes"]


def test_text_has_a_line_for_each_row_and_the_figures() -> None:
    """What a person reads names the wrong rows with both sides."""
    told = evaluate("phones", [phone_row("89163302714"), phone_row("привет")]).as_text()

    assert f'wrong one: expected [], found ["{PHONE}"]' in told
    assert "precision 0.000" in told
    assert told.endswith("rows right: 1 of 2")


@pytest.mark.parametrize(
    ("kind", "content", "complaint"),
    [
        ("phones", "", "the file is empty"),
        ("phones", "{", "line 1: not JSON"),
        ("phones", '{"id":"a","text":"","phones":[]}\n\n{', "line 2: not JSON"),
        ("phones", "[]", "line 1: not a JSON object"),
        ("phones", '{"id":"a","text":""}', "line 1: `phones` is missing or not a list"),
        ("phones", '{"id":"a","text":1,"phones":[]}', "line 1: `text` is missing or not a str"),
        ("phones", '{"id":"a","text":"","phones":[1]}', "something else than strings"),
        ("masking", '{"id":"a","text":"","spans":[[0,5,"name"]]}', "line 1: [0, 5"),
        ("masking", '{"id":"a","text":"abc","spans":[[0,1,"?"]]}', "is not [start, end, kind]"),
    ],
)
def test_a_bad_row_is_named_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, content: str, complaint: str
) -> None:
    """A file that cannot be judged gives exit code 2 and one line that says where."""
    path = tmp_path / "rows.jsonl"
    path.write_text(content, encoding="utf-8")

    assert 2 == main([kind, str(path)])
    told = capsys.readouterr()
    assert "" == told.out
    assert complaint in told.err
    assert 1 == told.err.count("\n")


def test_files_that_cannot_be_read_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No file, a directory, or bytes that are no text: exit code 2, no traceback."""
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")

    for path in (tmp_path / "nothing", tmp_path, binary):
        assert 2 == main(["phones", str(path)])
        assert str(path) in capsys.readouterr().err


def test_the_command_prints_text_or_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A good file gives exit code 0 and the form that was asked for."""
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(phone_row("89163302714", PHONE)) + "\n", encoding="utf-8")

    assert 0 == main(["phones", str(path)])
    assert "ok    one" in capsys.readouterr().out
    assert 0 == main(["phones", str(path), "--format", "json"])
    assert 1.0 == json.loads(capsys.readouterr().out)["recall"]


def test_other_kinds_can_be_registered() -> None:
    """A new kind brings its judge, and a bad row is still named by its line."""

    def judge(row: dict[str, object]) -> Outcome:
        if not row:
            raise BadRow("nothing in it")
        return Outcome("x", [], [], {"thing": Figures(right=1)})

    register("test-kind", judge)

    assert 1.0 == evaluate("test-kind", [{"a": 1}]).recall
    with pytest.raises(BadRow, match="line 2: nothing in it"):
        evaluate("test-kind", [{"a": 1}, {}])
