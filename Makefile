# Everything a person does with Comptoir, one word each. Needs Python 3.11 or newer; nothing else for demo and test.
PYTHON ?= python3
PORT ?= 5000
VENV := .venv
RUN := $(VENV)/bin/python
FLASK := $(VENV)/bin/flask
READY := $(VENV)/.ready
WORDS := $(VENV)/.words

.DEFAULT_GOAL := help
.PHONY: help install demo run worker test lint format bench translations lock clean

help: ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-14s %s\n", $$1, $$2}'

# The locked packages are exact and checked by hash; the stamp makes a second call start at once.
$(READY): requirements.lock
	$(PYTHON) -c 'import sys; sys.exit("Comptoir needs Python 3.11 or newer.") if sys.version_info < (3, 11) else None'
	test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $(READY)

# The words of both languages, in the form that the code reads.
$(WORDS): catalog/text.py catalog/spelling.py $(READY)
	$(RUN) -m catalog.spelling
	touch $(WORDS)

MESSAGES := backoffice/translations/fr/LC_MESSAGES/messages
$(MESSAGES).mo: $(MESSAGES).po $(READY)
	$(VENV)/bin/pybabel -q compile -d backoffice/translations

install: $(READY) $(WORDS) $(MESSAGES).mo ## Make the virtual environment with the locked packages

demo: install ## Load the demo marketplace through the real pipeline and serve it (PORT=, DEMO_ONLY_LOAD=1)
	@if [ "$$DEMO_ONLY_LOAD" != "1" ]; then serve=--serve; fi; \
	  COMPTOIR_PROFILE=demo DATA_FOLDER=$${DATA_FOLDER:-instance/demo} BASE_URL=$${BASE_URL:-http://127.0.0.1:$(PORT)} \
	  $(FLASK) demo load --port $(PORT) $$serve

run: install ## Bring the database up to date and serve
	$(FLASK) db upgrade
	BASE_URL=$${BASE_URL:-http://127.0.0.1:$(PORT)} $(FLASK) serve --port $(PORT)

worker: install ## Work on jobs in a process of its own (as many as wanted where BROKER_URL is set)
	$(FLASK) jobs work

# One thread a process: learners that share two cores with two test processes wait for each other twenty times as long.
test: install ## Run every test this machine can run, and say what was skipped and why
	OMP_NUM_THREADS=1 $(RUN) -m pytest -n 2 -rs tests $(TESTS)

lint: install ## Check style, types and formatting
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

format: install ## Put the code in the house's form
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

bench: install ## Print the figures of the benchmarks that need no outside data
	$(RUN) -m tests.benchmarks.pages --sheets 2000
	$(RUN) -m tests.benchmarks.crash --kills 5

# Sorted and as wide as the file is kept, so that a new text is a change of its own lines alone.
translations: install ## Collect the texts and update the French file (then translate it)
	$(VENV)/bin/pybabel -q extract -F babel.cfg -k _l -k lazy_gettext -o /tmp/comptoir-messages.pot --project=Comptoir --no-location \
	  --sort-output .
	$(VENV)/bin/pybabel -q update -i /tmp/comptoir-messages.pot -d backoffice/translations --no-fuzzy-matching --ignore-obsolete \
	  --ignore-pot-creation-date -w 110

lock: ## Pin every package exactly, with hashes and without any address
	$(PYTHON) -m uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header -o requirements.lock

clean: ## Remove what was made here: environment, caches, demo data
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache instance
