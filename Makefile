# Everything one does with Samen. `make` alone says what there is.

# A machine may forbid bytecode; then every process starts seconds slower.
unexport PYTHONDONTWRITEBYTECODE
export UV_COMPILE_BYTECODE = 1

# `make test PATH=tests/events` names tests; programs are still looked for where they were before.
ifeq ($(origin PATH),command line)
room := $(PATH)
override PATH := $(shell /usr/bin/tr '\0' '\n' < /proc/$$PPID/environ | /bin/sed -n 's/^PATH=//p')
endif

python = .venv/bin/python
pytest = $(python) -m pytest
on_all_cores = -n auto --dist worksteal
export WITH_MODELS = tests/events tests/registrations tests/feedback $(addprefix tests/project/,accounts outbox dashboard demo)
every_template = find templates -name '*.html' -exec

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help bootstrap run test test-fast test-deep bench lint without-types format messages lock

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name words; do printf '  make %-10s %s\n' "$$name" "$$words"; done

bootstrap: ## build .venv from the lock; instant when it is there
	@bin/bootstrap

run: bootstrap ## the whole demo on http://127.0.0.1:8000 (PORT=, DATA_DIR=)
	@DEMO=1 $(python) manage.py up

ifdef room
test: bootstrap
	@$(pytest) -q -m 'not deep' $(on_all_cores) $(room)
else
test: lint ## every check there is; PATH=tests/events: only these tests, on PostgreSQL
	@bin/run-tests
endif

test-fast: lint ## the same without browser, slow tests and SQLite
	@echo '==> tests on PostgreSQL'
	@$(pytest) -q -m 'not (browser or slow or deep)' $(on_all_cores)

test-deep: bootstrap ## the long proofs
	@TEST_DEEP=1 $(pytest) --hypothesis-profile=deep
	@echo '==> every case on SQLite'
	@TEST_DATABASE_URL=sqlite:///:memory: $(pytest) -q -m 'not (postgresql or browser or slow or deep)' $(on_all_cores) $(WITH_MODELS)

bench: bootstrap ## measurements as ratios, some minutes (BENCH_ROWS= for fewer registrations)
	@$(python) -m tests.bench

lint: bootstrap ## format, style, types, directions, templates
	@mkdir -p .data/tests && { DEMO=1 $(python) -m mypy --no-error-summary > .data/tests/types.log 2>&1; echo $$? > .data/tests/types.status; } & \
	$(MAKE) --no-print-directory without-types; others=$$?; wait; \
	echo '==> types' && cat .data/tests/types.log && exit $$((others + $$(cat .data/tests/types.status)))

without-types: # beside the types, which take as long as all of these
	@echo '==> format' && $(python) -m ruff format --check --quiet .
	@echo '==> style' && $(python) -m ruff check --quiet .
	@echo '==> directions' && { words=$$(.venv/bin/lint-imports --no-logo 2>&1) || { echo "$$words"; exit 1; }; }
	@echo '==> templates' && $(every_template) .venv/bin/djade --check --target-version 5.2 {} + && $(python) -m djlint templates --lint --quiet

format: bootstrap ## let the tools format what they can
	@$(python) -m ruff format --quiet . && $(python) -m ruff check --fix --quiet . ; $(every_template) .venv/bin/djade --target-version 5.2 {} + || true

messages: bootstrap ## bring locale/ up to date with the texts in code and templates
	@DEMO=1 $(python) manage.py messages

lock: ## renew requirements.txt from pyproject.toml; needs uv
	@uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --group dev --upgrade pyproject.toml -o requirements.txt
