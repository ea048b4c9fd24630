# make demo and make test are all a newcomer types; each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# Rooms of decisions, whose branches are counted: 95 % of all together, and of each, so that none hides behind another.
DECISIONS := watchlist settings due decide tell discover text compare meaning report alerts
COUNTED := $(foreach room,$(DECISIONS),monitor/$(room).py,monitor/$(room)/*,)

.PHONY: demo test lint reliability benchmarks lock clean

demo: $(STAMP)
	$(BIN)/policy-monitor demo

test: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest --counted=without
	$(BIN)/pytest --counted=only --cov --cov-report=
	$(BIN)/coverage report --sort=cover --fail-under=95 --omit='*.html,*.txt' --include='$(COUNTED)'
	@set -e; for room in $(DECISIONS); do printf '%-10s' $$room; \
	  $(BIN)/coverage report --format=total --precision=1 --fail-under=95 --omit='*.html,*.txt' \
	    --include="monitor/$$room.py,monitor/$$room/*"; done

benchmarks: $(STAMP)
	$(BIN)/python -m benchmarks

reliability: $(STAMP)
	$(BIN)/python -m benchmarks.reliability

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(STAMP)

lock:
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --extra dev --extra build -o requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) demo .pytest_cache .mypy_cache .ruff_cache .coverage
