# Two commands for a newcomer: `make demo` and `make test`. Each makes the environment it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.PHONY: demo test setup check fix bench mutants clean
.DEFAULT_GOAL := help

help:
	@echo "make demo   a made-up hospital on this machine; prints the address and who to sign in as"
	@echo "make test   every test, on SQLite and on PostgreSQL where it is installed"
	@echo "make check  format, lint, types, imports, templates, migrations, translations"
	@echo "make fix    mends format and lint where a program can"
	@echo "make bench  measures; ARGS='--tickets 10000 --json FILE'"
	@echo "make mutants  changes one thing at a time in the rules and asks whether a test notices; ARGS='saksgang.access.*'"

$(VENV)/run.stamp: requirements/run.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

setup: $(VENV)/dev.stamp

demo: $(VENV)/run.stamp
	@$(BIN)/saksgang demo $(ARGS)

test: setup
	@$(BIN)/python scripts/test.py $(ARGS)

check: setup
	@$(BIN)/python scripts/check.py

fix: setup
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .

bench: setup
	@$(BIN)/python -m bench $(ARGS)

mutants: setup
	@$(BIN)/python scripts/mutants.py $(ARGS)

clean:
	rm -rf $(VENV) mutants .pytest_cache .mypy_cache .ruff_cache
