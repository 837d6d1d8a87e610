# Everything a developer types. Needs Go 1.26 and, for the tests, Debian (or what testdata/install.sh names).

GO          ?= go
WASM_TESTED := ./pkg/ua/... ./pkg/transport/... ./pkg/media/... ./pwa/dom ./pwa/browser \
               ./pwa/config/... ./pwa/number/... ./pwa/text/... ./pwa/sheet/... ./pwa/store/... ./pwa/contacts/... ./pwa/history/... ./pwa/screen/... ./pwa/link ./pwa/fetch/... ./pwa/books/... ./pwa/provision/... ./pwa/handover/... ./pwa/reason/... ./pwa/phone/...
WASM_BUILT  := $(WASM_TESTED) ./pwa/ui/... ./wasm/...
# the go tool leaves testdata out of ./...
TESTDATA    := ./testdata/firefox ./testdata/kamailio ./testdata/kamailio/run ./testdata/bench/run
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
# brotli of app.wasm against that of a go-app hello page
MAX_RATIO   ?= 1.15
CALLS       ?= 20
# per cent of the statements of each package of the user agent that its own tests reach
MIN_COVER   ?= 90
CHECK_COVER := awk -v min=$(MIN_COVER) 'NR > 1 && /\/pkg\/ua\// { p = $$1; sub(/\/[^\/]*$$/, "", p); all[p] += $$2; if ($$3 > 0) hit[p] += $$2 } \
	END { for (p in all) { c = 100 * hit[p] / all[p]; printf "%s: %.1f %% of statements\n", p, c; n++; if (c < min) { bad = 1; print "  less than " min } } exit bad || n < 5 }'
# ST1021 and ST1022 want one comment for each name of a group.
# SA1019: nhooyr.io/websocket moved elsewhere; it is confined to one file in each of two packages
CHECKS      := -checks all,-ST1003,-ST1021,-ST1022,-SA1019

.DEFAULT_GOAL := help
.PHONY: help run test thorough build servers dist deps lint test-go races schedules test-wasm e2e e2e-phone e2e-kamailio e2e-media e2e-site \
	e2e-screens forms screens tour bench speed lighthouse size clean

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  %-12s %s\n", $$1, $$2}'

run: ## build, start the phone with its own registrar and echo peer, print the address and the demo accounts
	$(GO) run ./pwa/site/mkdist -fast
	$(GO) run ./server/demo

# Four at a time on two processors: browsers, and calls through servers, wait half of their time, and what computes fills it. The
# longest begins, and the program that several of them want at once is linked before.
test: deps ## install what is missing, then run everything; what repeats it in more forms is make thorough
	$(GO) run ./pwa/site/mkdist -fast
	$(MAKE) -j4 e2e-phone test-go lint test-wasm e2e-media e2e-site e2e-screens e2e-kamailio
	$(MAKE) build

thorough: deps ## after make test, what repeats it in more forms: schedules, races, forms and screens; and the size
	$(MAKE) -j3 races forms schedules size
	$(MAKE) screens

build: dist ## build the site and both servers into build/
	@$(MAKE) servers

servers:
	$(GO) build -trimpath -ldflags '-s -w' -o build/ ./server
	$(GO) build -trimpath -ldflags '-s -w' -o build/ ./server/demo

dist: ## build the static site into pwa/site/dist, compressed as it is published
	$(GO) run ./pwa/site/mkdist

deps: ## install the browser, the SIP servers, Node.js and what judges the page where they are missing (Debian, root)
	./testdata/install.sh
	@cmp -s testdata/access/package-lock.json testdata/access/node_modules/.installed || { \
		cd testdata/access && npm ci --no-audit --no-fund --loglevel=error && cp package-lock.json node_modules/.installed; }

