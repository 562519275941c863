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

export URL

.PHONY: help demo run backup restore compare release models model sign promote rollback publish images scan plan apply test unit end-to-end drills infra load recommend simulate bench format build setup clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: export DOTNET_TieredPGO := 0 # its processes end before their profiles pay off
demo: models ## Upload samples/media to both stores, wait for the analyses, search, and end
	@$(STACK) demo

run: models ## Serve until Ctrl+C: Functions app on port 7071, Azurite, S3 server, Lambda functions, gpu-batch (OPTIONS="--port 8080 --data folder", OPTIONS="--environments separate", OPTIONS=--help)
	@$(STACK) run $(OPTIONS)

backup: build ## Copy what `make run` keeps, while it runs, to .backups/ (TO=folder, OPTIONS="--data folder")
	@$(STACK) backup $(if $(TO),--to "$(TO)") $(OPTIONS)

restore: build ## Put a backup into the data folder of a stack that is stopped: FROM=folder (OPTIONS="--part azurite --replace", OPTIONS=--verify)
	@$(STACK) restore --from "$(FROM)" $(OPTIONS)

compare: build ## List what differs between two environments: FROM=dev TO=prod (also addresses of apps, with the key as KEY, and recorded files)
	@$(STACK) compare --from "$(FROM)" --to "$(TO)" $(OPTIONS)

release: build ## Record what runs as one document, or bring one back: OF=prod RECORD=file, or OF=prod RESTORE=file
	@$(STACK) release --of "$(OF)" $(if $(RECORD),--record "$(RECORD)") $(if $(RESTORE),--restore "$(RESTORE)") $(OPTIONS)

models: build ## Fetch the public models that analyse uploads, where they are not there yet (143 MB; without them small samples do)
	@$(STACK) fetch-models

model: build ## Register a model with what `make run` started: NAME=my-model FROM=folder, .zip, .tar.gz, azure:prefix or s3:prefix (OPTIONS="--licence MIT --metric f1=0.9")
	@$(STACK) model --name "$(NAME)" --from "$(FROM)" $(OPTIONS)

sign: build ## Sign a package before it is registered (MODEL=folder: model.sig, OpenSSF Model Signing), or the manifest of a registered version (MODEL=name/version): KEY=key.pem (CERTIFICATE=chain.pem)
	@$(STACK) sign --model "$(MODEL)" --key "$(KEY)" $(if $(CERTIFICATE),--certificate "$(CERTIFICATE)") $(OPTIONS)

promote: $(if $(URL),,build) ## Promote a version and wait for the verdict: MODEL=my-model VERSION=2 FROM=dev TO=prod (OPTIONS="--queue --plan '{...}'"; of a deployed app: URL=https://app, and its key as KEY in the environment)
	$(if $(and $(URL),$(OPTIONS)),$(error OPTIONS are for the app of this machine; a deployed one (URL) takes MODEL, VERSION, FROM and TO alone))
	$(if $(and $(MODEL),$(VERSION),$(TO)),,$(error MODEL, VERSION and TO are needed, for instance: make promote MODEL=my-model VERSION=2 FROM=dev TO=prod))
	@$(if $(URL),infra/ci/promote.sh "$(MODEL)" "$(VERSION)" "$(FROM)" "$(TO)",$(STACK) promote --model "$(MODEL)" --version "$(VERSION)" --from "$(FROM)" --to "$(TO)" $(OPTIONS))

rollback: ## Bring back what served before in a deployed app: MODEL=my-model ENVIRONMENT=prod URL=https://app, and its key as KEY in the environment
	@infra/ci/rollback.sh "$(MODEL)" "$(ENVIRONMENT)"

publish: ## Write what is deployed, with lists of packages and digests, to artifacts/release: VERSION=1.2.3 (GPU=1: gpu-batch with CUDA)
	@infra/ci/publish.sh "$(VERSION)"

images: ## Make the images of gpu-batch and of the Functions app without a container engine, with lists of packages and provenance: VERSION=1.2.3 (REGISTRY=server/path FUNCTIONS_BASE=image@sha256:… BASE=image@sha256:… KEY=key.pem REFRESH=1; GPU=1 with a BASE that has CUDA)
	@infra/images/build.sh "$(VERSION)"

scan: ## Look for packages with known faults, secrets among the files, and licences of what make publish wrote
	@infra/ci/scan.sh

plan: ## Plan an environment with Terraform: CLOUD=azure ENVIRONMENT=dev VERSION=1.2.3 (TF_BACKEND, TF_VARS: files)
	@infra/ci/terraform.sh plan "$(CLOUD)" "$(ENVIRONMENT)" "$(VERSION)"

apply: ## Apply what make plan planned, and nothing else: CLOUD=azure ENVIRONMENT=dev
	@infra/ci/terraform.sh apply "$(CLOUD)" "$(ENVIRONMENT)"

SUITES := unit end-to-end infra $(if $(DRILLS),drills)
test: $(SUITES) ## All tests but the drills (DRILLS=1: these too)
	@cat $(SUITES:%=artifacts/%.failures)
	@cat $(SUITES:%=artifacts/%.count) | awk '{ passed += $$1; failed += $$2 } END { print passed " passed, " failed " failed"; exit failed > 0 }'

unit: build ## The unit tests alone
	@local/Stack/run-tests.sh unit tests/Unit/$(OUT)/Serverless.Unit.dll

end-to-end drills load-tests: export DOTNET_TC_CallCountingDelayMs := 1000 # what starts is compiled once while it starts
end-to-end: build test-tools ## The tests of the whole running system alone
	@local/Stack/run-tests.sh end-to-end tests/EndToEnd/$(OUT)/Serverless.EndToEnd.dll -namespace- Serverless.EndToEnd.Drills

