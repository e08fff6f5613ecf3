# Two commands do everything: `make run` and `make test`. GNU make 3.81 is enough; nothing else is needed but a Python.
# The first use of either sets up .venv and needs the network; later uses need none.

SHELL := /bin/sh
unexport PYTHONDONTWRITEBYTECODE
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
FAILED = echo "Installing failed: the lines above say why (network, disk or permission?). Then run make again." >&2; exit 1
ROOMS := bot conversations storage simulator webhook_app.py tests $(patsubst %/__init__.py,%,$(wildcard benchmarks/__init__.py))
PROOFS := chaos soak fuzz storm drain seizure rotation retention week overload outage
AUDIT := $(VENV)/audit
CATALOGUES = $(notdir $(patsubst %/,%,$(dir $(wildcard locales/*/LC_MESSAGES))))

.PHONY: help run test bench words sbom audit lock clean $(PROOFS)

help:
	@echo "make run     start everything on this machine and print the address of the chat page"
	@echo "make test    linters, types, import contracts, every test"
	@echo "make bench   measure (PARTS=turns,start and SHARE=0.2 shorten it)"
	@echo "make words   extract, update and compile the catalogues"
	@echo "make $(PROOFS): the long proofs"
	@echo "make sbom    write the bill of materials (CycloneDX) to build/sbom.cdx.json"
	@echo "make audit   look for known faults in what is installed (needs the network)"
	@echo "make lock    compute requirements/*.txt anew (maintainers; needs uv)"
	@echo "make clean   remove .venv and caches; var/ stays"

run: $(VENV)/run.stamp
	@exec $(BIN)/python -m simulator

test: $(VENV)/test.stamp
	@$(BIN)/ruff format --check --quiet . || { echo "make test: run '$(BIN)/ruff format .'" >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/python -m mypy $(ROOMS)
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m pytest -n 2 --dist worksteal || { \
	    echo "Once more, one at a time: what failed in the crowd of processes must hold alone." >&2; \
	    $(BIN)/python -m pytest --last-failed --last-failed-no-failures none; }

bench: $(VENV)/run.stamp
	@exec $(BIN)/python -m benchmarks

$(PROOFS): $(VENV)/test.stamp
	@exec $(BIN)/python -m benchmarks.$@

# The catalogues. Sorted by file, so that two people's changes merge; line numbers would change with every edit.
words: $(VENV)/run.stamp
	@$(BIN)/pybabel --quiet extract --keyword=N_ --no-wrap --sort-by-file --add-location=file --project=Iblagh --version=1 \
	    --copyright-holder="the Iblagh contributors" --output-file=locales/iblagh.pot bot conversations
	@for language in $(CATALOGUES); do \
	    $(BIN)/pybabel --quiet update --domain=iblagh --input-file=locales/iblagh.pot --output-dir=locales \
	        --locale=$$language --no-wrap --no-fuzzy-matching --ignore-pot-creation-date || exit 1; \
	done
	@$(BIN)/pybabel --quiet compile --domain=iblagh --directory=locales --statistics

sbom: $(AUDIT)/stamp
	@mkdir -p build
	@$(AUDIT)/bin/cyclonedx-py requirements requirements/run.txt --pyproject pyproject.toml --output-reproducible \
	    --output-format JSON --output-file build/sbom.cdx.json
	@echo build/sbom.cdx.json

audit: $(AUDIT)/stamp
	@$(AUDIT)/bin/pip-audit --strict --require-hashes --disable-pip --requirement requirements/run.txt

# A folder of its own: what looks at the packages is none of them.
$(AUDIT)/stamp: requirements/audit.txt $(VENV)/python.stamp
	@echo "Installing what looks at the packages (first use only) ..."
	@$(BIN)/python -m venv --clear $(AUDIT)
	@$(AUDIT)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes \
	    --requirement requirements/audit.txt || { $(FAILED); }
	@touch "$@"

# Each stamp lasts until what it was made from changes.
$(VENV)/run.stamp: requirements/run.txt pyproject.toml $(VENV)/python.stamp
	@echo "Installing what Iblagh needs (first use only) ..."
	@$(PIP) install --require-hashes --requirement requirements/run.txt || { $(FAILED); }
	@$(PIP) install --no-build-isolation --no-deps --editable . || { $(FAILED); }
	@touch "$@"

$(VENV)/test.stamp: requirements/test.txt $(VENV)/run.stamp
	@echo "Installing what the tests need (first use only) ..."
	@$(PIP) install --require-hashes --requirement requirements/test.txt || { $(FAILED); }
	@touch "$@"

# The newest Python that fits, or the one that PYTHON names.
$(VENV)/python.stamp:
	@chosen="$(PYTHON)"; \
	if [ -z "$$chosen" ]; then \
	    for version in 3.14 3.13 3.12 3.11; do \
	        if python$$version -c 'import venv, ensurepip' >/dev/null 2>&1; then chosen=python$$version; break; fi; \
	    done; \
	fi; \
	if [ -z "$$chosen" ] && python3 -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' \
	    >/dev/null 2>&1; then chosen=python3; fi; \
	if [ -z "$$chosen" ]; then \
	    echo "Iblagh needs Python 3.11 to 3.14 with venv: install one (Debian: apt install python3 python3-venv), or say 'make PYTHON=/path/to/python'." >&2; \
	    exit 1; \
	fi; \
	"$$chosen" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null || { \
	    echo "$$chosen is no Python 3.11 to 3.14 with venv: say 'make PYTHON=/path/to/another'." >&2; exit 1; }; \
	"$$chosen" -m venv --clear $(VENV) || { echo "The folder $(VENV) cannot be made here: is there room and permission?" >&2; exit 1; }
	@touch "$@"

# For maintainers: one lock for every supported system and Python.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    pyproject.toml --output-file requirements/run.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --extra test pyproject.toml --output-file requirements/test.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    requirements/audit.in --output-file requirements/audit.txt

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find bot conversations storage simulator benchmarks tests -name __pycache__ -type d -exec rm -rf {} +
