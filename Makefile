# `make demo` and `make test` need Python >= 3.11, make and git; everything else goes into .venv.
PYTHON ?= python3
BIN := .venv/bin
FUZZ_SECONDS ?= 600

.PHONY: help demo test lint fuzz bench screenshot lock clean

help:
	@echo "make demo   make a real project that has drifted in every way, and check it"
	@echo "make test   lint, types, reqdrift's check of its own environment, all tests"
	@echo "make lint   the first three of these"
	@echo "make fuzz   the properties with very many examples, then bytes guided by coverage;"
	@echo "            FUZZ_SECONDS=600 for each of three targets, crashes are kept in .fuzz/failed"
	@echo "make bench  time reqdrift against uv and pip, draw the plot"
	@echo "make screenshot  render the report that the README shows"
	@echo "make lock   renew requirements.txt, the frozen development environment"
	@echo "make clean  remove what these made"

.venv/made: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python >= 3.11 is needed: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps --editable .
	@touch .venv/made

demo: .venv/made
	@$(BIN)/python tests/demo.py demo

lint: .venv/made
	$(BIN)/pre-commit run --all-files

test: lint
	$(BIN)/pytest --numprocesses auto

fuzz: .venv/made
	$(BIN)/pytest --numprocesses auto --hypothesis-profile fuzz \
		tests/properties tests/fuzz tests/test_fast_path.py tests/test_versions.py
	$(BIN)/python tests/fuzz/campaign.py .fuzz $(FUZZ_SECONDS)

bench: .venv/made
	$(BIN)/python benchmarks/bench.py --json benchmarks/latest.json --plot docs/benchmark.svg

screenshot: .venv/made
	$(BIN)/python tests/screenshot.py docs/screen.svg

lock:
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable . --group dev
	{ $(BIN)/python -m pip freeze --exclude-editable; $(BIN)/python -m pip freeze --all | grep '^pip=='; } \
		| LC_ALL=C sort --ignore-case > requirements.txt
	@touch .venv/made

clean:
	rm -rf .venv .fuzz demo .mypy_cache .pytest_cache .ruff_cache .hypothesis
