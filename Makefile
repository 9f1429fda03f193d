# `make help` says what there is.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
FLASK = set -a; . instance/settings.env; BASE_URL=$${BASE_URL:-http://127.0.0.1:$(PORT)}; set +a; $(BIN)/flask --app wsgi

.PHONY: help run test check lint types content assets bench rows pins migration test-sqlite test-postgresql

help: ## Say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

run: .venv/.run ## Serve the site on http://127.0.0.1:8000 (PORT changes it), with a demonstration scheme
	@$(BIN)/python -m app.firstrun instance
	@$(FLASK) db upgrade
	@$(FLASK) demo load --if-new
	@$(FLASK) demo sign-ins
	@echo "Serving on http://127.0.0.1:$(PORT) - Ctrl-C stops it."
	@set -a; . instance/settings.env; BASE_URL=$${BASE_URL:-http://127.0.0.1:$(PORT)}; set +a; \
	exec $(BIN)/gunicorn wsgi:app --bind 127.0.0.1:$(PORT) --worker-class gthread --workers 2 --threads 4 --preload --log-level warning

.venv/.run: requirements.txt
	@test -d .venv || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/.dev: .venv/.run requirements-dev.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

test: .venv/.dev ## Everything: linters, types, content, unit, site, browser and PostgreSQL tests
	@$(BIN)/python tests/everything.py

check: lint types content ## What can be checked without running the site

lint: .venv/.dev ## Ruff and djlint
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: .venv/.dev ## mypy, strictly
	@$(BIN)/mypy

content: .venv/.dev ## Check every chapter, case study and unit
	@$(BIN)/python -m app.firstrun instance
	@$(FLASK) check-content

assets: ## Build the style sheet and gather the fonts (the only target that needs Node)
	@cd assets && npm ci --silent && npm run --silent build

bench: .venv/.dev ## Print the table of speed and size, as ratios within one run
	@$(BIN)/python -m bench

rows: .venv/.dev ## List each row of docs/features.md with its tests, and the rows without one
	@$(BIN)/python tests/rows.py

pins: .venv/.dev ## Compile requirements.in and requirements-dev.in into pinned lists with hashes
	@for list in requirements requirements-dev; do $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11.0 $$list.in -o $$list.txt; done

migration: .venv/.dev ## Write a migration from what changed in the models: make migration NAME=0009_what
	@$(FLASK) db revision $(NAME)
