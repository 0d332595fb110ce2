"""The notebooks run from the first cell to the last, and are kept without their answers."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

from pipeline import sample

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelManager]:
    """One kernel for all notebooks, in an environment that points to a small log as a person's shell
    would: starting Python, pandas and Plotly takes longer than most notebooks."""
    folder = tmp_path_factory.mktemp("lake")
    made = sample.make(days=20, seed=3, end=datetime(2026, 5, 11, tzinfo=UTC), dialogs_a_day=20)
    sample.write(made, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKE_CATALOG", f"sqlite:{folder / 'catalog.sqlite'}")
        patch.setenv("LAKE_DATA", str(folder / "files"))
        patch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
        manager = KernelManager(kernel_name="python3")
        manager.start_kernel(cwd=str(ROOT / "notebooks"))
        yield manager
        manager.shutdown_kernel(now=True)


def test_there_are_notebooks() -> None:
    """
    The tests below visit every notebook, and there are some.
    """
    assert 6 == len(NOTEBOOKS)


@pytest.mark.timeout(180)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_runs(kernel: KernelManager, path: Path) -> None:
    """
    A notebook that someone opens runs to its end, knows only what it says itself, and shows a picture.
    """
    notebook = nbformat.read(path, as_version=4)
    forget = nbformat.v4.new_code_cell("%reset -f")
    notebook.cells.insert(0, forget)

    NotebookClient(notebook, km=kernel, timeout=120).execute()

    kinds = {
        kind
        for cell in notebook.cells
        for out in cell.get("outputs", [])
        for kind in out.get("data", {})
    }
    assert "application/vnd.plotly.v1+json" in kinds


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_kept_without_answers(path: Path) -> None:
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


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_asks_and_ends_with_what_to_decide(path: Path) -> None:
    """
    Functions live in `pipeline/`; a notebook defines none. Its last words are decisions.
    """
    cells = nbformat.read(path, as_version=4).cells
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")

    assert not any(line.startswith(("def ", "class ")) for line in code.splitlines())
    assert cells[-1].source.startswith("## What to decide") or "**Decide:**" in cells[-1].source
