# Jan Server. `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/sh

# A JDK 25: $JAVA_HOME if it is one, else the first found where JDKs are usually installed.
export JAVA_HOME := $(shell sh config/find-jdk)
MVN := mvn -B

.PHONY: help run stop build test soak check format check-deploy conformance clean jdk

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

jdk:
	@sh config/find-jdk > /dev/null
	@command -v mvn > /dev/null || { echo 'Maven is missing: install it (Debian: apt-get install maven, macOS: brew install maven)' >&2; exit 1; }
