# The front door. `make help` lists what it does; variables are given as in `make deploy IMAGE=ami-… ENV=staging`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
rollout = python3 -m rollout

help: ## what can be done here
	@awk -F ':.*## ' '/^## / { printf "\n%s\n", substr($$0, 4) } /^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' \
	  $(firstword $(MAKEFILE_LIST))

## On this machine
run: package ## serve the page and print a curl line with a working key
	@export JAVA_HOME="$$(scripts/find-jdk)" SAVED_STRING_STORE="$${SAVED_STRING_STORE:-embedded}" && \
	  if [ -f data/api-keys ]; then export SAVED_STRING_KEYS_FILE="$${SAVED_STRING_KEYS_FILE:-data/api-keys}"; fi && \
	  exec "$$JAVA_HOME/bin/java" @src/main/jvm.options -jar target/saved-string.jar

cell: package ## a small production: Valkey with two replicas, three instances, a load balancer
	@scripts/need valkey-server valkey-tools haproxy
	@scripts/test-main org.savedstring.machine.CellMain

test: ## every test that this machine can run, and the proofs on a cell in short
	@scripts/test

test-busy: ## the same three times in a row while every core is kept busy
	@scripts/test-busy

prove: ## the long proofs: faults, load, bare machines, a booted image, simulated AWS
	@scripts/prove

bench: package ## measure the service against its peers, and keep the results; BENCH=--quick only shows them
	@bench/run $(or $(BENCH),--write)

package: ## build target/saved-string.jar, target/lib and the bill of materials, target/bom.json
	@rm -rf target/lib  # of other versions
	@scripts/maven -q -DskipTests package

release: package ## build the archive that runs with a JRE: target/release
	@release/build

format: ## format the sources as the build demands
	@scripts/maven -q spotless:apply

screenshots: ## take the pictures in docs/screenshots again
	@scripts/need chromium chromium-driver fonts-inter fonts-noto-core
	@scripts/test-main org.savedstring.browser.ScreenshotsMain docs/screenshots

docs: ## make docs/solution.pdf
	@docs/build

clean: ## remove what was built
	@rm -rf target

## On AWS: docs/operations.md is the runbook
doctor: ## look whether tools, account and permissions have all that is needed; changes nothing
	@$(rollout) doctor

bootstrap: ## make what the rest needs: the state's bucket, the builder's role, the policies of people
	@$(rollout) bootstrap

certificate: ## import a self-signed certificate, for a demonstration without a domain
	@$(rollout) certificate

image: package ## bake the machine image and print its id
	@$(rollout) image

retire-images: ## remove images beyond the newest ten that are older than a month and that nothing runs
	@$(rollout) retire-images

deploy: ## IMAGE=ami-…: show the plan, apply it, wait for the instances, test the page
	@$(rollout) deploy

wait: ## go on waiting for a rollout that was interrupted
	@$(rollout) wait

rollback: ## deploy the image before this one
	@$(rollout) rollback

status: ## what runs, whether it is well, and what it can go back to
	@$(rollout) status

logs: ## the instances' logs
	@$(rollout) logs

shell: ## a shell on an instance, through Session Manager
	@$(rollout) shell

api-key: ## NAME=… [SCOPE=write|read] [EXPIRES=2027-01-31]: make an API key and print it once; with ENV=… for that deployment
	@$(rollout) api-key

revoke-key: ## NAME=…: make an API key stop working
	@$(rollout) revoke-key

list-keys: ## the API keys: name, what each is for, until when
	@$(rollout) list-keys

destroy: ## ENV=…: remove a deployment, its string and its history
	@$(rollout) destroy

.PHONY: help run cell test test-busy prove bench package release format screenshots docs clean doctor bootstrap certificate \
  image retire-images deploy wait rollback status logs shell api-key revoke-key list-keys destroy
