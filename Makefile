# The one door: every task, for people and for CI alike. `make` alone prints this list.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
# Recipes name these paths from this folder, whose own name may have spaces; only PATH needs the whole of it.
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(CURDIR)/node_modules/.bin:$(PATH)
export UV_LINK_MODE := copy
# Where it is set (CI, most images) each process and each worker of the tests compiles all of this again: 9 of 21 s of theirs.
unexport PYTHONDONTWRITEBYTECODE
UV := $(BIN)/uv
# Runs a step, and says how long it has taken already.
PATIENT := requirements/patient.py
INSTALL := pip install --quiet --compile-bytecode  # uv compiles nothing by itself, and every process would do it again
# uv, npm and jsii keep what they fetched in HOME, so they get one of this folder where the person's own can't be written.
ifneq (yes,$(shell mkdir -p "$$HOME/.cache" 2>/dev/null && test -w "$$HOME/.cache" && echo yes))
export HOME := $(CURDIR)/.home
endif
SYNC := $(if $(filter output-sync,$(.FEATURES)),--output-sync)  # what runs at once is told one after the other

.PHONY: help setup browser console demo up down test test-all test-iam localstack test-localstack check types lint security audit architecture format contracts docs site pictures bench bench-analytics lock clean
help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## install everything, pinned, into this folder
	@requirements/environment.sh "$(PYTHON)" "$(origin PYTHON)"
	@$(MAKE) --silent --jobs=3 .venv/.ready .engine/.ready node_modules/.ready

.venv/.uv: requirements/uv.lock
	@test -n "$(PYTHON)" || { echo "Takeaway needs Python 3.11 or newer: none found on PATH (or pass PYTHON=…)"; exit 1; }
	@"$(PYTHON)" $(PATIENT) "virtual environment ($(PYTHON))" "$(PYTHON)" -m venv --clear .venv
	@$(BIN)/python $(PATIENT) "installer of packages (requirements/uv.lock)" $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.lock
	@pwd >$@

