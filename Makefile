# eventcode. Every target works on a machine that has python3 (3.10 or newer) and make; uv is used where it is there.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
PYTEST_ARGS ?= -n auto
EVENTCODE_STORE ?=

BIN    := .venv/bin
PY     := $(BIN)/python
STAMPS := build/.stamps

DATASETS  := $(patsubst datasets/%/dataset.yaml,%,$(wildcard datasets/*/dataset.yaml))
CODEBOOKS := $(patsubst codebook/%/codebook.yaml,%,$(wildcard codebook/*/codebook.yaml))
TARGETS   := datasets test check bench docs release clean help

.PHONY: $(TARGETS) FORCE

help: ## this list
	@awk -F ' *:.*## ' '/^[a-z]+:.*## / {printf "  make %-24s %s\n", $$1, $$2}' Makefile
	@for name in $(DATASETS); do printf '  make %-24s build this dataset\n' "$$name"; done

# --- The environment: the locked packages, then the project itself (pip refuses an editable install in hash mode) ---

define find-python
command -v "$(PYTHON)" >/dev/null || { \
  echo "eventcode: there is no $(PYTHON) here" >&2; \
  echo "  → install Python 3.10 or newer, or name one: make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; exit 1; }; \
"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { \
  echo "eventcode: $(PYTHON) is $$("$(PYTHON)" -V 2>&1), and 3.10 or newer is needed" >&2; \
  echo "  → install a newer one, or name it: make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; exit 1; }
endef

define find-installer
uv --version >/dev/null 2>&1 || "$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
  echo "eventcode: $(PYTHON) cannot make virtual environments (it has no ensurepip or no venv)" >&2; \
  echo "  → on Debian and Ubuntu: apt install python3-venv; or install uv; or name another: make PYTHON=…" >&2; exit 1; }
endef

.venv/.lock: requirements.lock
	@$(find-python)
	@$(find-installer)
	@echo "Setting up the environment in .venv (once; a minute or two)" >&2
	@rm -rf .venv
	@if uv --version >/dev/null 2>&1; then \
	  uv venv -q --python "$(PYTHON)" .venv && uv pip install -q --python $(PY) --require-hashes -r $<; \
	else \
	  "$(PYTHON)" -m venv .venv && $(PY) -m pip install -qq --require-hashes -r $<; \
	fi
	@touch $@

# Compiled at once: a __pycache__ that appears later would change a folder, and folders are inputs of the datasets.
.venv/.stamp: .venv/.lock pyproject.toml
	@if uv --version >/dev/null 2>&1; then \
	  uv pip install -q --python $(PY) --no-deps --no-build-isolation -e .; \
	else \
	  $(PY) -m pip install -qq --no-deps --no-build-isolation -e .; \
	fi
	@$(PY) -m compileall -q src/eventcode
	@touch $@

# Spark, for its tests: 400 MB that nobody needs who does not ask for it.
.venv/.spark: requirements-spark.lock .venv/.lock
	@if uv --version >/dev/null 2>&1; then \
	  uv pip install -q --python $(PY) --require-hashes -r $<; \
	else \
	  $(PY) -m pip install -qq --require-hashes -r $<; \
	fi
	@touch $@

# The peers that benchmarks/checks.py compares with, into the same environment.
.venv/.bench: benchmarks/requirements-bench.lock .venv/.lock
	@if uv --version >/dev/null 2>&1; then \
	  uv pip install -q --python $(PY) --require-hashes -r $<; \
	else \
	  $(PY) -m pip install -qq --require-hashes -r $<; \
	fi
	@touch $@

# --- The datasets: one real file each, with every input as a prerequisite ---

# Files and folders (a deleted file changes its folder) below $(1), as make can read them.
inputs = $(shell find -L $(1) \( -name '.?*' -o -name '~*' -o -name __pycache__ \) -prune \
  -o \( -type f -o -type d \) -print 2>/dev/null | sed -e 's/[ \#]/\\&/g' -e 's/\$$/$$$$/g')

# The raw files of dataset $(1) that lie in the private store.
origins = $(patsubst datasets/$(1)/raw/%.origin.yaml,%,$(wildcard datasets/$(1)/raw/*.origin.yaml))
stored  = $(if $(EVENTCODE_STORE),$(shell for file in $(call origins,$(1)); do \
  for path in '$(EVENTCODE_STORE)'/"$$file" '$(EVENTCODE_STORE)/$(1)'/"$$file"; do \
  [ ! -e "$$path" ] || echo "$$path"; done; done | sed -e 's/[ \#]/\\&/g'))

SHARED_INPUTS := $(call inputs,codebook src/eventcode)

# `.store` changes when a stored file comes or goes, which its own date would not tell.
define dataset-rules
$(STAMPS)/$(1): $(call inputs,datasets/$(1)) $(SHARED_INPUTS) $(2) $(STAMPS)/.$(1).store .venv/.stamp
	$(BIN)/eventcode build $(1) --if-available
	@touch $$@

$(STAMPS)/.$(1).store: FORCE
	@mkdir -p $(STAMPS)
	@echo '$(2)' | cmp -s - $$@ || echo '$(2)' > $$@
endef
$(foreach name,$(DATASETS),$(eval $(call dataset-rules,$(name),$(call stored,$(name)))))

datasets: $(addprefix $(STAMPS)/,$(DATASETS)) ## build every dataset in datasets/

BY_NAME := $(filter-out $(TARGETS),$(DATASETS))
ifneq ($(BY_NAME),)
.PHONY: $(BY_NAME)
$(BY_NAME): %: $(STAMPS)/%
endif

release: .venv/.stamp ## an immutable release: make release NAME=iraq-militias-2025 VERSION=1.0
	@[ -n "$(NAME)" ] && [ -n "$(VERSION)" ] || { echo "make release: say NAME= and VERSION= (MAJOR.MINOR)" >&2; exit 2; }
	$(BIN)/eventcode release "$(NAME)" "$(VERSION)"

# --- The project ---

test: .venv/.stamp ## run the tests (PYTEST_ARGS='tests/test_dates.py -v' for some)
	$(PY) -m pytest $(PYTEST_ARGS)

check: .venv/.stamp ## ruff, mypy, import-linter, yamllint, and the linter of the bundled codebooks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/yamllint .
	@set -e; for name in $(CODEBOOKS); do echo "$(BIN)/eventcode codebook check $$name"; $(BIN)/eventcode codebook check "$$name"; done

bench: .venv/.stamp .venv/.bench ## run every benchmark (benchmarks/README.md: larger sizes)
	@set -e; for script in $(wildcard benchmarks/*.py); do echo "== $$script"; $(PY) "$$script"; done

docs: .venv/.stamp ## write the generated reference in docs/reference/, and all documentation as a site in build/docs/
	$(PY) -m eventcode.cli.reference docs/reference
	$(PY) -m eventcode.cli.site build/docs

clean: ## remove build/ and the tools' caches; releases/ and .venv/ stay
	rm -rf build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
