.PHONY: check format bench lock

check: ## everything CI runs
	.ci/run

format: ## put the code into the house's form
	./run.sh ruff format .
	./run.sh ruff check --fix .

bench: ## speeds side by side on one core, written to benchmarks/results
	./run.sh python -m benchmarks

lock: ## resolve requirements.lock again (needs uv)
	uv pip compile pyproject.toml --extra study --group dev --universal --python-version 3.11 --generate-hashes \
	    --no-header --no-annotate --no-emit-index-url --no-emit-find-links --upgrade --quiet -o requirements.lock
