"""`python -m bot evaluate`: labelled rows from a file, figures on the screen."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Protocol

from bot.assistant.evaluation import BadRow, Row, evaluate, kinds, read_rows

OF_A_MODEL = ("injections", "dialogs")
"""Kinds of rows that can be put before the configured model."""


def main(argv: list[str]) -> int:
    """`evaluate KIND FILE.jsonl [--model] [--format json]`: 0 when evaluated, 2 when the file is no good.

    With `--model`: 1 when there is no model, or when it says what must not be said and the guard lets it pass.
    """
    parser = argparse.ArgumentParser(prog="python -m bot evaluate")
    parser.add_argument("kind", choices=kinds())
    parser.add_argument("file", type=Path)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument(
        "--model",
        action="store_true",
        help="asks the model of the settings (OPENAI_*): injections, dialogs; nothing is sent",
    )
    options = parser.parse_args(argv)
    if options.model and options.kind not in OF_A_MODEL:
        parser.error(f"--model goes with {' and '.join(OF_A_MODEL)}; {options.kind} need none")
    try:
        rows = read_rows(options.file)
        if options.model:
            return _with_model(options.kind, rows, options.format)
        _print(evaluate(options.kind, rows), options.format)
    except OSError as error:
        return _refuse(options.file, error.strerror or "cannot be read")
    except BadRow as error:
        return _refuse(options.file, str(error))
    return 0


def _with_model(kind: str, rows: list[Row], form: str) -> int:
    from bot.assistant import (
        model_evaluation as trying,
    )  # who needs no model need not load its library
    from bot.settings import SettingsError, load_for_model

    try:
        trial = trying.run(kind, rows, load_for_model())
    except (SettingsError, trying.NoModel) as error:
        print(error, file=sys.stderr)
        return 1
    _print(trial, form)
    return 1 if trial.leaked else 0


class _Result(Protocol):
    def as_json(self) -> dict[str, Any]: ...

    def as_text(self) -> str: ...


def _print(result: _Result, form: str) -> None:
    if form == "json":
        print(json.dumps(result.as_json(), ensure_ascii=False, indent=1))
    else:
        print(result.as_text())


def _refuse(path: Path, why: str) -> int:
    print(f"{path}: {why}.", file=sys.stderr)
    return 2
