# What people run; CI runs the same.
SHELL := /bin/bash

.PHONY: demo test test-slow bench

demo: ## A banking chat through the gateway, three columns; ONCE=1 ends by itself
	@tests/setup.sh
	@cargo build --quiet --package tidegate --package acceptance
	@target/debug/demo $(if $(ONCE),--once)

test: ## Every check; the last line counts them
	@tests/run.sh

test-slow: ## The same with the ignored tests, and the leak benchmark over 12 seeds and all 3-part splits
	@tests/run.sh slow

bench: ## Measurements, in a table that goes to benches/README.md; four minutes
	@tests/setup.sh
	@cargo build --release --quiet --package tidegate --package acceptance --package benches
	@target/release/bench all
