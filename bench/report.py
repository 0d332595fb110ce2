"""Keeps figures with the machine and the method beside them, and prints them as a table."""

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "bench" / "results.json"
PAGE = ROOT / "docs" / "performance.md"


@dataclass(frozen=True)
class Figure:
    """One measured number. `goal` is None where there is none; `good` says whether it is met."""

    name: str
    value: float
    unit: str
    goal: str | None = None
    good: bool | None = None


@dataclass(frozen=True)
class Section:
    """What one benchmark found, and how."""

    title: str
    method: str
    figures: Sequence[Figure]


def at_most(name: str, value: float, unit: str, goal: float) -> Figure:
    return Figure(name, value, unit, f"at most {goal:g} {unit}", value <= goal)


def at_least(name: str, value: float, unit: str, goal: float) -> Figure:
    return Figure(name, value, unit, f"at least {goal:g} {unit}", value >= goal)


def quantile(values: Iterable[float], share: float) -> float:
    """The nearest-rank quantile."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def keep(key: str, section: Section) -> None:
    """Puts one section's figures beside those of the others, and writes the page anew."""
    kept: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    kept[key] = asdict(section) | {
        "machine": machine(),
        "measured_at": f"{datetime.now(UTC):%Y-%m-%d %H:%M}Z",
    }
    RESULTS.write_text(json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    PAGE.write_text(_page(kept))


def show(section: Section) -> None:
    print(f"\n{section.title}\n{section.method}\n")
    for figure in section.figures:
        mark = {True: "ok", False: "MISSED", None: ""}[figure.good]
        print(
            f"  {figure.name:58} {_number(figure.value):>10} {figure.unit:10} {figure.goal or '':24} {mark}"
        )


def machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _page(kept: dict[str, Any]) -> str:
    lines = [
        "# Performance",
        "",
        "Written by `make bench` from `bench/results.json`. Each part was measured in one run on the machine named",
        "under it; other work on the machine makes figures worse, never better.",
    ]
    for section in kept.values():
        lines += ["", f"## {section['title']}", "", section["method"], ""]
        lines += ["| what | measured | goal | |", "|---|---|---|---|"]
        for figure in section["figures"]:
            mark = {True: "met", False: "**missed**", None: ""}[figure["good"]]
            lines.append(
                f"| {figure['name']} | {_number(figure['value'])} {figure['unit']} | {figure['goal'] or ''} | {mark} |"
            )
        lines += ["", f"*{section['machine']}; {section['measured_at']}*"]
    return "\n".join(lines) + "\n"
