"""What the documents promise is there, and what is there stands in the documents."""

import re
from pathlib import Path

import pytest

from bot.settings import Settings
from pipeline.events import KINDS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name.upper() for name in Settings.model_fields])
def test_every_setting_stands_in_the_table(name: str) -> None:
    """
    With its default and its meaning; and in the example that people copy.
    """
    field = Settings.model_fields[name.lower()]

    [row] = re.findall(rf"^\| `{name}` \| (.+?) \| (.+?) \|$", README, flags=re.MULTILINE)
    assert field.description == row[1]
    assert field.is_required() == (row[0] == "required")
    assert re.search(rf"^#? ?{name}=", (ROOT / ".env.avito.example").read_text(), re.MULTILINE)


def test_the_table_has_no_setting_that_is_gone() -> None:
    """
    What nobody reads any more is not promised.
    """
    named = set(re.findall(r"^\| `([A-Z_]+)` \|", README, flags=re.MULTILINE))

    assert {name.upper() for name in Settings.model_fields} == named


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_event_is_explained(kind: str) -> None:
    """
    In the list of events, in the words of its class.
    """
    told = (KINDS[kind].__doc__ or "").split("\n")[0]

    assert told
    assert f"| `{kind}` | {told} |" in (ROOT / "docs/events.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "page", [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md"], ids=str
)
def test_links_lead_somewhere(page: Path) -> None:
    """
    Every relative link and picture of a document is there.
    """
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]

    assert [] == missing
