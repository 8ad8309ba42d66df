# Every command that this repository has. Each sets up what it needs.

# Processor of the functions that `make build` and `make deploy` make: arm64 or x86_64.
ARCHITECTURE ?= arm64
TARGET := $(subst arm64,aarch64,$(ARCHITECTURE))-unknown-linux-gnu
PYTHON ?= python3
NODE ?= node

# One build serves demo, run, invoke and test: a smaller selection of crates would compile the SDK again, with other features.
BUILD := cargo build --workspace --bins --examples
BUILT := $(or $(CARGO_TARGET_DIR),target)/debug

# What of user-migration is built only where it is wanted, since it brings clients that most do without.
SOURCES := user-migration/ldap,user-migration/mysql,user-migration/postgres
SERVERS := $(SOURCES),tests/servers

# The Python tools, which find one another by the path.
TOOLS := PATH="$(CURDIR)/.venv/bin:$$PATH" SAM_CLI_TELEMETRY=0

.DEFAULT_GOAL := help
.PHONY: help demo run invoke explain test test-servers lint bench build deploy clean need-rust need-target need-node need-python

help: ## List the commands
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo

##@ See it work (needs Rust and a C compiler)

demo: need-rust ## Play sign-up, confirmation and sign-in against a fresh stand-in
	$(BUILD)
	@$(BUILT)/examples/demo

run: need-rust ## Keep the same stack up at http://127.0.0.1:9229; OPTIONS="--port 9000 --data-dir data" adds options
	$(BUILD)
	@$(BUILT)/local-cognito $(OPTIONS)

invoke: need-rust ## Send one event to one function: FUNCTION=pre-sign-up EVENT=events/pre-sign-up/PreSignUp_SignUp.json
	@if [ -z "$(FUNCTION)" ] || [ -z "$(EVENT)" ]; then \
		echo "usage: make invoke FUNCTION=pre-sign-up EVENT=events/pre-sign-up/PreSignUp_SignUp.json" >&2; exit 2; \
	fi
	$(BUILD)
	@$(BUILT)/local-cognito invoke "$(FUNCTION)" "$(EVENT)"

explain: need-rust ## Say what one function makes of one event, and why: FUNCTION=… EVENT=…, as for invoke
	@if [ -z "$(FUNCTION)" ] || [ -z "$(EVENT)" ]; then \
		echo "usage: make explain FUNCTION=pre-sign-up EVENT=events/pre-sign-up/PreSignUp_SignUp.json" >&2; exit 2; \
	fi
	$(BUILD)
	@$(BUILT)/local-cognito explain "$(FUNCTION)" "$(EVENT)" $(OPTIONS)

##@ Check it

test: need-rust need-node need-python node_modules/.installed .venv/.installed ## Run every test (needs Node 20 and Python 3.11 or newer besides)
	$(BUILD)
	$(NODE) --test tests/js/*.test.mjs
	.venv/bin/python -m unittest discover --start-directory tests/python
	.venv/bin/python -m unittest discover --start-directory examples/identity-broker
	cargo test --workspace

test-servers: need-rust ## Try directories and databases as sources of user-migration (needs slapd, PostgreSQL and MariaDB besides)
	$(BUILD) --features $(SOURCES)
	cargo test --workspace --features $(SOURCES) --test sources
	cargo test --workspace --features $(SERVERS) --test journeys user_migration_servers

lint: need-rust need-python .venv/.installed ## Check format, lints, docs and the template (needs Python 3.11 or newer besides)
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo clippy --workspace --all-targets --features $(SERVERS) -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items
	$(TOOLS) sam validate --lint --region us-east-1
	$(TOOLS) cfn-lint template.yaml

bench: need-rust ## Measure what ships, and fail where a bound does not hold; writes target/bench.json; PARTS="broker import" measures these alone
	$(BUILD)
	cargo build --release --workspace --bins --example item-in-memory --features $(SOURCES)
	cp $(dir $(BUILT))release/user-migration $(dir $(BUILT))release/user-migration-with-every-source
	@# Not by `cargo bench`, which selects less and so compiles the SDK once more, for another kind of link-time optimization.
	bench=$$(cargo build --release --workspace --bins --example item-in-memory --bench bench --message-format json-render-diagnostics \
		| sed -n 's|.*"executable":"\([^"]*/bench-[^"]*\)".*|\1|p') && "$$bench" $(PARTS)

##@ Ship it (needs Python 3.11 or newer besides)

build: need-rust need-target need-python .venv/.installed ## Build what is deployed, into .aws-sam; ARCHITECTURE=x86_64 for the other processor
	$(TOOLS) sam build --parameter-overrides Architecture=$(ARCHITECTURE)

deploy: build ## Deploy to the AWS account that you are signed in to; asks for every parameter
	$(TOOLS) sam deploy --guided --parameter-overrides Architecture=$(ARCHITECTURE)

##@ Tidy up

clean: ## Remove everything that was built or installed here
	rm -rf target .aws-sam .venv node_modules

need-rust:
	@command -v cargo >/dev/null || { echo "Rust 1.94.1 or newer is needed (cargo): https://rustup.rs" >&2; exit 1; }
	@command -v cc >/dev/null || { echo "A C compiler is needed (cc): for example gcc or clang" >&2; exit 1; }

need-target:
	@test -d "$$(rustc --print target-libdir --target $(TARGET))" \
		|| { echo "The Rust target $(TARGET) is needed: rustup target add $(TARGET)" >&2; exit 1; }

need-node:
	@$(NODE) -e 'process.exitCode = parseInt(process.versions.node) < 20 ? 1 : 0' 2>/dev/null \
		|| { echo "Node 20 or newer is needed; NODE=… names another than node" >&2; exit 1; }
	@command -v npm >/dev/null || { echo "npm is needed, which comes with Node 20 or newer" >&2; exit 1; }

need-python:
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "Python 3.11 or newer with venv is needed (Debian: python3-venv); PYTHON=… names another than python3" >&2; exit 1; }

node_modules/.installed: package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

.venv/.installed: requirements-dev.txt
	@test -x .venv/bin/python || $(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --disable-pip-version-check -r requirements-dev.txt
	@touch $@
