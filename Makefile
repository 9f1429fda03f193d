# `make help` says what there is.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
ADDRESS = $${BASE_URL:-http://127.0.0.1:$(PORT)}
SETTINGS = set -a; . instance/settings.env; BASE_URL=$(ADDRESS); set +a
FLASK = $(SETTINGS); $(BIN)/flask --app wsgi
NEWEST = "import sys; sys.exit(sys.version_info < (3, 11) and 'Towpath needs Python 3.11 or newer; name it with PYTHON=...')"
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: help run preview test check lint types content manual assets bench rows routes pins migration

help: ## Say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1@\2/' | awk -F@ '{printf "%-18s%s\n", $$1, $$2}'

run: .venv/.run ## Serve the site on http://127.0.0.1:8000 (PORT changes it), with a demonstration scheme
	@$(BIN)/python -m app.firstrun instance
	@$(FLASK) db upgrade
	@$(FLASK) demo load --if-new
	@$(FLASK) demo sign-ins
	@echo "Serving on http://127.0.0.1:$(PORT) - Ctrl-C stops it."
	@$(SETTINGS); exec $(BIN)/gunicorn wsgi:app --bind 127.0.0.1:$(PORT) --worker-class gthread --workers 2 --threads 4 --preload --log-level warning

preview: .venv/.run ## For authors: serve the site, reading the manual again whenever a file is saved
	@$(BIN)/python -m app.firstrun instance
	@$(SETTINGS); exec $(BIN)/python -m app.authoring

.venv/.run: requirements.txt
	@$(PYTHON) -c $(NEWEST)
	@test -x $(BIN)/python && $(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@$(PIP) -r requirements.txt
	@touch $@

.venv/.dev: .venv/.run requirements-dev.txt
	@$(PIP) -r requirements-dev.txt
	@touch $@

test: .venv/.dev ## Everything: linters, types, content, unit, site, browser and PostgreSQL tests
	@$(BIN)/python tests/everything.py

check: lint types content ## What can be checked without running the site

lint: .venv/.dev ## Ruff
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: .venv/.dev ## mypy, strictly
	@$(BIN)/mypy

content: .venv/.dev ## Check every chapter, case study and unit
	@$(BIN)/python -m app.firstrun instance
	@$(FLASK) check-content

manual: .venv/.run ## Write the manual as PDF and EPUB into instance/manual
	@$(BIN)/python -m app.firstrun instance
	@$(FLASK) manual build instance/manual

assets: ## Build the style sheet and gather the fonts (the only target that needs Node)
	@cd assets && npm ci --silent && npm run --silent build

bench: .venv/.dev ## Print the table of speed and size, as ratios within one run
	@$(BIN)/python -m bench

rows: .venv/.dev ## List each row of docs/features.md with its tests, and the rows without one
	@$(BIN)/python tests/rows.py

routes: .venv/.dev ## Write the table of pages and who may open each (tests/routes.txt), to be reviewed
	@$(BIN)/python -m tests.routes

pins: .venv/.dev ## Compile requirements.in and requirements-dev.in into pinned lists with hashes
	@for list in requirements requirements-dev; do $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11.0 $$list.in -o $$list.txt; done

migration: .venv/.dev ## Write a migration from what changed in the models: make migration NAME=0009_what
	@test -n "$(NAME)" || { echo "Say which: make migration NAME=0009_what"; exit 1; }
	@$(BIN)/python -m app.firstrun instance
	@$(FLASK) db upgrade
	@$(FLASK) db revision $(NAME)