.venv/.ready: .venv/.uv requirements/dev.lock pyproject.toml
	@VIRTUAL_ENV=.venv $(BIN)/python $(PATIENT) "packages of the project (requirements/dev.lock)" $(UV) $(INSTALL) --require-hashes -r requirements/dev.lock
	@VIRTUAL_ENV=.venv $(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q app.py contexts examples shared takeaway
	@for file in .venv/lib/python3*/site-packages/_takeaway.pth; do echo ../../../.. >$$file; done  # a path that is not ASCII ends Python 3.11 where LC_ALL=C
	@touch $@

.engine/.ready: .venv/.uv requirements/engine.lock
	@test -x .engine/bin/python || $(UV) venv --quiet --python $(BIN)/python .engine
	@VIRTUAL_ENV=.engine $(BIN)/python $(PATIENT) "the embedded engine (requirements/engine.lock)" $(UV) pip sync --quiet --compile-bytecode --require-hashes requirements/engine.lock
	@touch $@

.audit/.ready: .venv/.uv requirements/audit.lock
	@$(UV) venv --quiet --clear --python $(BIN)/python .audit
	@VIRTUAL_ENV=.audit $(UV) pip sync --quiet --require-hashes requirements/audit.lock
	@touch $@

node_modules/.ready: .venv/.ready package-lock.json
	@$(BIN)/python $(PATIENT) "the AWS CDK CLI and other tools of node (package-lock.json)" npm ci --silent --no-audit --no-fund
	@touch $@

tools/browser/node_modules/.ready: .venv/.ready tools/browser/package-lock.json
	@$(BIN)/python $(PATIENT) "a browser for the tests of pages (tools/browser/package-lock.json)" npm ci --prefix tools/browser --silent --no-audit --no-fund
	@touch $@

browser: setup tools/browser/node_modules/.ready ## install the browser that tests of pages use; `make test` does so by itself

console: up ## start the system, and open a page that shows it with 30 orders at random, live
	@takeaway console --open --orders 30

demo: setup ## the rule in five acts, with every order of examples/orders, on an engine of its own; then stops
	@takeaway demo

up: setup ## start the embedded engine and deploy to it (then: . .venv/bin/activate; takeaway --help)
	@takeaway up

down: setup ## stop what `make up` started
	@takeaway down

TEST := pytest --numprocesses=3 --no-loadscope-reorder

test: browser ## every promise of the product: unit, contract, architecture, infrastructure, workflow, end to end, faults
	@$(TEST) -m "not teaching"

test-all: browser ## the same, and what it is taught with: labs, the other wirings and their comparison, patched copies, a generated context
	@$(TEST)

test-iam: setup ## the tests of an engine, with everything in it acting under its own role's policy; each permission taken away
	@pytest --enforce-iam --numprocesses=2 --no-loadscope-reorder -m "engine and not own_stage" tests/system/e2e tests/system/iam

localstack: setup ## LocalStack in a container: start, deploy, the tests of an engine on it, stop (needs Docker)
	@python -m tools.localstack container $(if $(ALL),all)

test-localstack: setup ## the same; where there is no Docker, by the rig in LOCALSTACK_RIG (ALL=1: slow tests too)
	@python -m tools.localstack $(if $(ALL),all)

check: setup ## lint, format, docstrings, types, contracts, import rules, fitness functions and links of pages: two at a time, in under a minute
	@$(MAKE) --no-print-directory --jobs=2 $(SYNC) --old-file=setup types lint security architecture contracts site

types: setup
	@requirements/types.sh

lint: setup
	@ruff check .
	@ruff format --check .
	@python -m tools.docstrings

security: setup ## no secret in the code, templates and workflows as AWS's schemas and language want them (cdk-nag ends any synthesis)
	@python -m tools.secrets
	@python -m takeaway.check.templates.checked

audit: setup .audit/.ready ## known vulnerabilities of everything that is pinned; asks PyPI and npm, so it needs the internet
	@for lock in requirements/*.lock contexts/*/requirements*.txt examples/*/requirements.txt; do \
	    echo "$$lock"; .audit/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off -r "$$lock" || exit 1; done
	@npm audit
	@npm audit --prefix tools/browser

architecture: setup ## import rules and fitness functions (takeaway doctor tells each with its evidence)
	@takeaway doctor

contracts: setup ## publisher, schemas and consumers agree; no change breaks a consumer, or an open order (since BASE=revision; NO_BASE=1: there is none)
	@takeaway contracts
	@pytest tests/between/contract
	@takeaway contracts diff $(BASE) $(if $(NO_BASE),--no-base-ok)
	@takeaway workflow diff $(BASE) $(if $(NO_BASE),--no-base-ok)

format: setup ## format the code, mend what ruff can mend
	@ruff check --fix --quiet . || true
	@ruff format .

docs: setup ## write the generated pages anew
	@python -m takeaway.study.docs

site: setup ## build the documentation as a site, .site/html/index.html; a link that leads nowhere fails it
	@sphinx-build -q --fail-on-warning --keep-going --fresh-env --write-all --conf-dir docs/site --doctree-dir .site/doctrees . .site/html
	@echo "the documentation is in .site/html/index.html"

pictures: browser ## take the pictures of docs/pictures anew, from a run of all three wirings
	@python -m tools.pictures

bench: browser ## measure, and write the table of docs/performance.md (some alone: python -m tools.benchmarks "cold start")
	@python -m tools.benchmarks

bench-analytics: setup ## compaction and report over 100 thousand, 1 and 10 million events, measured
	@python -m tools.benchmarks.analytics

lock: .venv/.uv ## resolve the dependencies anew and write every lock file
	@requirements/lock.sh
	@npm install --package-lock-only --silent
	@npm install --package-lock-only --silent --prefix tools/browser

clean: ## stop what runs, remove what setup and runs made
	@test ! -x $(BIN)/takeaway || takeaway down --forget || true
	@test ! -d .localstack || python -m tools.localstack stop || true
	rm -rf .pictures .site .venv .engine .audit .assemblies .takeaway .localstack .home node_modules tools/browser/node_modules cdk.out cdk.context.json
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis .schemathesis *.egg-info contexts/analytics/report/page/echarts.min.js
	@find . -name .git -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
