# `make` alone prints the menu: the targets below that carry two hashes.

PARE_CACHE ?= $(HOME)/.cache/pare
export PARE_CACHE

BUILD = swift build -c release --explicit-target-dependency-import-check error
TEST = swift test -c release --disable-xctest --disable-testable-imports

.PHONY: menu quickstart test deps build data notebooks gallery test-large test-browser fuzz bench reference lint clean

menu:
	@echo "make TARGET, where TARGET is one of"
	@sed -n 's/^\([a-z-]*\):.*## /  \1	/p' Makefile | expand -t 16

quickstart: deps build data ## set up, then score, prune and distil a real model
	@sh Setup/notebooks.sh .build/notebooks Plots Notebooks/quickstart.ipynb

test: deps lint build ## set up, check the style and the layering, run every test
	@sh Setup/with_data.sh $(TEST) --filter ShippedNotebookTests # alone: they take all cores
	@PARE_FUZZ_SECONDS=60 sh Setup/with_data.sh --tests $(TEST) --skip ShippedNotebookTests

deps: ## install the system packages that are missing
	@sh Setup/packages.sh

build: deps ## build the program: .build/release/pare
	$(BUILD)

data: deps ## fetch the model and the text into ~/.cache/pare, or $PARE_CACHE
	@python3 Setup/data.py

notebooks: build data gallery ## run every notebook whole and remake Plots
	@sh Setup/notebooks.sh .build/notebooks Plots $(filter-out %/gallery.ipynb,$(wildcard Notebooks/*.ipynb))

gallery: build data ## every kind of figure in every theme, in Plots/gallery
	@sh Setup/notebooks.sh .build/notebooks Plots/gallery Notebooks/gallery.ipynb

test-large: build data ## what is too long for test: models larger than memory, every notebook whole
	PARE_LARGE=1 sh Setup/with_data.sh $(TEST) --filter "LargeModelTests|KernelTests"

test-browser: build data ## JupyterLab with the kernel in a headless Chromium; remakes Plots/jupyterlab.png
	@sh Setup/browser.sh Plots/jupyterlab.png

fuzz: deps build ## a million damaged files of eight kinds (PARE_FUZZ: of each), ten million programs
	PARE_FUZZ=$${PARE_FUZZ:-125000} PARE_FUZZ_PROGRAMS=$${PARE_FUZZ_PROGRAMS:-10000000} \
	  $(TEST) --filter "MutationTests|FuzzTests"

bench: build data ## time the same work here and in PyTorch in turn, and how it grows; ROUNDS=5
	@sh Setup/with_data.sh python3 Benchmarks/compare.py --rounds $${ROUNDS:-5}; \
	  status=$$?; python3 Benchmarks/growth.py && exit $$status

reference: ## write REFERENCE.md anew from the help of the functions
	PARE_RENEW_REFERENCE=1 $(TEST) --filter theReferenceIsTheHelp

lint: ## check the style
	swift format lint --strict -r Sources Tests Package.swift

clean: ## remove what was built; the cache folder stays
	rm -rf .build
