# Two commands are all a newcomer needs: `make run` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: run test check lint types imports migrations messages browser clean

run: $(STAMP)
	@$(BIN)/goodword run

test: $(STAMP)
	@$(BIN)/python -m pytest -n auto -m "not browser"

browser: $(STAMP)
	@$(BIN)/python -m pytest -m browser

check: lint types imports test

lint: $(STAMP)
	@$(BIN)/ruff check goodword tests

types: $(STAMP)
	@GOODWORD_TESTING=1 $(BIN)/mypy

imports: $(STAMP)
	@$(BIN)/lint-imports

migrations: $(STAMP)
	@GOODWORD_TESTING=1 $(BIN)/python -m django makemigrations --settings goodword.settings --skip-checks

$(STAMP): pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test]"
	@touch $(STAMP)

clean:
	rm -rf .venv var
