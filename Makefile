# `make run` and `make test` set up all they need; a stamp keeps the second start from setting up again.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PROJECTS := pyproject.toml $(wildcard plugins/*/pyproject.toml)
EDITABLE := $(foreach project,$(PROJECTS),-e $(patsubst %/,%,$(dir $(abspath $(project)))))
PACKAGES := gateway scripts tests bench $(notdir $(wildcard plugins/*/gateway_*)) $(subst /,.,$(wildcard plugins/*/tests))
UV := uv==0.13.9
# Extras stay in the lock: pip before 23.3 takes a pin without its extra for another package, and the newest version for that.
COMPILE := $(BIN)/uv pip compile $(PROJECTS) --no-strip-extras --universal --python-version 3.11 --generate-hashes --upgrade \
	--no-header --no-annotate --no-emit-package onethread --quiet

.DEFAULT_GOAL := help
.PHONY: help run test coverage lint format types bench lock vendor words clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/ready-to-run ## Start Onethread; ONETHREAD_* variables reach it
	@exec $(BIN)/gateway serve

test: $(VENV)/ready-to-test node_modules/ready system-packages lint types ## Check everything: style, types, layers, tests with real servers and a browser
	@$(BIN)/python -m scripts.run_tests $(ARGS)

# Counting lines makes what runs in this process half as slow again: it is asked for by itself.
coverage: ARGS += --cov --cov-report=term:skip-covered
coverage: test ## The same, and show which lines no test runs

lint: $(VENV)/ready-to-test ## Check style
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/ready-to-test ## Check types
	@$(BIN)/mypy $(foreach package,$(PACKAGES),-p $(package))

format: $(VENV)/ready-to-test ## Bring the code into its style
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

bench: $(VENV)/ready-to-test node_modules/ready ## Measure against peers and limits; prints ratios
	@scripts/system-packages bench
	@$(BIN)/python -m bench $(ARGS)

lock: $(VENV)/ready-to-test ## Pin every dependency again, with hashes
	@$(BIN)/python -m pip install --quiet $(UV)
	@$(COMPILE) --group build --output-file requirements/run.txt
	@$(COMPILE) --group build --group test --constraint requirements/run.txt --output-file requirements/test.txt
	@npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved --no-fund --no-audit
	@$(BIN)/python scripts/plain_lock.py

vendor: $(VENV)/ready-to-run node_modules/ready ## Copy the browser libraries from node_modules into the static folder
	@$(BIN)/python scripts/vendor.py

words: $(VENV)/ready-to-run ## Bring the catalogs of languages up to what the pages say
	@$(BIN)/python -m scripts.words $(ARGS)

clean: ## Remove what set-up and tests leave behind (data stays)
	@rm -rf $(VENV) node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.* htmlcov

.PHONY: system-packages
system-packages:
	@scripts/system-packages

# Where Python comes without ensurepip, the pip beside it can still fill the folder.
$(BIN)/python:
	@$(PYTHON) -m venv $(VENV) || { \
		$(PYTHON) -m venv --clear --without-pip $(VENV) && \
		$(PYTHON) -m pip --python $(BIN)/python install --quiet pip; }

$(VENV)/ready-to-run: requirements/run.txt $(PROJECTS) | $(BIN)/python
	@echo "Setting up Python packages (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation $(EDITABLE)
	@touch $@

$(VENV)/ready-to-test: requirements/test.txt $(VENV)/ready-to-run
	@echo "Setting up test packages (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@$(BIN)/python -m pip check
	@touch $@

node_modules/ready: package.json package-lock.json
	@echo "Setting up test peers and browser libraries (once)"
	@npm ci --ignore-scripts --no-fund --no-audit --loglevel=error
	@touch $@
