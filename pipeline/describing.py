"""The definitions of the metrics as a document: `docs/metrics.md` is what this makes."""

from collections.abc import Iterable

from pipeline.metrics import Metric

_TOP = """# Metrics

Each is one SQL file in `pipeline/sql/metrics`, and this page is made of their headers
(`python -m pipeline metrics --format markdown`). Pages, notebooks, exports and the command line ask the same
files, for a window: from when to when, on whose clock, in which grain; for one account, one listing, one kind of
answerer; with a promised time and working hours. A change of definition raises the version."""


def as_document(metrics: Iterable[Metric]) -> str:
    """Markdown: what every metric asks and how it is counted, in both languages."""
    return "\n\n".join([_TOP, *map(_section, metrics)])


def _section(metric: Metric) -> str:
    opens = ", ".join(f"`{name}`" for name in metric.counts) or "nothing"
    return f"""## `{metric.name}` · {metric.title_en} · {metric.title_ru}

{metric.asks_en} *{metric.asks_ru}*

| | |
|---|---|
| a row is | {_cell(metric.grain)} |
| unit | {_cell(metric.unit)} |
| denominator | {_cell(metric.denominator)} |
| opens | {opens} |
| version | {metric.version} |

{metric.notes_en}

{metric.notes_ru}"""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
