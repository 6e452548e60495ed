# make run and make test are all a fresh machine needs; make help lists the rest.

GO          ?= go
ARGS        ?=
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

# What the authors of the window's toolkit have not mended yet is mended in a copy
# of it, which everything here is built with: see app/ui/display/mend. A plain go
# build goes without.
plain          := $(GOFLAGS)
export GOFLAGS := $(plain) '-overlay=$(CURDIR)/bin/mended/overlay.json'

# Packages with goroutines of their own, tested under the race detector too.
RACE := ./runtime/machine/... ./runtime/engine/... ./runtime/watch/... ./canvas/worker/... ./app/studio/... ./runtime/agent/... ./runtime/improve/campaign ./runtime/api

.PHONY: run test soak build lint bench deps clean help go

run: export GVPIE_DEPS := build run
run: deps bin/gvpie ## build and open the window; ARGS="FILE" opens a file
	bin/gvpie $(ARGS)

test: export GVPIE_DEPS := build run test
test: deps mended ## vet and test everything
	$(GO) vet ./...
	.ci/unchanged $(GO) test -timeout 20m ./...
	.ci/unchanged $(GO) test -timeout 20m -race -short $(RACE)

soak: export GVPIE_DEPS := build run test
soak: deps mended ## the long tests: a day of cycles, an hour beside a hostile neighbour, 200 kills, five minutes of killed workers, all layers of the sandbox, every system compiled for
	GVPIE_SOAK=1 $(GO) test -timeout 3h -v -run 'Soak|Killed|LoopOnTheGPU|WithoutCgo' . ./runtime/agent ./runtime/improve/fleet ./app/cli
	GVPIE_SOAK=1 $(GO) test -timeout 20m ./runtime/agent/sandbox

build bench: export GVPIE_DEPS := build run
build: deps bin/gvpie ## build bin/gvpie

.PHONY: bin/gvpie
bin/gvpie: mended
	$(GO) build -o $@ .

lint: export GVPIE_DEPS := build
lint: deps mended ## gofmt, go vet, staticcheck, functions that nothing reaches
	@unformatted=$$("$$($(GO) env GOROOT)/bin/gofmt" -l .); if [ -n "$$unformatted" ]; then echo "not formatted:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...
	GO="$(GO)" .ci/unreached

# Where make install puts things; packages set DESTDIR too, which nothing is told of.
PREFIX  ?= /usr/local
DESTDIR ?=

.PHONY: install uninstall
install: export GVPIE_DEPS := build
install: mended ## install the program and what a desktop looks for; PREFIX=/usr/local DESTDIR=
	$(GO) build -trimpath -ldflags '-s -w' -o bin/install/gvpie .
	install -D -m 0755 bin/install/gvpie '$(DESTDIR)$(PREFIX)/bin/gvpie'
	bin/install/gvpie install-files --root '$(DESTDIR)/' '$(PREFIX)'

uninstall: ## remove what make install has put there
	rm -f '$(DESTDIR)$(PREFIX)/bin/gvpie' '$(DESTDIR)$(PREFIX)/lib/systemd/user/gvpie.service'
	cd '$(DESTDIR)$(PREFIX)/share' && rm -f applications/gvpie.desktop mime/packages/gvpie.xml icons/hicolor/*/apps/gvpie.png icons/hicolor/scalable/apps/gvpie.svg \
		man/man1/gvpie.1 man/man1/gvpie-*.1 bash-completion/completions/gvpie zsh/site-functions/_gvpie fish/vendor_completions.d/gvpie.fish

bench: build ## the figures of this machine
	bin/gvpie bench $(ARGS)

deps: go ## install the system packages that are missing
	@.ci/deps $(GVPIE_DEPS)

go:
	@command -v $(GO) >/dev/null || { echo "GVPIE needs Go 1.26 or newer: install it from https://go.dev/dl and put it on the PATH."; exit 1; }

.PHONY: mended
mended: deps
	@GOFLAGS="$(plain)" $(GO) run ./app/ui/display/mend bin/mended

clean: ## remove what was built
	rm -rf bin

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
