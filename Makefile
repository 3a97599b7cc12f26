.PHONY: check docs format bench lock

check: ## everything CI runs
	.ci/run

format: ## put the code into the house's form
	./run.sh ruff format .
	./run.sh ruff check --fix .

docs: ## the documentation as a site in build/docs; once its tools are there, without a network
	./run.sh python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r docs/requirements.lock
	./run.sh python -m sphinx -W --keep-going -q -d build/doctrees docs build/docs

bench: ## speeds side by side on one core, written to benchmarks/results
	./run.sh python -m benchmarks

LOCK = --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --upgrade --quiet
lock: ## resolve requirements.lock again, and that of the site with the same versions (needs uv)
	uv pip compile pyproject.toml --extra study --group dev $(LOCK) -o requirements.lock
	uv pip compile --group docs --constraints requirements.lock $(LOCK) -o docs/requirements.lock