lint: ## gofmt, vet and staticcheck, for the native and for the WebAssembly build
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo "run gofmt -w on these files"; exit 1; }
	@mkdir -p build/bin
	@test -x build/bin/staticcheck || GOBIN=$(CURDIR)/build/bin $(GO) install $(STATICCHECK)
	$(GO) vet -tags e2e,speed,pictures ./... $(TESTDATA)
	GOOS=js GOARCH=wasm $(GO) vet $(WASM_BUILT)
	build/bin/staticcheck $(CHECKS) -tags e2e,speed,pictures ./... $(TESTDATA)
	GOOS=js GOARCH=wasm build/bin/staticcheck $(CHECKS) $(WASM_BUILT)

# the gallery draws one screen after another: e2e-screens runs all its tests, make screens with the race detector too
test-go: ## unit, harness, flow, property and native media tests with the race detector; without it the compressing site builder
	$(GO) test -vet=off -race -short $$($(GO) list ./... | grep -v -e /pwa/site -e /pwa/ui/gallery)
	$(GO) test -vet=off ./pwa/site/...

races: ## hundreds of random schedules of the user agent with the race detector, where test-go plays tens
	$(GO) test -vet=off -race -timeout 30m ./pkg/ua/...

schedules: ## thousands of random schedules of the user agent and of the phone, and the coverage of the user agent's own tests
	@mkdir -p build
	$(GO) test -vet=off ./pwa/...
	$(GO) test -timeout 30m -coverprofile=build/cover.out ./pkg/ua/...
	@$(CHECK_COVER) build/cover.out

test-wasm: ## the same tests of the core as WebAssembly under Node.js, in the form the site publishes
	$(GO) run ./pwa/site/wasmtest -vet=off -short -timeout 20m $(WASM_TESTED)

# lint vets all of them
E2E := $(GO) test -vet=off -tags e2e -count=1 -timeout 30m

e2e: deps ## all that needs browsers or Kamailio; its parts are targets too
	$(MAKE) -j2 e2e-phone e2e-media e2e-kamailio e2e-site e2e-screens

e2e-phone: ## the phone in headless Chromium and Firefox against the test server and a real Kamailio
	$(E2E) ./wasm/e2e

e2e-media: ## media in Chromium and Firefox, with a part of the long tables
	$(E2E) -short -run '^TestContractIn' ./pkg/media

e2e-kamailio: ## the native user agent against a real Kamailio
	$(E2E) ./testdata/kamailio

e2e-site: ## how the page is loaded, kept and updated
	$(E2E) ./pwa/site

e2e-screens: ## every screen in every theme, direction, layout and language, in a part of the sizes
	$(E2E) -short ./pwa/ui/gallery

forms: ## media in Chromium and Firefox with all tables whole
	$(E2E) -run '^TestContractIn' ./pkg/media

screens: ## every screen in all sizes, and drawn with the race detector
	$(E2E) ./pwa/ui/gallery
	$(GO) test -race ./pwa/ui/gallery

bench: ## JsSIP, SIP.js and ours: features, variants, interleaved timing with its goals (a quarter of an hour); PART= for one part
	./testdata/install.sh coturn $$(command -v npm >/dev/null || echo npm)
	$(GO) run ./testdata/bench/run -calls $(CALLS) $(if $(PART),-only $(PART))

tour: ## take the pictures of the README anew
	E2E_TOUR=$(CURDIR)/testdata/screens $(GO) test -tags e2e,pictures -count=1 -run '^TestTour$$' ./wasm/e2e

speed: ## on an idle machine: load to shell and dial pad, cold and warm, dial and search key to paint, beside their goals
	$(GO) test -tags e2e,speed -count=1 -timeout 15m -v -run '^TestSpeed' ./wasm/e2e | grep -E '^ok|FAIL|speed:|_test.go'

lighthouse: deps build ## the published phone as Lighthouse sees it, on a desktop, which fails under 95, 100 and 100, and on a telephone
	node testdata/access/lighthouse.mjs build/demo -dir pwa/site/dist

size: ## raw, gzip and brotli of app.wasm, and the ratio to a go-app hello page
	$(GO) run ./pwa/site/size -max $(MAX_RATIO)

clean: ## remove what was built
	rm -rf build pwa/site/dist/*
