# Every target installs what it needs first; that takes no time when nothing is missing.
REESTR := .venv/bin/reestr
PYTEST := .venv/bin/python -m pytest

.DEFAULT_GOAL := help
.PHONY: help install install-dev demo up down status logs test test-long check format bench features locks

help:
	@echo "make demo       bring the whole system up and play a story on it"
	@echo "make up         bring it up; make down, make status, make logs"
	@echo "make check      lint, formatting, types, import rules"
	@echo "make test       all tests but the long ones; make test-long runs those"
	@echo "make bench      speed against the plain way of doing the same"
	@echo "make features   what the system can do, and the tests that show it"
	@echo "make install    only install what running needs; install-dev: what tests need"

install:
	@deploy/install

install-dev:
	@deploy/install --dev

demo: install
	@$(REESTR) demo

up: install
	@$(REESTR) up

down status logs:
	@test -x $(REESTR) || { echo "Nothing is installed here yet: make up"; exit 1; }
	@$(REESTR) $@

# three at a time on any machine: the tests wait more than they work
test: install-dev
	$(PYTEST) -m "not long" --numprocesses 3 --dist loadscope

test-long: install-dev
	$(PYTEST) -m long --timeout 1800

check: install-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

format: install-dev
	.venv/bin/ruff check --fix-only --quiet .
	.venv/bin/ruff format .

bench: install-dev
	.venv/bin/python -m tests.bench

features: install-dev
	@.venv/bin/python -m tests.features

locks: install-dev
	cd requirements && ../.venv/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --output-file dev.txt dev.in
	cd requirements && ../.venv/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --constraint dev.txt --output-file runtime.txt runtime.in
