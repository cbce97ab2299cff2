# `make demo` and `make test` need Python >= 3.11, make and git. All other tools go into .venv.
PYTHON ?= python3
BIN := .venv/bin
FUZZ_SECONDS ?= 600
LAUNCHER ?= pip

# Variables from a hook or a shell may be about another repository or environment.
unexport GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_PREFIX GIT_COMMON_DIR GIT_OBJECT_DIRECTORY
unexport VIRTUAL_ENV CONDA_PREFIX REQDRIFT_PYTHON

.PHONY: help demo test-fast test test-all lint fuzz bench screenshot lock clean

help:
	@echo "make demo        create a project that has drifted in every way, and check it"
	@echo "make test-fast   run the tests that start no other program (a minute)"
	@echo "make test        run lint and all tests except long ones (ten minutes)"
	@echo "make test-all    run lint and all tests, with more examples of each property (up to an hour)"
	@echo "make lint        run ruff, mypy, and reqdrift on its own environment"
	@echo "make fuzz        run property tests with many examples, then coverage-guided fuzzing:"
	@echo "                 FUZZ_SECONDS=600 for each of three targets; crashes are in .fuzz/failed"
	@echo "make bench       measure reqdrift, uv, pip and hooks, and draw the chart;"
	@echo "                 LAUNCHER=pip, pip23 or uv: how reqdrift is installed"
	@echo "make screenshot  render the screenshot in the README"
	@echo "make lock        update requirements.txt, the frozen development environment"
	@echo "make clean       remove generated files"

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

test-fast: .venv/made
	$(BIN)/pytest --numprocesses auto --no-programs

test: lint
	$(BIN)/pytest --numprocesses auto -m 'not long'

test-all: lint
	$(BIN)/pytest --numprocesses auto --hypothesis-profile long

fuzz: .venv/made
	$(BIN)/pytest --numprocesses auto --hypothesis-profile fuzz \
		tests/properties tests/fuzz tests/drift tests/standards
	$(BIN)/python tests/fuzz/campaign.py .fuzz $(FUZZ_SECONDS)

bench: .venv/made
	$(BIN)/python benchmarks/bench.py --launcher $(LAUNCHER) --json benchmarks/latest.json --plot docs/benchmark.svg

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
