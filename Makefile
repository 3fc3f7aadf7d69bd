# Each target does all of its own set-up, so that it also works as the first one typed.
# PYTHON says which Python makes .venv; delete .venv to change it later.
PYTHON ?= python3

venv := .venv/bin/python
pip_install = $(venv) -m pip install --quiet --disable-pip-version-check \
	--constraint constraints.txt

.DEFAULT_GOAL := help
# Without it, an environment that was broken off halfway would pass as made.
.DELETE_ON_ERROR:
.PHONY: help setup run demo test check pictures bench bench-privacy lint format types build pins clean chromium provider


## The program

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

setup: .venv/.dev ## Make .venv with all that running and developing need

run: .venv/.runtime ## Start Pejling on port 8000 (ARGS="--port 8001")
	@exec .venv/bin/pejling serve $(ARGS)

demo: .venv/.runtime ## Start a throw-away Pejling with made-up schools to look at
	@exec .venv/bin/pejling demo $(ARGS)


## Checks

check: lint types test ## Lint, types and tests; green before each commit

test: .venv/.dev chromium provider ## Run all tests (ARGS="-k norms")
ifneq ($(wildcard tests/js/*.test.mjs),)
	@if command -v node >/dev/null; then \
		node --test --test-reporter=dot tests/js/*.test.mjs; \
	else echo "Skipped the JavaScript tests (tests/js): there is no node here."; fi
endif
	$(venv) -m pytest $(ARGS)

pictures: .venv/.dev chromium ## Take the pictures of docs/pictures anew
	PICTURES=docs/pictures $(venv) -m pytest -q tests/browser/test_pictures.py

bench: .venv/.dev chromium ## Measure; docs/performance.md says what
	$(venv) -m bench.advance
	$(venv) -m bench.wall
	$(venv) -m bench.sign_in

bench-privacy: .venv/.dev ## Measure privacy; docs/privacy_figures.md (ARGS="--quick")
	$(venv) -m bench.privacy $(ARGS)

lint: .venv/.dev ## Look for faults and wrong formatting
	$(venv) -m ruff check
	$(venv) -m ruff format --check

format: .venv/.dev ## Format the code and mend what can be mended alone
	$(venv) -m ruff check --fix
	$(venv) -m ruff format

types: .venv/.dev ## Check the types
	$(venv) -m mypy


## Packages

build: .venv/.dev ## Build sdist and wheel into dist/
	$(venv) -m build --no-isolation

# In an environment of its own, so that nothing left over in .venv gets pinned. pip is
# pinned too: sqlite-utils asks for it, and older ones do not know dependency groups.
pins: .venv/bin/python ## Renew constraints.txt from the pins in pyproject.toml
	rm -rf build/pins
	$(venv) -m venv build/pins
	build/pins/bin/python -m pip install --quiet --upgrade pip
	build/pins/bin/python -m pip install --quiet -e . --group dev --group browser
	{ sed -n '/^#/p' constraints.txt; \
	build/pins/bin/python -m pip freeze --all --exclude-editable --exclude setuptools; \
	} > build/pins/constraints.txt
	mv build/pins/constraints.txt constraints.txt
	rm -rf build/pins

clean: ## Remove what was built and cached (.venv stays)
	rm -rf build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -path ./.venv -prune -o -name __pycache__ -exec rm -rf {} +


## Set-up

# $(call apt_install,package,reason): install a Debian package where that may be done
# without asking anyone, else say what to do.
define apt_install
	if [ "$$(id -u)" -eq 0 ]; then as_root=env; else as_root="sudo -n env"; fi; \
	if ! command -v apt-get >/dev/null || ! $$as_root true 2>/dev/null; then \
		echo "$(2) Install it first; on Debian: sudo apt install $(1)" >&2; exit 1; \
	fi; \
	echo "$(2) Installing $(1) ..."; \
	$$as_root apt-get update -qq && \
	$$as_root DEBIAN_FRONTEND=noninteractive apt-get install -qq -y \
		--no-install-recommends $(1) >/dev/null || \
	{ echo "Could not install $(1); see above." >&2; exit 1; }
endef

# Debian keeps ensurepip, without which venv leaves half an environment, in a package
# of its own.
.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "Pejling needs Python 3.11 or newer; there is no $(PYTHON) here." >&2; \
		exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Pejling needs Python 3.11 or newer; $(PYTHON) is older." \
			"With another: make PYTHON=python3.12 ..." >&2; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
		version=$$($(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
		$(call apt_install,python$$version-venv,Python cannot make .venv alone.); }
	@echo "Making .venv ..."
	@$(PYTHON) -m venv --clear .venv

# The stamps .runtime and .dev: pip runs only when a pin has changed, so that a second
# start takes no time. They do not count where the Python that .venv leads to is gone, as
# after an upgrade of the system.
$(shell test -x $(venv) || rm -f .venv/.runtime .venv/.dev)

.venv/.runtime: .venv/bin/python pyproject.toml constraints.txt
	@echo "Installing Pejling in .venv (a minute or two the first time) ..."
	@$(pip_install) --upgrade pip
	@$(pip_install) --build-constraint constraints.txt --editable .
	@touch $@

.venv/.dev: .venv/.runtime
	@echo "Installing what the checks need ..."
	@$(pip_install) --group dev --group browser
	@touch $@

chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
	command -v google-chrome >/dev/null || { \
		$(call apt_install,chromium,The browser tests need Chromium.); }
	@$(venv) -m playwright --version >/dev/null 2>&1 || { \
		$(call apt_install,libatomic1,The browser driver needs libatomic.); }

# A certified OpenID provider that the tests sign in with (tests/oidc), where there is a
# node; nothing of it runs while it is installed, and nothing of it is shipped.
provider: tests/oidc/node_modules/.made

tests/oidc/node_modules/.made: tests/oidc/package.json
	@if command -v node >/dev/null && command -v npm >/dev/null; then \
		echo "Installing the provider that the sign-in tests use ..."; \
		cd tests/oidc && npm install --no-package-lock --omit=dev --ignore-scripts \
			--no-audit --no-fund --loglevel=error >/dev/null && \
		touch node_modules/.made; \
	else echo "There is no node here: the tests with a real provider are skipped."; fi
