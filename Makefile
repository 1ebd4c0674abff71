# Everything one does with Forum from a clone. `make` alone lists it.
# Each stamp is younger than the lock it was installed from, so that nothing is installed twice.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
export PIP_DISABLE_PIP_VERSION_CHECK := 1

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
PIP := $(PY) -m pip --quiet
RUN_READY := $(VENV)/ready-to-run
DEV_READY := $(VENV)/ready-to-develop

# Test files side by side: much of what they do is waiting, for clocks, browsers and disks.
JOBS := 3
LOCALE := forum/locale
SCRIPTS = $(shell find static -name '*.js' -not -path '*/vendor/*' 2>/dev/null)

.PHONY: help run test further share pythons check cover faults fuzz format bench hands soak simulate mutants browsers validate pictures documents ears messages schema lock wheel release clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUN_READY) ## Start Forum and print its addresses (ARGS="--port 9000" to change something)
	@exec $(BIN)/forum serve $(ARGS)

test: $(DEV_READY) ## Run every test, with a real store and a real browser (ARGS="-k vote" for some)
	@$(PY) tests/chromium.py >/dev/null
	@$(PY) -m tests.again -n $(JOBS) --dist loadfile $(ARGS)

further: $(DEV_READY) ## Run every case of the tests of which "make test" tries the first (ARGS="-k access" for some)
	@$(PY) tests/chromium.py >/dev/null
	@FORUM_FURTHER=all $(PY) -m tests.again -n $(JOBS) --dist loadfile -m further $(ARGS) tests/browser

share: $(DEV_READY) ## Run one share of faults, simulation, browsers, hands and further cases, by the number of the commit (SHARE=3 for one)
	@$(PY) tests/chromium.py >/dev/null
	@$(PY) -m tests.share $(SHARE)

pythons: $(DEV_READY) ## Run the quick tests on every Python from 3.11 to 3.14 that is here, and name those that are not
	@$(PY) -m tests.pythons $(VERSIONS)

check: $(DEV_READY) ## Check format, lint, types, layers, dependencies, dead code, sizes, templates, the Containerfile, scripts
	$(BIN)/ruff format --check --quiet
	$(BIN)/ruff check --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/deptry .
	$(BIN)/vulture
	$(PY) -m tests.sizes
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/hadolint Containerfile
	@node=$$($(PY) tests/chromium.py node) && for script in $(SCRIPTS); do "$$node" --check "$$script" || exit 1; done

cover: $(DEV_READY) ## Show which branches of the rules no test of the rules takes
	@$(BIN)/coverage run -m pytest --quiet tests/domain $(ARGS)
	@$(BIN)/coverage report --include 'forum/domain/*'

faults: $(DEV_READY) ## Break everything that can break, and print what was expected and seen (ROWS=4,5 for some)
	@$(PY) tests/chromium.py >/dev/null
	@$(PY) -m tests.faults $(ROWS)

format: $(DEV_READY) ## Format the Python files, and mend what ruff can
	$(BIN)/ruff check --fix-only --quiet
	$(BIN)/ruff format --quiet

fuzz: $(DEV_READY) ## Go on fuzzing from the kept corpus (MINUTES=10, TARGETS="play fact")
	@$(PY) -m tests.attack.fuzz --minutes $(or $(MINUTES),10) $(TARGETS)

bench: $(DEV_READY) ## Measure Forum beside its yardsticks
	@$(PY) -m tests.bench $(ARGS)

hands: $(DEV_READY) ## Let five phones and two desks be touched by hurried hands, and judge it (SEED=1 SEEDS=5 GESTURES=400)
	@$(PY) tests/chromium.py >/dev/null
	@$(PY) -m tests.hands $(if $(SEED),--seed $(SEED)) $(if $(SEEDS),--seeds $(SEEDS)) $(if $(GESTURES),--gestures $(GESTURES))

soak: $(DEV_READY) ## Hours of forums on one server, and what grew (MINUTES=120 PEOPLE=120 SEED=1 OUT=build/soak.jsonl)
	@$(PY) -m tests.soak $(if $(MINUTES),--minutes $(MINUTES)) $(if $(PEOPLE),--people $(PEOPLE)) \
	  $(if $(SEED),--seed $(SEED)) $(if $(OUT),--out $(OUT))

simulate: $(DEV_READY) ## Run whole forums in virtual time, with faults (SEEDS=2000, MUTANTS=1, CASE='17 people=2')
	@$(PY) -m tests.sim $(if $(CASE),--case '$(CASE)') $(if $(SEEDS),--seeds $(SEEDS)) $(if $(MUTANTS),--mutants) $(ARGS)

mutants: $(DEV_READY) ## Plant mistakes in the rules and see that their tests notice them (COUNT=100 SEED=7 ONLY=ballot)
	@$(PY) -m tests.mutants $(if $(SEED),--seed $(SEED)) $(if $(COUNT),--count $(COUNT)) $(if $(ONLY),--only $(ONLY))

