# make demo   open the platform with a small living territory      (PORT SIZE SEED OPEN=0)
# make test   all tests on both databases and in the browser        (LEGS="sqlite" ARGS="-k locate")
# make check  style, types, import contracts, documents, requirements
# make bench  the budgets, printed as JSON                          (NAME=locate)
# make docs   write the generated pages of docs/reference, .importlinter, tests of requirements
# make mutants  change 100 operators in the rules; 85 must be caught
# make soak   property tests with large counts
# make lock   write the lock files anew (needs a package registry)
#
# Every target runs `setup` first, which does nothing when nothing changed.

ifndef PYTHON
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
endif
PORT ?= 8000
SIZE ?= small
SEED ?= 1
OPEN ?= 1
NAME ?= all
BENCHES := locate create-case case-list import clocks journals
LEGS ?=
ARGS ?=
PY := .venv/bin/python
LOCK := .venv/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench docs mutants soak lock

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

setup:
	@test -n "$(PYTHON)" || { echo "gridward needs Python 3.11 or newer; none was found" >&2; exit 1; }
	@$(PYTHON) tools/setup.py

demo: setup
	@OPEN=$(OPEN) .venv/bin/gridward demo --size $(SIZE) --seed $(SEED) --port $(PORT)

test: setup
	@$(PY) -m tools.legs $(LEGS) -- $(ARGS)

check: setup
	@$(PY) -m tools.check

bench: setup
	@state=0; for name in $(if $(filter all,$(NAME)),$(BENCHES),$(NAME)); do \
		.venv/bin/gridward bench $$name --json || state=1; done; exit $$state

docs: setup
	@$(PY) -m tools.requirements --fill
	@$(PY) -m tools.docs --write

mutants: setup
	@$(PY) -m tools.mutants

soak: setup
	@GRIDWARD_TEST_PROFILE=soak $(PY) -m tools.legs fast -- $(ARGS)

lock: setup
	$(LOCK) --upgrade --output-file requirements/run.lock pyproject.toml
	$(LOCK) --upgrade --extra dev --constraint requirements/run.lock --output-file requirements/dev.lock pyproject.toml requirements/lock.in
	$(LOCK) --upgrade --output-file requirements/node.lock requirements/node.in