drills: build test-tools ## The tests that kill processes, cut stores off, roll them back and restore them, alone
	@local/Stack/run-tests.sh drills tests/EndToEnd/$(OUT)/Serverless.EndToEnd.dll -namespace Serverless.EndToEnd.Drills

infra: build artifacts/infra/azurerm.json artifacts/infra/aws.json artifacts/infra/render tests/Infra/Helm/node_modules ## Check infra/ alone: Terraform against the providers' schemas, the chart against Kubernetes' and KEDA's, and the policies
	@terraform version >/dev/null || { echo "Terraform 1.11 or newer is missing: https://developer.hashicorp.com/terraform/install" >&2; exit 1; }
	@local/Stack/run-tests.sh infra tests/Infra/$(OUT)/Serverless.Infra.dll

artifacts/infra/%.json: tests/Infra/Schemas/distill.sh tests/Infra/Schemas/distill.mjs $(shell find infra -name '*.tf')
	@tests/Infra/Schemas/distill.sh $* $@

artifacts/infra/render: export GO111MODULE := off
artifacts/infra/render: export GOPATH := /usr/share/gocode
artifacts/infra/render: tests/Infra/Helm/render.go
	@test -d /usr/share/gocode/src/github.com/Masterminds/sprig && command -v go >/dev/null || local/Stack/install.sh golang-go golang-github-masterminds-sprig-dev golang-gopkg-yaml.v3-dev
	@go build -o $@ $<

tests/Infra/Helm/node_modules: tests/Infra/Helm/package-lock.json
	@echo "Installing the types of Kubernetes and KEDA ..."
	@npm ci --prefix tests/Infra/Helm --ignore-scripts --loglevel=error
	@touch $@

.PHONY: test-tools
test-tools:
	@command -v chromium >/dev/null && command -v curl >/dev/null || local/Stack/install.sh chromium curl

load: $(if $(AT)$(REPLAY),build,load-tests) ## Send searches, predictions and uploads to an app and report what callers meet: AT=20, AT="5..50 for 1m, 200 for 5s", AT=max or REPLAY=captures (MIX=search=2,predict:entities=1,upload=1 URL=https://app KEY=… OPTIONS="--within 300ms", OPTIONS=--help); without either the tests that take longer: kills, outages, promotions, 10,000 simulations
	@$(if $(AT)$(REPLAY),$(STACK) load $(if $(AT),--at "$(AT)") $(if $(REPLAY),--replay "$(REPLAY)") $(if $(MIX),--mix "$(MIX)") $(if $(URL),--address "$(URL)") $(OPTIONS),:)

recommend: build ## Measure a model here and say which instances answer a demand at the least cost: MODEL=folder or name/version RATE=20 (or HOURS=8 of media a day with OPTIONS="--per-hour 3600"; GOLDEN=file MEASURED=another-machine.json PRICES=infra/prices.json, OPTIONS=--help)
	@$(STACK) recommend --model "$(MODEL)" $(if $(RATE),--rate "$(RATE)") $(if $(HOURS),--hours "$(HOURS)") $(if $(GOLDEN),--golden "$(GOLDEN)") $(if $(MEASURED),--measured $(MEASURED)) $(if $(PRICES),--prices "$(PRICES)") $(OPTIONS)

simulate: build ## Simulate how gpu-batch scales over a day, and compare the numbers of infra/ with what infra/sizing.json needs (TRACE=file of arrivals, OPTIONS="--service 90s", OPTIONS=--help)
	@$(STACK) simulate $(if $(TRACE),--trace "$(TRACE)") $(OPTIONS)

load-tests: export LIMIT := 3h
.PHONY: load-tests
load-tests: build test-tools
	@local/Stack/run-tests.sh load-durable tests/Unit/$(OUT)/Serverless.Unit.dll -explicit only -namespace 'Serverless.Unit.Local.Durable*'
	@local/Stack/run-tests.sh load tests/EndToEnd/$(OUT)/Serverless.EndToEnd.dll -explicit only
	@cat artifacts/load-durable.count artifacts/load.count | awk '{ passed += $$1; failed += $$2 } END { print passed " passed, " failed " failed"; exit failed > 0 }'

bench: export BENCH_MINILM := $(or $(MINILM),$(BENCH_MINILM))
bench: build tests/Data/oracle/node_modules $(if $(VECTORS),vector-peers) $(if $(DRIFT),drift-peer) ## Measure, against named limits and peers; writes artifacts/bench.json (QUICK=1: only that it runs; FILM=1: two hours of film; TRAFFIC=1: only traffic under change; PREDICTIONS=1: only predictions; IMAGES=1: only images; DURABLE=1: only the Durable storage providers; HOST=1: only the Functions host; FLOOD=1: only too many predictions; ASSETS=1: only lists of 20,000 assets; RUNS=1: only the index of 100,000 runs; DRIFT=1: only checks for drift, beside scikit-learn; RANKING=folder: only how well searches rank a public collection in BEIR's layout; FILTERS=1: only searches of vectors through filters; VECTORS=1 MINILM=folder: only nearest neighbours, beside hnswlib and faiss)
	@dotnet tests/Benchmarks/$(OUT)/Serverless.Benchmarks.dll $(if $(QUICK),--quick) $(if $(FILM),--film) $(if $(TRAFFIC),--traffic) $(if $(PREDICTIONS),--predictions) $(if $(IMAGES),--images) $(if $(DURABLE),--durable) $(if $(HOST),--host) $(if $(FLOOD),--flood) $(if $(ASSETS),--assets) $(if $(RUNS),--runs) $(if $(DRIFT),--drift) $(if $(VECTORS),--vectors) $(if $(FILTERS),--filters) $(if $(RANKING),--ranking "$(RANKING)")

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
