# Minyi's workshop. `make` alone prints the targets; each is a command that anyone could type.
# PYTHON=python3.12 make … chooses the interpreter (3.11 or newer); ARGS="…" is handed on to demo, serve, test and bench.

BIN := .venv/bin
# Files of tests run side by side, each process with a database of its own; `make test WORKERS=0` runs them in a row.
WORKERS ?= logical
BESIDE := --numprocesses $(WORKERS) --maxprocesses 4 --dist loadfile --no-loadscope-reorder
# What one process has compiled is there for the next, whatever the environment says: it saves a third of each start.
export PYTHONDONTWRITEBYTECODE :=
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PYTHON ?= $(shell for each in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)

.DEFAULT_GOAL := help
.PHONY: help demo serve test test-all lint bench browser guide translations

help: ## Print this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do \
		printf '%-22s %s\n' "  $$name" "$$text"; done

demo: .venv/product.stamp ## Start database and server, play the main job with real data, serve until Ctrl-C
	$(BIN)/minyi demo $(ARGS)

serve: .venv/product.stamp ## Start the service with the MINYI_* settings (`.venv/bin/minyi settings` explains them)
	$(BIN)/minyi serve $(ARGS)

# Linting computes and fetching a browser waits for the network: side by side.
test: .venv/product.stamp ## Lint, then every test that CI runs (about 15 minutes on two cores)
	@$(MAKE) --no-print-directory --jobs=2 lint browser
	$(BIN)/pytest $(BESIDE) $(ARGS)

test-all: .venv/product.stamp ## The same and the long matrices
	@$(MAKE) --no-print-directory --jobs=2 lint browser
	$(BIN)/pytest $(BESIDE) -m "not bench" $(ARGS)

lint: .venv/tools.stamp ## ruff, mypy and the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: .venv/tools.stamp ## Measure speed against a floor in the same run (results: CONTRIBUTING.md)
	$(BIN)/pytest -m bench -s $(ARGS) tests/bench

guide: browser .venv/tools.stamp ## Paint the guide's pictures anew, from the walks of the browser tests
	GUIDE_PICTURES=1 $(BIN)/pytest -q -m "not bench" $$(grep -l 'guide_pictures' -r tests/e2e)

translations: .venv/tools.stamp ## Compile the translated texts after editing a .po file
	$(BIN)/pybabel compile --directory service/web/translations

browser: ## See to a Chromium and a Chinese font for the browser tests
	@sh tests/browser-setup

# The environment is made anew when pyproject.toml changes.
.venv/product.stamp: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Minyi needs Python 3.11 or newer. Name one: make PYTHON=/path/to/python3.11 …' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || apt-get install --yes python3-venv || \
		{ echo 'This Python lacks its venv module. On Debian: apt-get install python3-venv' >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(PIP) install --upgrade 'pip>=25.1'
	$(PIP) install --editable '.[embedded,server]'
	@touch $@

.venv/tools.stamp: .venv/product.stamp
	$(PIP) install --group dev
	$(BIN)/npm install --prefix .venv/api-linter --no-save --no-fund --no-audit --loglevel=error @redocly/cli@2.77.0
	@touch $@
