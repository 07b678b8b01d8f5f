# The verbs of the course. `## ` describes one for `make help`, `### ` for `make help-maintainers`.
# On Windows, see README.md.

# Name another Python with `make lab PYTHON=python3.12`; left empty, the first good one is taken.
PYTHON ?=
# Where `make site` takes Pyodide from; left empty, its official release.
PYODIDE ?=
# Which lesson `make lab` opens, and what else JupyterLab or pytest should be told.
LESSON ?= 1
ARGS ?=

# What maintainers need now and then is not in .venv: uv fetches it when it is asked for.
NOX := 2026.10.20
HUB := jupyterhub==6.1.1
SLIDE_PARTS := --with nbclassic==1.3.3 --with sphinx-revealjs==3.2.1

IN_VENV := .venv/bin/python
COMPILE := $(IN_VENV) -m uv pip compile --quiet --universal --no-header --python-version 3.11
# The lesson asked for, or else the first there is.
notebook := $(firstword $(wildcard notebooks/0$(LESSON)_*.ipynb) $(sort $(wildcard notebooks/*.ipynb)))

.DEFAULT_GOAL := help
.PHONY: help help-maintainers setup lab test test-use test-browser test-site test-class data site \
  site-serve slides lint format lock outputs bench challenge fuzz mutants versions audit wheels

help:
	@awk -F ':.* ## ' '/^[a-z-]+:.* ## / { printf "  make %-17s %s\n", $$1, $$2 }' Makefile

help-maintainers: ## list the verbs of those who change the course
	@awk -F ':.* ### ' '/^[a-z-]+:.* ### / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

# Not in the list: every verb that needs it runs it. It does nothing when .venv is up to date.
setup:
	@found="$(PYTHON)"; \
	if [ -z "$$found" ]; then \
	  for name in python3 python3.15 python3.14 python3.13 python3.12 python3.11 python; do \
	    if "$$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 16))' 2>/dev/null; then \
	      found="$$name"; break; \
	    fi; \
	  done; \
	fi; \
	if [ -z "$$found" ]; then \
	  echo "nnlesson needs Python 3.11 to 3.15, and none was found: install one, or name one" \
	    "you have, as in \`make lab PYTHON=/path/to/python3.12\`." >&2; exit 1; \
	elif ! command -v "$$found" >/dev/null; then \
	  echo "There is no Python at \"$$found\": give PYTHON= the name or path of a Python 3.11" \
	    "to 3.15." >&2; exit 1; \
	fi; \
	"$$found" tools/setup_env.py $(EXTRA)

# What these verbs need beside the rest: setup adds it to .venv.
site test-site: EXTRA := site

lab: setup ## open JupyterLab at lesson 1 (LESSON=5 opens lesson 5)
	@# The course's matrices are small: a second BLAS thread slows them, a lot on a busy machine.
	@OPENBLAS_NUM_THREADS=$${OPENBLAS_NUM_THREADS:-1} $(IN_VENV) -m jupyterlab \
	  --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/$(notebook) $(ARGS)

test: setup ## run all tests: package, style, course rules, every notebook (ARGS="-k losses" selects)
	@$(IN_VENV) -m pytest -n 2 --dist loadfile $(ARGS)

test-browser: setup ### open every lesson in JupyterLab in a headless Chromium and try its controls
	@$(IN_VENV) -m pytest tests/browser $(ARGS)

test-use: setup ### run every lesson as people use it: twice, interrupted, read-only, installed by pip (minutes)
	@$(IN_VENV) -m pytest -m slow tests $(ARGS)

test-class: setup ### play a class of 12 on one JupyterHub (needs npx; ARGS=--alone: each lesson by itself)
	@$(IN_VENV) -m uv run --quiet --no-project --with $(HUB) tools/class_load.py $(ARGS)

data: setup ## fetch MNIST into data/mnist, checked (the lessons use smaller bundled digits without it)
	@$(IN_VENV) -m nnlesson.datasets

site: setup ### build the web edition into site/ (PYODIDE= names a folder or address of Pyodide)
	@$(IN_VENV) tools/make_site.py $(if $(PYODIDE),--pyodide "$(PYODIDE)") $(ARGS)

site-serve: ### show the web edition on this machine, as any file host would
	@$(IN_VENV) -m http.server --bind 127.0.0.1 --directory site $(ARGS)

test-site: setup ### build the web edition and open all of it in a headless Chromium
	@$(IN_VENV) -m pytest tests/site $(ARGS)

lint: setup ### check style and types
	@$(IN_VENV) -m ruff check .
	@$(IN_VENV) -m ruff format --check .
	@$(IN_VENV) -m mypy
	@.venv/bin/lint-imports --no-cache

format: setup ### put code and notebook cells into the project's format
	@$(IN_VENV) -m ruff check --fix --exit-zero --quiet .
	@$(IN_VENV) -m ruff format .

outputs: setup ### run the notebooks and store their outputs (ARGS=notebooks/05_mnist_mlp.ipynb for one)
	@$(IN_VENV) tools/renew_outputs.py $(ARGS)

slides: setup ### make slides of the lessons, for a class, in slides/ (see docs/teaching.md)
	@$(IN_VENV) -m uv run --quiet --no-project $(SLIDE_PARTS) tools/make_slides.py \
	  $(or $(ARGS),$(sort $(wildcard notebooks/*.ipynb)))

bench: setup ### time the course against its peers, side by side (results in benchmarks/)
	@$(IN_VENV) benchmarks/run.py $(ARGS)

challenge: setup ### train the closing network of lesson 6 with three seeds (15 minutes on two cores)
	@$(IN_VENV) benchmarks/challenge.py $(ARGS)

fuzz: setup ### feed the IDX reader damaged files for five minutes (Linux; needs the extra "fuzz")
	@$(IN_VENV) fuzz/fuzz_idx.py -max_total_time=300 $(ARGS)

mutants: setup ### put small faults into the taught modules: do the tests notice? (Linux, macOS; long)
	@$(IN_VENV) tools/mutants.py $(ARGS)

versions: setup ### run the tests on every Python found, with the oldest and newest dependencies (long)
	@$(IN_VENV) -m uv tool run --quiet --from nox==$(NOX) --with uv nox $(ARGS)

audit: setup ### ask the package index which pinned versions have known faults
	@$(IN_VENV) -m uv tool run --quiet --from pip-audit==2.10.1 pip-audit --strict --require-hashes \
	  --disable-pip --progress-spinner off --requirement requirements.lock || { \
	  echo "Not passed. Either a version above has a known fault, or your package index has no" \
	    "advisory database and nothing could be looked up: see SECURITY.md." >&2; exit 1; }

PLATFORMS := x86_64-pc-windows-msvc x86_64-apple-darwin aarch64-apple-darwin \
  x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu

wheels: setup ### ask the package index for a wheel of every pin, for each system and Python
	@for system in $(PLATFORMS); do for python in 3.11 3.12 3.13 3.14 3.15; do \
	  echo "$$system, Python $$python"; \
	  $(IN_VENV) -m uv pip compile --quiet --no-python-downloads --no-deps --no-build \
	    --python-platform $$system --python-version $$python requirements.lock >/dev/null || { \
	    echo "There is a pin without a wheel (see above): bound it in pyproject.toml under" \
	      "tool.uv, then \`make lock\`." >&2; exit 1; }; \
	done; done

lock: setup ### renew the two locks and requirements.txt from the ranges in pyproject.toml
	@$(COMPILE) --upgrade --generate-hashes --extra dev pyproject.toml \
	  --output-file requirements.lock
	@$(COMPILE) --generate-hashes --extra dev --extra site --constraint requirements.lock \
	  pyproject.toml --output-file requirements-site.lock
	@# Those of the lock that pyproject.toml names, and the package itself: written whole, or not.
	@{ echo "# All that the lessons need, and the package itself: pip install -r requirements.txt" && \
	  echo "# Made by \`make lock\`, with the versions of requirements.lock." && \
	  $(COMPILE) --no-deps --no-annotate --constraint requirements.lock pyproject.toml && \
	  echo .; } > requirements.txt.new
	@mv requirements.txt.new requirements.txt
