# Everything needs only make and Python 3.11 or newer; the rest is fetched into .venv and node_modules.

ifndef PYTHON
PYTHON := $(shell for p in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
endif
ifeq ($(PYTHON),)
$(error Python 3.11 or newer is needed: install python3 and run make again)
endif
SETUP = $(PYTHON) scripts/setup.py
RUN = .venv/bin
COMPILE = $(RUN)/uv pip compile --quiet --universal --generate-hashes --no-header pyproject.toml --extra embedded --group build

.DEFAULT_GOAL := help
.PHONY: help demo setup assets test check format prove bench module lock
MAKEFLAGS += --no-print-directory

help:
	@echo "make demo     run everything here with invented data (PORT, HJELPA_DATA_DIR)"
	@echo "make test     every test            make check    format, lint, types, layers"
	@echo "make prove    slow proofs           make bench    figures for docs/performance.md"
	@echo "make module name=x   lay out a new module          make lock   resolve the locks anew"

demo:
	@$(SETUP) runtime
	@exec $(RUN)/hjelpa demo

setup:
	@$(SETUP) dev

assets: setup
	@$(RUN)/hjelpa assets build

test: assets
	@CHROMIUM="$$($(SETUP) chromium)" && export CHROMIUM && exec $(RUN)/python -m pytest -q -n 2 --dist loadgroup --no-loadscope-reorder tests

check: setup
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/mypy
	$(RUN)/lint-imports

format: setup
	$(RUN)/ruff format .
	$(RUN)/ruff check --fix .

prove: assets
	@CHROMIUM="$$($(SETUP) chromium)" && export CHROMIUM && exec $(RUN)/python -m pytest -q -n 2 --dist loadgroup -m prove tests

bench: assets
	@exec $(RUN)/python -m bench

module: setup
	@test -n "$(name)" || { echo "Name the module: make module name=meetings" >&2; exit 2; }
	@exec $(RUN)/python scripts/new_module.py "$(name)"

lock: setup
	$(COMPILE) $(upgrade) --output-file requirements/runtime.lock
	$(COMPILE) $(upgrade) --group dev --output-file requirements/dev.lock
