# make demo and make test are all a newcomer types; each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

DECISIONS := $(wildcard tests/decide tests/watchlist tests/setup tests/text tests/compare tests/meaning tests/report tests/alerts tests/check)

.PHONY: demo test lint reliability benchmarks lock clean

demo: $(STAMP)
	$(BIN)/policy-monitor demo

test: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest
	$(BIN)/pytest -q -p no:randomly --cov --cov-report= -m "not browser and not strace and not data" -k "not take_less_than and not grow and not quick and not second" $(DECISIONS)
	$(BIN)/coverage report --skip-covered --sort=cover --omit='*.html,*.txt' --include='monitor/text/*,monitor/meaning/*,monitor/alerts/*'
	$(BIN)/coverage report --skip-covered --fail-under=95 --omit='*.html,*.txt' --include='monitor/decide.py,monitor/due.py,monitor/watchlist/*,monitor/settings.py,monitor/compare/*,monitor/report/*'

benchmarks: $(STAMP)
	$(BIN)/python -m benchmarks

reliability: $(STAMP)
	$(BIN)/python -m benchmarks.reliability

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(STAMP)

lock:
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --extra dev --extra build -o requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) demo .pytest_cache .mypy_cache .ruff_cache .coverage
