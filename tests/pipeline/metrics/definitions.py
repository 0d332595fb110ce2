"""A fingerprint of each metric's SQL beside its version, so that no definition changes in silence.

    python -m tests.pipeline.metrics.definitions [--same-numbers METRIC …]

notes the metrics that are new or have a new version. An SQL that was rewritten and counts the same (a quicker join)
keeps its version: then name it after `--same-numbers`.
"""

import argparse
import hashlib
import json
from pathlib import Path

import sqlglot

from pipeline.metrics import Metric, catalog

FILE = Path(__file__).parent / "definitions.json"


def fingerprint(metric: Metric) -> str:
    """Of what the SQL says and what opens, not of its layout or comments."""
    said = sqlglot.parse_one(metric.sql, dialect="duckdb").sql(dialect="duckdb", comments=False)
    opens = json.dumps([metric.opens, dict(metric.counts)])
    return hashlib.sha256(f"{said}\n{opens}".encode()).hexdigest()[:16]


def noted() -> dict[str, dict[str, str]]:
    """By metric and version."""
    found: dict[str, dict[str, str]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def complaint(metric: Metric, known: dict[str, str]) -> str | None:
    """What is wrong with a metric whose versions are known so far, in a sentence that says what to do."""
    versions, now = {int(each) for each in known}, fingerprint(metric)
    note = "python -m tests.pipeline.metrics.definitions"
    if metric.version not in versions:
        if versions and metric.version != max(versions) + 1:
            return f"{metric.name}: version {metric.version} does not follow {max(versions)}"
        return f"{metric.name}: version {metric.version} is new; run {note}"
    if metric.version != max(versions):
        return f"{metric.name}: version {metric.version} was followed by {max(versions)}; versions only rise"
    if known[str(metric.version)] != now:
        return (
            f"{metric.name}: its SQL changed, and its version is still {metric.version}. If it counts otherwise, raise the "
            f"version in its header and run {note}; if all its numbers stay the same, run {note} --same-numbers {metric.name}"
        )
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--same-numbers", nargs="+", metavar="METRIC", default=[])
    same = parser.parse_args().same_numbers
    known = noted()
    for name, metric in catalog().items():
        versions = known.setdefault(name, {})
        if name in same:
            versions[str(metric.version)] = fingerprint(metric)
        versions.setdefault(str(metric.version), fingerprint(metric))
    FILE.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
