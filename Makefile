# `make` alone prints this help.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000

BIN := .venv/bin
LOCKED := pyproject.toml hatch_build.py web/package-lock.json locator/__init__.py
PIP := $(BIN)/python -m pip install --disable-pip-version-check --progress-bar off
LOG := .venv/install.log
# On up to four cores, and who is done takes over from another. Browsers draw on all cores: two at a
# time, a file of tests to each, since what is built for it is built once.
TESTS := $(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist worksteal
BROWSER_TESTS := $(BIN)/pytest --numprocesses auto --maxprocesses 2 --dist loadfile

.DEFAULT_GOAL := help
.PHONY: help run real setup test check test-long bench data notebooks lock clean

help: ## print this help
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:[^#]*## /\t/' | while IFS="$$(printf '\t')" read -r name text; do printf '  make %-10s %s\n' "$$name" "$$text"; done

run: .venv/run ## check and build both counties, then serve them (PORT=8000 HOST=127.0.0.1)
	@$(BIN)/locator serve --build --example data/examples/ledger-with-faults.xlsx --host $(HOST) --port $(PORT)

real: .venv/test ## the same on a real place: the centre of Helsinki
	@test -d var/real/helsinki || $(BIN)/locator --data var/real init helsinki --no-outline \
		--name-zh 赫尔辛基市中心 --name-en "Helsinki centre" \
		--osm "$$($(BIN)/python -c 'from tests.end_to_end.places import helsinki_extract; print(helsinki_extract())')"
	@$(BIN)/locator --data var/real --var var/real/var serve --build --host $(HOST) --port $(PORT)

setup: .venv/test ## make the environment with all that the tests need, and nothing more

test: .venv/test ## everything: lint, types, unit tests, real data, the browser (a quarter of an hour on two cores)
	@tests/browser.sh
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	@$(TESTS) -m "not browser and not campaign"
	@$(BROWSER_TESTS) -m "browser and not campaign"

check: .venv/test ## lint, types and the quick tests (at most 1 minute)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	@$(TESTS) --hypothesis-profile quick -m "not slow and not browser and not campaign"

test-long: .venv/test ## the long campaigns: kills, corpora, generated ledgers
	@tests/browser.sh
	@$(BIN)/pytest --hypothesis-profile long

bench: .venv/test ## measure every claim side by side with its peers
	@$(PIP) --quiet --no-deps --upgrade --target .venv/peers -r benchmarks/requirements.txt
	@PYTHONPATH=.venv/peers $(BIN)/python -m benchmarks

data: .venv/run ## make the illustrative counties again (same seed, same bytes)
	@$(BIN)/python data/make_illustrative.py

notebooks: .venv/test ## execute the notebooks again
	@$(BIN)/jupyter-execute --inplace notebooks/*.ipynb

lock: ## pin every dependency with its hashes (needs uv)
	@for extras in "requirements.lock --extra build" "requirements-test.lock --extra build --extra test"; do \
		set -- $$extras; out=$$1; shift; \
		uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
			--no-header --no-annotate "$$@" pyproject.toml -o $$out || exit 1; done

clean: ## remove what was built; the environment and the published releases stay
	@rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

# --- the environment -------------------------------------------------------------------------
# Each stamp says which lock was installed; a changed lock installs again.

.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed and $(PYTHON) was not found: apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V). Name another: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv .venv >/dev/null 2>&1 || { rm -rf .venv; echo "$(PYTHON) cannot make a virtual environment: apt-get install python3-venv, then try again." >&2; exit 1; }

.venv/run: requirements.lock $(LOCKED) | .venv/bin/python
	@echo "Installing what is needed, from requirements.lock (the first time takes a minute or two) …" >&2
	@$(call install,requirements.lock)
	@touch $@

.venv/test: requirements-test.lock $(LOCKED) | .venv/bin/python
	@echo "Installing what the tests need, from requirements-test.lock …" >&2
	@$(call install,requirements-test.lock)
	@touch .venv/run $@

# Everything by hash, then this project itself without build isolation (hashes do not reach there).
define install
{ $(PIP) --require-hashes -r $(1) && $(PIP) --no-build-isolation --no-deps -e . ; } >$(LOG) 2>&1 || { \
	echo "The packages could not be installed: is the package registry reachable? What pip said is in $(LOG); try again when it is." >&2; exit 1; }
endef
