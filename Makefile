# The gazr targets of davit itself. They are thin: most of them build davit and run it.
.DEFAULT_GOAL := build
.PHONY: help init plugins build run install module pages site snapshot test test-racy test-others style format bench fuzz clean upgrade

DAVIT := bin/davit
BINARIES := ./cmd/davit ./cmd/davit-engine
FUZZTIME ?= 10s
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
RACY := ./runner ./runner/host ./internal/ui/... ./internal/cache/...
RACE := $(shell [ "$(CI)" = true ] || command -v "$${CC:-cc}" >/dev/null && echo -race)
# The packages that take longest start first, since the run ends with the last.
LONG := ./cmd/davit-engine ./runner/deploy/docker ./cmd/internal/cli ./cmd/internal/dependencies ./cmd/internal/proof ./cmd/davit ./runner/buildkit
# "make style" has go vet check the tests too. A make that a test starts is not one of this make's.
GOTEST := env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL go test -vet=off -ldflags='-s -w'
PREFIX ?= /usr/local
LDFLAGS := -s -w -X github.com/davit-dev/davit/cmd/internal/cli.Version=$(VERSION)
GO_BUILD := CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "$(LDFLAGS)" -o bin/

help: ## Show these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 28

init: ## Download the dependencies
	go mod download

plugins: ## Build the plugins that are embedded
	go generate ./plugins/builtin

build: plugins ## Build davit and davit-engine into bin/
	$(GO_BUILD) $(BINARIES)

run: plugins ## Build davit alone and drive an example: davit build test
	$(GO_BUILD) ./cmd/davit
	$(DAVIT) -C examples/go-service build test
	@echo; echo "next: cd examples/go-service && davit    (make build adds davit-engine, for containers and environments)"

install: build ## Install davit and davit-engine below PREFIX (/usr/local)
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 bin/davit bin/davit-engine "$(DESTDIR)$(PREFIX)/bin/"

module: ## Write the tree that a release is tagged on to dist/module: the last commit, with its plugins built
	rm -rf dist/module && mkdir -p dist/module
	git archive HEAD | tar -x -C dist/module
	cd dist/module && go generate ./plugins/builtin && rm -rf bin && sed -i.old '/plugins.builtin.dist/d' .gitignore && rm .gitignore.old

pages: plugins ## Write the manual page and the completion scripts to dist/pages
	$(GO_BUILD) ./cmd/davit
	rm -rf dist/pages && mkdir -p dist/pages
	go run ./cmd/internal/manpage -version "$(VERSION)" | gzip -n > dist/pages/davit.1.gz
	$(DAVIT) completion bash > dist/pages/davit.bash
	$(DAVIT) completion zsh > dist/pages/_davit
	$(DAVIT) completion fish > dist/pages/davit.fish

site: ## Write the documentation as a site to dist/site, with MkDocs from PyPI (needs python3)
	python3 -m venv dist/mkdocs && dist/mkdocs/bin/python -m pip install --quiet -r website/requirements.txt
	dist/mkdocs/bin/mkdocs build -f website/mkdocs.yml

GORELEASER := github.com/goreleaser/goreleaser/v2@v2.12.7
snapshot: ## Build all that a release consists of into dist/release, for all systems, and publish nothing
	TAP_TOKEN= go run $(GORELEASER) release --snapshot --clean --skip=sign

test: build ## Run all tests
	@[ "$(CI)" = true ] || for tool in node npm python3 cargo; do \
	  command -v $$tool >/dev/null || echo "skipped: the tests that need $$tool, which is not on PATH"; done
	@[ "$(CI)" = true ] || $(DAVIT) engine >/dev/null 2>&1 || { echo "skipped: the tests that need a container engine, since"; $(DAVIT) engine || true; }
	@[ "$(CI)" = true ] || [ -n "$(DAVIT_TEST_BUILDKIT_HOST)" ] || echo "skipped: the tests that need a standalone BuildKit, since DAVIT_TEST_BUILDKIT_HOST is not set"
	@[ -n "$(DAVIT_TEST_WINE)" ] || echo "skipped: the tests of davit.exe, since DAVIT_TEST_WINE does not name a command of Wine"
	@[ "$(RACE)" ] || echo "skipped: the race detector, which needs a C compiler"
	@$(MAKE) --no-print-directory -j 2 test-racy test-others

test-racy:
	$(GOTEST) $(RACE) $(RACY)

# Three packages at once, though there may be two processors: two of them have containers, and wait much of the time. With four,
# containers answered too late for tests of what is healthy.
test-others:
	$(GOTEST) -p 3 -timeout 30m $(LONG) $$(go list ./... | grep -vxF "$$(go list $(RACY) $(LONG))")

style: build ## Check format and code, for other systems too
	$(DAVIT) style
	GOOS=darwin go vet ./...
	GOOS=windows go vet ./...

format: build ## Format the code
	$(DAVIT) format

bench: build ## Measure the budgets
	go run ./cmd/internal/bench

fuzz: plugins ## Fuzz each parser, and try more of what tests generate: make fuzz FUZZTIME=1m. What fails is kept under testdata/fuzz, and the tests run it
	@for p in $$(go list ./...); do for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz'); do \
	  go test $$p -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 100x || exit 1; done; done
	go test ./cmd/internal/cli -run TestModulesOfAnyBytes -damaged 8
	go test ./cmd/internal/proof -timeout 1h -run 'TestRounds|TestTools' -rounds 1000 -tools 20 -seed $$(date +%s)

clean: ## Remove build results
	rm -rf bin plugins/builtin/dist/*.zst plugins/builtin/dist/*.json

upgrade: ## Move dependencies to their newest versions
	go get -u ./... && go mod tidy