browsers: $(DEV_READY) ## Live a whole forum in every engine that phones carry, as a table (ENGINES="wpe firefox")
	@$(PY) tests/chromium.py >/dev/null
	@$(PY) -m tests.browsers.floor
	@$(PY) -m tests.browsers $(ENGINES)

validate: $(DEV_READY) ## Show every kind of page to Nu, html-validate, axe in three engines, Lighthouse (VALIDATORS="nu axe")
	@$(PY) tests/chromium.py >/dev/null
	@$(PY) -m tests.validate $(VALIDATORS)

pictures: $(DEV_READY) ## Take the README's pictures from the demo
	@$(PY) tests/chromium.py >/dev/null
	@TZ=Europe/Paris $(PY) -m tests.pictures $(ARGS)

documents: $(DEV_READY) ## Open every document by other programs, then write each, with a picture of each page, into build/documents
	@$(PY) tests/chromium.py >/dev/null
	@$(PY) -m tests.documents

ears: $(DEV_READY) ## Write down anew what is heard of a forum, in every language (tests/browser/ears)
	@FORUM_EARS=1 FORUM_FURTHER=all $(PY) -m pytest -q -n 0 tests/browser/test_ears.py

messages: $(DEV_READY) ## Collect the sentences to translate into every catalogue (NEW=de starts a language)
	@mkdir -p build
	@$(BIN)/pybabel --quiet extract -F pyproject.toml -k say -k refuse -k say_many:1,2 -c "Translators:" --add-location=file \
	  --sort-by-file --project Forum --copyright-holder "The Forum authors" -o build/forum.pot .
	@$(if $(NEW),$(BIN)/pybabel --quiet init -i build/forum.pot -d $(LOCALE) -D forum -l $(NEW) -w 110)
	@for source in $(LOCALE)/*/LC_MESSAGES/forum.po; do language=$${source#$(LOCALE)/}; \
	  $(BIN)/pybabel --quiet update -i build/forum.pot -d $(LOCALE) -D forum -l "$${language%%/*}" -w 110 \
	    --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date || exit 1; done

schema: $(DEV_READY) ## Write the JSON Schema of the export anew, from what it tells
	@$(BIN)/python -c 'import sys; from forum.exports.json_schema import schema; sys.stdout.buffer.write(schema())' \
	  > forum/exports/schema/export-1.json.new
	@mv forum/exports/schema/export-1.json.new forum/exports/schema/export-1.json

lock: ## Resolve the locks anew, from pyproject.toml (needs uv)
	@command -v uv >/dev/null || { echo "This needs uv. Cure: pipx install uv" >&2; exit 1; }
	uv pip compile pyproject.toml --group build --exclude-newer "7 days" --upgrade --quiet -o requirements.lock
	uv pip compile pyproject.toml --group dev -c requirements.lock --exclude-newer "7 days" --upgrade --quiet \
	  -o requirements-dev.lock

wheel: $(DEV_READY) ## Build the wheel, and try it in an empty environment
	@rm -rf dist
	@$(PIP) wheel --no-deps --no-build-isolation -w dist .
	@$(PY) tests/wheel.py dist/*.whl

release: $(DEV_READY) ## Make what a release gives out: wheel, checksums, notes (the heading of CHANGELOG.md names the version)
	@$(PY) -m tests.release

clean: ## Remove what was built (not .venv, not the data)
	@rm -rf build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .coverage htmlcov test-results
	@find forum tests -name __pycache__ -type d -prune -exec rm -rf {} +

# -- set-up ---------------------------------------------------------------------------------------

$(RUN_READY): requirements.lock pyproject.toml | $(PY)
	@echo "Installing what Forum needs into $(VENV) (once)…"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_READY): requirements-dev.lock $(RUN_READY)
	@echo "Installing what the tests and checks need into $(VENV) (once)…"
	@$(PIP) install --require-hashes --no-build-isolation --use-pep517 -r requirements-dev.lock
	@touch $@

# First the versions for which every dependency has a wheel, then whatever there is.
$(PY):
	@usable() { "$$1" -c "import sys$$2; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; }; \
	for python in $(PYTHON) python3.13 python3.12 python3.11 python3.14 python3; do \
	  if usable "$$python" ", ensurepip, venv"; then exec "$$python" -m venv --clear $(VENV); fi; \
	  if usable "$$python"; then found=$$python; fi; \
	done; \
	if [ -n "$$found" ]; then \
	  echo "This Python cannot make environments. Cure on Debian: sudo apt-get install -y python3-venv" >&2; \
	else \
	  echo "Forum needs Python 3.11 or later. Cure on Debian: sudo apt-get install -y python3 python3-venv" >&2; \
	fi; exit 1
