# Jan Server. `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/sh

# A JDK 25: $JAVA_HOME if it is one, else the first found where JDKs are usually installed.
export JAVA_HOME := $(shell sh config/find-jdk 2> /dev/null)
MVN := mvn -B

.PHONY: help run stop build test soak check format conformance check-kong check-deploy check-examples docs bench bench-pdk bench-quota bench-rewrite bench-start bench-auth bench-telemetry bench-search bench-peers bench-quick bench-quick-baseline clean toolchain

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z -]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: toolchain ## start everything on this machine, without Docker
	@sh config/quick-build $(MVN)
	@JAN_MVN='$(MVN)' exec "$$JAVA_HOME/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx128m -jar local-stack/target/local-stack.jar

stop: ## stop what `make run` has started
	@sh config/stop

build: toolchain ## compile and package every module, without tests
	$(MVN) -q -DskipTests package

test: toolchain ## run every test: needs JDK 25 and Maven, nothing else
	$(MVN) -T 2 verify

soak: toolchain ## run the tests that take long
	$(MVN) verify -Dgroups=soak -DexcludedGroups=

check: toolchain ## formatting and static checks, without tests
	$(MVN) -q -Pformat spotless:check
	$(MVN) -q -DskipTests test-compile

format: toolchain ## format the sources
	$(MVN) -q -Pformat spotless:apply

conformance: build ## the official OpenAI and MCP clients, and MCP's conformance suite, against the running platform
	sh conformance/clients/run

check-kong: toolchain ## kong.yml and kong.conf, as a Kong with our plugins would judge them
	@sh config/quick-build $(MVN)
	@sh config/check-kong

check-deploy: build ## kong.yml with decK, Compose, the Helm chart, what the images run; needs Go for all but the last
	sh config/check-deploy
	$(MVN) -q verify -Psbom -Dgroups=deploy -DexcludedGroups= -pl conformance -am

bench: build ## the platform under load (SCENARIOS=a,b chooses): docs/benchmarks/platform.md
	sh bench/bench-platform

bench-pdk: build ## the plugin kit against Kong's PDKs for Go and Python: docs/benchmarks/pdk.md
	sh bench/bench-pdk

bench-quota: toolchain ## the quota ledger and jan-quota: docs/benchmarks/quota.md
	$(MVN) verify -Dquick -pl conformance -am -Dgroups=bench -DexcludedGroups= -Dtest='QuotaBenchmarkIT' -Dsurefire.failIfNoSpecifiedTests=false

bench-rewrite: build ## what jan-rewrite computes for a request: docs/benchmarks/rewrite.md
	sh bench/bench-rewrite

bench-start: build ## start and memory of a plugin server: docs/benchmarks/plugin-server-start.md
	sh bench/bench-start

bench-auth: build ## what jan-auth costs of its own: docs/benchmarks/auth.md
	sh bench/bench-auth

bench-telemetry: build ## what spans and metrics cost llm-api-lite: docs/benchmarks/telemetry.md
	sh bench/bench-telemetry

bench-peers: build ## everything on, against LiteLLM, vllm-router and Portkey: docs/benchmarks/peers.md
	sh bench/bench-peers

bench-quick: build ## ratios of the main paths, in 3 minutes; fails if one is a quarter worse than bench/quick.json
	sh bench/bench-quick

bench-quick-baseline: build ## write bench/quick.json anew; the commit must say why
	sh bench/bench-quick baseline

bench-search: toolchain ## a question among 100,000 passages: docs/benchmarks/search.md
	$(MVN) -q verify -Dgroups=bench -DexcludedGroups= -pl mcp-tools -am
	@cat mcp-tools/target/bench-search.txt

check-examples: toolchain ## a copy of examples/ with the two Kong libraries alone, from a throwaway repository
	@sh config/check-examples $(MVN)

docs: toolchain ## write the pages that are made from the code: docs/api
	$(MVN) -q verify -Dquick -pl conformance -am -Dtest=ApiReferenceTest -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write

include compose/targets.mk

clean: toolchain ## remove what was built; keeps .jan, the data of `make run`
	$(MVN) -q clean

toolchain:
	@sh config/find-jdk > /dev/null
	@command -v mvn > /dev/null || { echo 'Maven is missing: install it (Debian: apt-get install maven, macOS: brew install maven).' >&2; exit 1; }
