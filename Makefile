# Two commands are enough: `make run` and `make test`. Both set up first; nothing needs root.

PYTHON ?= python3
PYTEST ?=
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
ISLANDS := bioloom/doors/web/static/islands/map.js
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock" $(UPGRADE)

# Only the Python of this machine is used; none is fetched.
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench lock clean
# A file half made by a step that failed does not count as made.
.DELETE_ON_ERROR:

help: ## List the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST)

setup: $(VENV)/.packages $(ISLANDS) ## Set up everything below .venv and web/node_modules
	@:

run: setup ## Open the page of a city; makes Verdiva, a generated one, if there is no folder `city`; PORT=8001 takes another port
	@test -d city || $(BIN)/bioloom init city --story verdiva
	@$(BIN)/bioloom serve city --open --port $(PORT)

test: setup ## Run the tests; PYTEST="-k lots" chooses some
	@$(BIN)/pytest $(PYTEST)

check: setup ## Check format, style, types, imports, thresholds, and that the docs run
	@echo "format"; $(BIN)/ruff format --check --quiet .
	@echo "style"; $(BIN)/ruff check --quiet .
	@echo "types"; $(BIN)/mypy
	@$(BIN)/python tools/build_web.py --check
	@echo "import contracts"; $(BIN)/lint-imports --no-logo
	@echo "thresholds"; $(BIN)/python tools/thresholds.py
	@echo "docs that run"; $(BIN)/pytest tests/house/test_docs_run.py

bench: setup ## Run every benchmark, each beside its rival
	@set -e; for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python "$$file"; done

lock: $(VENV)/.uv ## Renew the lock files; UPGRADE=--upgrade takes the newest versions
	@echo "locking (about 20 s)"
	@$(LOCK) --all-extras --group dev pyproject.toml --output-file requirements.lock
	@$(LOCK) --group uv --output-file requirements-uv.lock
	@$(LOCK) --group node --output-file requirements-node.lock

clean: ## Remove what setup and the checks made; cities stay
	rm -rf $(VENV) web/node_modules $(dir $(ISLANDS))
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/.uv: requirements-uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Bioloom needs Python 3.11 or newer; '$(PYTHON)' is not." \
			"Name another one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "setup 1 of 3: a virtual environment and uv (about 10 s)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement $<
	@touch $@

$(VENV)/.packages: $(VENV)/.uv requirements.lock pyproject.toml
	@echo "setup 2 of 3: packages (about 300 MB; 30 s on a quick line)"
	@$(UV) pip sync --quiet --require-hashes --python $(BIN)/python requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

# A step of its own and no build hook: a hook is passed over where a built package is cached.
$(ISLANDS): $(wildcard web/*.json web/build.mjs web/islands/*) tools/build_web.py | $(VENV)/.packages
	@echo "setup 3 of 3: the islands of the web pages"
	@$(BIN)/python tools/build_web.py
