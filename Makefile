# `make demo` and `make test` need Python >= 3.11, make and git. All other tools go into .venv.
PYTHON ?= python3
BIN := .venv/bin
FUZZ_SECONDS ?= 600
ROUNDS ?= 15
BASE ?= origin/main

# Variables from a hook or a shell may be about another repository or environment.
unexport GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_PREFIX GIT_COMMON_DIR GIT_OBJECT_DIRECTORY
unexport VIRTUAL_ENV CONDA_PREFIX REQDRIFT_PYTHON

.PHONY: help demo test-fast test test-lowest test-all test-wasm lint fuzz bench screens docs comparison \
	changelog-check prepare-release release-check lock clean

# What follows `##` is the help of a target.
help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1:/p' Makefile | while IFS=: read -r name what; do \
		printf 'make %-16s %s\n' "$$name" "$$what"; done

.venv/made: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python >= 3.11 is needed: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps --editable .
	@touch .venv/made

# Tools that most contributors never need: a folder in .tools for each group in pyproject.toml.
.tools/%/made: tools/%.txt
	$(PYTHON) -m venv .tools/$*
	.tools/$*/bin/python -m pip install --quiet --disable-pip-version-check --requirement tools/$*.txt
	@touch $@

demo: .venv/made  ## create a project that has drifted in every way, and check it
	@$(BIN)/python tests/demo.py demo

lint: .venv/made  ## run ruff, mypy, reqdrift on its own environment, and linters of workflows
	$(BIN)/pre-commit run --all-files

test-fast: .venv/made  ## run the tests that start no other program, with few examples (half a minute)
	$(BIN)/pytest --numprocesses auto --no-programs --hypothesis-profile fast

test: lint  ## run lint and all tests except long ones (two minutes)
	$(BIN)/pytest --numprocesses auto -m 'not long'

# The frozen environment, but what reqdrift needs is as old as it may be. rich 10 asks for a
# typing-extensions that is too old for jsonschema, and works with a newer one.
.tools/lowest/made: requirements.txt pyproject.toml .venv/made
	$(PYTHON) -m venv --clear .tools/lowest
	$(BIN)/uv pip compile --quiet --python .tools/lowest --resolution lowest-direct \
		--no-emit-package typing-extensions --output-file .tools/lowest/oldest.txt pyproject.toml
	$(BIN)/uv pip install --quiet --python .tools/lowest --no-deps --requirement requirements.txt
	$(BIN)/uv pip install --quiet --python .tools/lowest --no-deps --editable . \
		--requirement .tools/lowest/oldest.txt
	@touch $@

test-lowest: .tools/lowest/made  ## run what judges and reports with the oldest dependencies (a minute)
	.tools/lowest/bin/python -m pytest --numprocesses auto -m 'not long' \
		tests/standards tests/requirements tests/drift tests/report tests/test_cases.py

# Long tests need servers, package indexes and time: one that fails is run once more, by itself.
test-all: lint test-lowest  ## run lint, test-lowest and all tests, with more examples of each property (20 minutes)
	$(BIN)/pytest --numprocesses auto --hypothesis-profile long -m 'not long'
	$(BIN)/pytest --numprocesses auto --hypothesis-profile long -m long \
		|| $(BIN)/pytest --last-failed --last-failed-no-failures none -m long

test-wasm: .venv/made  ## run what starts no program on CPython 3.14, as WebAssembly (needs node)
	$(BIN)/python tools/wasm.py $(TESTS)

fuzz: .venv/made  ## run property tests with many examples, then coverage-guided fuzzing (FUZZ_SECONDS=600)
	$(BIN)/pytest --numprocesses auto --hypothesis-profile fuzz \
		tests/properties tests/fuzz tests/drift tests/standards
	$(BIN)/python tests/fuzz/campaign.py .fuzz $(FUZZ_SECONDS)

bench: .venv/made  ## measure reqdrift, uv and pip, and write the tables of docs/performance.md (ROUNDS=15)
	$(BIN)/python benchmarks/bench.py --rounds $(ROUNDS) $(if $(REAL),--real $(REAL))

screens: .venv/made  ## draw the pictures in README and docs/
	$(BIN)/python tests/screens.py docs/screens

docs: .tools/docs/made  ## build the site in site/; any broken link is an error
	.tools/docs/bin/python tools/docs.py

comparison: .tools/comparison/made  ## run other tools on a drifting project, and write docs/comparison.md
	.tools/comparison/bin/python tools/comparison.py

changelog-check: .tools/release/made  ## check that a user-visible change has a fragment (BASE=origin/main)
	.tools/release/bin/towncrier check --compare-with $(BASE)

prepare-release: .tools/release/made  ## set the version and write its changelog (VERSION=X.Y.Z)
	.tools/release/bin/python tools/prepare_release.py $(VERSION)

release-check: .tools/release/made  ## build, check and install a release, without publishing it (DIST=folder to keep it)
	.tools/release/bin/python tools/release_check.py $(DIST)

lock:  ## update requirements.txt and tools/*.txt, the frozen environments of the groups
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable . --group dev
	$(call freeze,.venv) > requirements.txt
	@touch .venv/made
	for group in release docs comparison; do \
		$(PYTHON) -m venv --clear .tools/$$group \
			&& .tools/$$group/bin/python -m pip install --quiet --upgrade pip \
			&& .tools/$$group/bin/python -m pip install --quiet --group $$group \
			&& $(call freeze,.tools/$$group) > tools/$$group.txt \
			&& touch .tools/$$group/made || exit 1; \
	done

freeze = { $1/bin/python -m pip freeze --exclude-editable; $1/bin/python -m pip freeze --all | grep '^pip=='; } \
	| LC_ALL=C sort --ignore-case

clean:  ## remove generated files
	rm -rf .venv .tools .fuzz demo site .mypy_cache .pytest_cache .ruff_cache .hypothesis
