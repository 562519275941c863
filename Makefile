# make help lists what there is. Every target sets up what it needs.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

CONFIGURATION := Release
OUT = bin/$(CONFIGURATION)/net10.0
STACK := dotnet local/Stack/$(OUT)/Serverless.Local.Stack.dll
SOURCES := $(shell find functions orchestrations gpu-batch libs local tests -type f \( -name '*.cs' -o -name '*.csproj' -o -name '*.json' -o -name '*.html' -o -name '*.js' -o -name '*.css' -o -name '*.txt' \) \
	-not -path '*/bin/*' -not -path '*/obj/*' -not -path '*/node_modules/*' 2>/dev/null) $(wildcard Directory.* *.sln .editorconfig BannedSymbols.txt host.json)

.PHONY: help demo run models model promote test unit end-to-end load bench format build setup clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: export DOTNET_TieredPGO := 0 # its processes end before their profiles pay off
demo: models ## Upload samples/media to both stores, wait for the analyses, search, and end
	@$(STACK) demo

run: models ## Serve until Ctrl+C: Functions app on port 7071, Azurite, S3 server, Lambda functions, gpu-batch (OPTIONS="--port 8080 --data folder", OPTIONS=--help)
	@$(STACK) run $(OPTIONS)

models: build ## Fetch the public models that analyse uploads, where they are not there yet (143 MB; without them small samples do)
	@$(STACK) fetch-models

model: build ## Register a model with what `make run` started: NAME=my-model FROM=folder, .zip, .tar.gz, azure:prefix or s3:prefix (OPTIONS="--licence MIT --metric f1=0.9")
	@$(STACK) model --name "$(NAME)" --from "$(FROM)" $(OPTIONS)

promote: build ## Promote a version and wait for the verdict: MODEL=my-model VERSION=2 FROM=dev TO=prod (OPTIONS="--queue --plan '{...}'")
	$(if $(and $(MODEL),$(VERSION),$(TO)),,$(error MODEL, VERSION and TO are needed, for instance: make promote MODEL=my-model VERSION=2 FROM=dev TO=prod))
	@$(STACK) promote --model "$(MODEL)" --version "$(VERSION)" --from "$(FROM)" --to "$(TO)" $(OPTIONS)

test: unit end-to-end ## All tests
	@cat artifacts/unit.count artifacts/end-to-end.count | awk '{ passed += $$1; failed += $$2 } END { print passed " passed, " failed " failed"; exit failed > 0 }'

unit: build ## The unit tests alone
	@local/Stack/run-tests.sh unit tests/Unit/$(OUT)/Serverless.Unit.dll

end-to-end load: export DOTNET_TC_CallCountingDelayMs := 1000 # what starts is compiled once while it starts
end-to-end: build test-tools ## The tests of the whole running system alone
	@local/Stack/run-tests.sh end-to-end tests/EndToEnd/$(OUT)/Serverless.EndToEnd.dll

.PHONY: test-tools
test-tools:
	@command -v chromium >/dev/null && command -v curl >/dev/null || local/Stack/install.sh chromium curl

load: build test-tools ## What takes longer: kills, outages and promotions on the Azure Storage provider of Durable Functions
	@local/Stack/run-tests.sh load tests/EndToEnd/$(OUT)/Serverless.EndToEnd.dll -explicit only
	@awk '{ print $$1 " passed, " $$2 " failed"; exit $$2 > 0 }' artifacts/load.count

bench: export BENCH_MINILM := $(or $(MINILM),$(BENCH_MINILM))
bench: build tests/Data/oracle/node_modules $(if $(VECTORS),vector-peers) $(if $(DRIFT),drift-peer) ## Measure, against named limits and peers; writes artifacts/bench.json (QUICK=1: only that it runs; FILM=1: two hours of film; TRAFFIC=1: only traffic under change; PREDICTIONS=1: only predictions; IMAGES=1: only images; DURABLE=1: only the Durable storage providers; HOST=1: only the Functions host; FLOOD=1: only too many predictions; ASSETS=1: only lists of 20,000 assets; RUNS=1: only the index of 100,000 runs; DRIFT=1: only checks for drift, beside scikit-learn; VECTORS=1 MINILM=folder: only nearest neighbours, beside hnswlib and faiss)
	@dotnet tests/Benchmarks/$(OUT)/Serverless.Benchmarks.dll $(if $(QUICK),--quick) $(if $(FILM),--film) $(if $(TRAFFIC),--traffic) $(if $(PREDICTIONS),--predictions) $(if $(IMAGES),--images) $(if $(DURABLE),--durable) $(if $(HOST),--host) $(if $(FLOOD),--flood) $(if $(ASSETS),--assets) $(if $(RUNS),--runs) $(if $(DRIFT),--drift) $(if $(VECTORS),--vectors)

.PHONY: drift-peer
drift-peer:
	@/usr/bin/python3 -c 'import sklearn' 2>/dev/null || local/Stack/install.sh python3-sklearn || true # the benchmark does without it

.PHONY: vector-peers
vector-peers:
	@/usr/bin/python3 -c 'import faiss, hnswlib' 2>/dev/null || local/Stack/install.sh python3-faiss python3-hnswlib || true # the benchmark names what is missing

tests/Data/oracle/node_modules: tests/Data/oracle/package-lock.json
	@echo "Installing the tokenizers' peer ..."
	@npm ci --prefix tests/Data/oracle --ignore-scripts --loglevel=error
	@touch $@

format: ## Lay the sources out as .csharpierrc.yaml asks
	@dotnet tool restore --verbosity quiet
	@dotnet csharpier format .

.PHONY: check-format
check-format:
	@dotnet tool restore --verbosity quiet
	@dotnet csharpier check .

build: artifacts/build.stamp ## Build everything

artifacts/build.stamp: $(SOURCES) node_modules/.package-lock.json
	@echo "Building ($(CONFIGURATION)) ..."
	@mkdir -p artifacts
	@dotnet build Serverless.sln -c $(CONFIGURATION) -v quiet --nologo -clp:NoSummary
	@touch $@

setup: node_modules/.package-lock.json ## Install what is missing: apt packages, npm packages
	@local/Stack/install.sh

node_modules/.package-lock.json: package-lock.json
	@local/Stack/install.sh
	@test ! -L node_modules || { echo "node_modules is a link: npm ci would empty the folder it points to. Run make setup there, or remove the link." >&2; exit 1; }
	@echo "Installing npm packages ..."
	@npm ci --ignore-scripts --loglevel=error
	@touch $@

clean: ## Remove what was built, kept and measured
	@rm -rf artifacts .data
	@find functions orchestrations gpu-batch libs local tests -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +
