# Everything that a person types. Needs Python 3.11 or newer, make, and a package index.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/installed
SHELL := /bin/bash

.PHONY: install demo test check bench chaos lock messages clean

install: $(STAMP)

$(STAMP): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12 install"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	    { echo "Python's venv is missing. On Debian: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@# The repository itself is importable wherever a notebook or a script starts.
	@$(BIN)/python -c 'import os, sysconfig; \
	    open(os.path.join(sysconfig.get_path("purelib"), "avito_assistant.pth"), "w").write(os.getcwd())'
	@touch $@

demo: install
	@exec $(BIN)/python -m bot demo

# One worker more than there are cores: many tests wait for processes of their own.
test: install
	$(BIN)/python -m pytest -n $$(($$(nproc) + 1)) --dist loadfile

check: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install
	$(BIN)/python -m bench $(ONLY)

chaos: install
	$(BIN)/python -m bench.chaos

# The lock holds hashes and no address: it works with whatever index pip is set up for.
lock:
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-annotate --no-header -o requirements.lock

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis data/demo
