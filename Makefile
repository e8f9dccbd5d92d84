# The front door. `make help` lists what it does.
SHELL := /bin/bash
.DEFAULT_GOAL := help
# $(1): the goal of Maven and what else to tell it; a JDK 25 is found by itself.
maven = export JAVA_HOME="$$(scripts/find-jdk)" && ./mvnw -B -ntp $(1)

help: ## what can be done here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: package ## serve the page on this machine and print a curl line with a working key
	@mkdir -p data
	@export JAVA_HOME="$$(scripts/find-jdk)" SAVED_STRING_STORE="$${SAVED_STRING_STORE:-embedded}" && \
	  exec "$$JAVA_HOME/bin/java" @src/main/jvm.options -jar target/saved-string.jar

test: ## every test that this machine can run
	@scripts/test

prove: ## the long proofs: faults, a booted image, simulated AWS
	@scripts/prove

package: ## build target/saved-string.jar and target/lib
	@$(call maven,-q -DskipTests package)

format: ## format the sources as the build demands
	@$(call maven,-q spotless:apply)

clean: ## remove what was built
	@rm -rf target

.PHONY: help run test prove package format clean
