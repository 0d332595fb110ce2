"""The notebooks run from the first cell to the last, and are kept without their answers."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from pipeline import sample

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small log, and an environment that points to it as a person's shell would."""
    folder = tmp_path_factory.mktemp("lake")
    made = sample.make(days=10, seed=3, end=datetime(2026, 5, 11, tzinfo=UTC), dialogs_a_day=20)
    sample.write(made, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKE_CATALOG", f"sqlite:{folder / 'catalog.sqlite'}")
        patch.setenv("LAKE_DATA", str(folder / "files"))
        patch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
        yield folder


def test_there_are_notebooks() -> None:
    """
    The tests below visit every notebook, and there are some.
    """
    assert 3 <= len(NOTEBOOKS)


@pytest.mark.timeout(180)
@pytest.mark.usefixtures("month")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_runs(path: Path) -> None:
    """
    A notebook that someone opens runs to its end, and shows at least one picture.
    """
    notebook = nbformat.read(path, as_version=4)

    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": path.parent}}).execute()

    kinds = {
        kind
        for cell in notebook.cells
        for out in cell.get("outputs", [])
        for kind in out.get("data", {})
    }
    assert "application/vnd.plotly.v1+json" in kinds


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_is_kept_without_answers(path: Path) -> None:
    """
    What is in the repository is the question; answers would be somebody's data.
    """
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]

    assert all([] == cell.outputs and cell.execution_count is None for cell in cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_opens_the_log_in_its_first_cell(path: Path) -> None:
    """
    The first code of each notebook is how anybody begins.
    """
    first = next(
        cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"
    )

    assert "from pipeline import connect\n\ncon = connect()" == first.source
